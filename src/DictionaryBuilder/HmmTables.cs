using System.Globalization;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;

namespace Opinion.DictionaryBuilder;

/// <summary>
/// Log probabilities of a hidden Markov model over the place of a character in a word: B begins, M middle, E end,
/// S alone. Read from lines of <c>table, from, to, log_probability</c> (see <c>dictionaries/make-hmm.py</c>).
/// Immutable and thread-safe.
/// </summary>
internal sealed class HmmTables
{
    private readonly double[] _start;
    private readonly double[,] _transition;
    private readonly double[][] _emission;

    private HmmTables(double[] start, double[,] transition, double[][] emission)
    {
        _start = start;
        _transition = transition;
        _emission = emission;
    }

    /// <summary>Reads and validates the tables.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static HmmTables Load(Stream stream, string name = "hmm.tsv")
    {
        var start = new double[WordFile.States.Length];
        Array.Fill(start, double.NaN);
        var transition = new double[WordFile.States.Length, WordFile.States.Length];
        var emission = new double[WordFile.States.Length][];
        for (int s = 0; s < WordFile.States.Length; s++)
        {
            for (int t = 0; t < WordFile.States.Length; t++) transition[s, t] = WordFile.Never;
            emission[s] = new double[WordFile.LastHan - WordFile.FirstHan + 1];
            Array.Fill(emission[s], WordFile.Never);
        }

        var emitted = new int[WordFile.States.Length];
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "table", "from", "to", "log_probability"))
        {
            if (!double.TryParse(fields[3], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !(value <= 0) || double.IsInfinity(value))
            {
                throw new DictionaryException(name, line, $"\"{fields[3]}\" is not a log probability");
            }

            int from = State(fields[1], name, line);
            switch (fields[0])
            {
                case "start" when fields[2].Length == 0:
                    start[from] = value;
                    break;
                case "trans":
                    transition[from, State(fields[2], name, line)] = value;
                    break;
                case "emit" when fields[2].Length == 1:
                    char c = fields[2][0];
                    emitted[from]++;
                    if (WordFile.IsHan(c)) emission[from][c - WordFile.FirstHan] = value;
                    break;
                default:
                    throw new DictionaryException(name, line, "not a start, trans or emit line");
            }
        }

        for (int s = 0; s < WordFile.States.Length; s++)
        {
            if (double.IsNaN(start[s])) throw new DictionaryException(name, 0, $"no start probability for {WordFile.States[s]}");
            if (emitted[s] == 0) throw new DictionaryException(name, 0, $"no characters for {WordFile.States[s]}");
        }

        return new HmmTables(start, transition, emission);
    }

    public double Start(int state) => _start[state];

    public double Transition(int from, int to) => _transition[from, to];

    public double Emission(int state, char c) => WordFile.IsHan(c) ? _emission[state][c - WordFile.FirstHan] : WordFile.Never;

    private static int State(string field, string name, int line)
    {
        int state = field.Length == 1 ? WordFile.States.IndexOf(field[0], StringComparison.Ordinal) : -1;
        return state >= 0 ? state : throw new DictionaryException(name, line, $"\"{field}\" is not one of B, E, M, S");
    }
}
