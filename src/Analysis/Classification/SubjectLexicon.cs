using System.Globalization;
using System.Runtime.InteropServices;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// Sorts by subject with a list of words, for an office that has no trained model yet. The weights of the words
/// found are summed per subject, a word found n times counting 1 + ln n times; the softmax of the sums is the
/// confidence. A text without any listed word gets the same low probability for every subject, so that a person
/// sorts it. Immutable and thread-safe.
/// </summary>
public sealed class SubjectLexicon
{
    private readonly string[] _subjects;
    private readonly Dictionary<string, (int Subject, double Weight)[]> _words;
    private readonly PhraseFinder _finder;

    private SubjectLexicon(string[] subjects, Dictionary<string, (int Subject, double Weight)[]> words)
    {
        _subjects = subjects;
        _words = words;
        _finder = new PhraseFinder(words.Keys);
    }

    /// <summary>The subject codes in ordinal order.</summary>
    public IReadOnlyList<string> Subjects => _subjects;

    /// <summary>Reads and validates a lexicon: a header <c>word, subject, weight</c>, tab-separated, weight above 0 and at most 100.</summary>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static SubjectLexicon Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Load(stream, path);
    }

    /// <summary>Reads and validates a lexicon.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static SubjectLexicon Load(Stream stream, string name = "subject-lexicon.tsv")
    {
        var rows = new List<(string Word, string Subject, double Weight)>();
        var seen = new HashSet<(string, string)>();
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "word", "subject", "weight"))
        {
            string word = PhraseFinder.Form(fields[0]);
            if (word.Length == 0) throw new DictionaryException(name, line, "the word is empty");
            if (fields[1].Length == 0) throw new DictionaryException(name, line, "the subject is empty");
            if (!double.TryParse(fields[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight) || !(weight is > 0 and <= 100))
            {
                throw new DictionaryException(name, line, $"\"{fields[2]}\" is not a weight above 0 and at most 100");
            }

            if (!seen.Add((word, fields[1]))) throw new DictionaryException(name, line, $"\"{fields[0]}\" stands twice for {fields[1]}");
            rows.Add((word, fields[1], weight));
        }

        if (rows.Count == 0) throw new DictionaryException(name, 0, "no words");
        string[] subjects = [.. rows.Select(row => row.Subject).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var words = rows.GroupBy(row => row.Word, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => group.Select(row => (Array.BinarySearch(subjects, row.Subject, StringComparer.Ordinal), row.Weight)).ToArray(),
            StringComparer.Ordinal);
        return new SubjectLexicon(subjects, words);
    }

    /// <summary>Sorts one text; the result is that of <see cref="TextSorter.Classify"/>.</summary>
    public SortResult Classify(string text)
    {
        Dictionary<string, (int Count, TextRange First)> found = Count(text);
        double[] probabilities = Probabilities(found);
        int best = Array.IndexOf(probabilities, probabilities.Max());
        LabelProbability[] ranked = [.. probabilities.Select((p, i) => new LabelProbability(_subjects[i], p)).OrderByDescending(p => p.Probability)];
        SortReason[] reasons = [.. found
            .Select(word => new SortReason(word.Value.First.Of(text), word.Value.First, Weight(word.Key, best) * Repeated(word.Value.Count)))
            .Where(reason => reason.Weight > 0)
            .OrderByDescending(reason => reason.Weight).ThenBy(reason => reason.Range.Start)];
        return new SortResult(_subjects[best], probabilities[best], ranked, reasons);
    }

    /// <summary>The probability of every subject, in the order of <see cref="Subjects"/>, to be summed over a tree of subjects.</summary>
    public double[] Probabilities(string text) => Probabilities(Count(text));

    private static double Repeated(int count) => 1 + Math.Log(count);

    private double Weight(string word, int subject) =>
        _words[word].Where(entry => entry.Subject == subject).Sum(entry => entry.Weight);

    private Dictionary<string, (int Count, TextRange First)> Count(string text)
    {
        var found = new Dictionary<string, (int Count, TextRange First)>(StringComparer.Ordinal);
        foreach ((string phrase, TextRange range) in _finder.Find(text))
        {
            ref (int Count, TextRange First) entry = ref CollectionsMarshal.GetValueRefOrAddDefault(found, phrase, out bool known);
            entry = (entry.Count + 1, known ? entry.First : range);
        }

        return found;
    }

    private double[] Probabilities(Dictionary<string, (int Count, TextRange First)> found)
    {
        var scores = new double[_subjects.Length];
        foreach ((string word, (int count, _)) in found)
        {
            foreach ((int subject, double weight) in _words[word]) scores[subject] += weight * Repeated(count);
        }

        return Calibration.Probabilities(scores, 1);
    }
}
