using System.Globalization;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Similarity;

namespace Opinion.Analysis.Redaction;

/// <summary>
/// How likely a character is at each place of a person's name: family name, first and second character of the given
/// name. Immutable and thread-safe.
/// </summary>
public sealed class NameTable
{
    private readonly float[] _family = new float[char.MaxValue + 1];
    private readonly float[] _first = new float[char.MaxValue + 1];
    private readonly float[] _second = new float[char.MaxValue + 1];

    private NameTable()
    {
    }

    /// <summary>Reads and validates the table: a header <c>character, family, first, second</c>, tab-separated; whole numbers from 0.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="folding">The form in which characters are looked up.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static NameTable Load(Stream stream, ChineseFolding folding, string name = "name-characters.tsv")
    {
        var table = new NameTable();
        float[][] columns = [table._family, table._first, table._second];
        var seen = new HashSet<char>();
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "character", "family", "first", "second"))
        {
            if (fields[0].Length != 1) throw new DictionaryException(name, line, $"\"{fields[0]}\" is not one character");
            if (!seen.Add(fields[0][0])) throw new DictionaryException(name, line, $"\"{fields[0]}\" stands twice");
            for (int column = 0; column < 3; column++)
            {
                if (!int.TryParse(fields[column + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int count))
                {
                    throw new DictionaryException(name, line, $"\"{fields[column + 1]}\" is not a whole number");
                }

                columns[column][folding.Fold(fields[0][0])] += count;
            }
        }

        if (seen.Count == 0) throw new DictionaryException(name, 0, "no characters");
        foreach (float[] column in columns) ToLogarithms(column);
        return table;
    }

    /// <summary>Natural logarithm of the share of a family name of one character.</summary>
    internal float Family(char c) => _family[c];

    /// <summary>The same of a family name of two characters; they are rare, and all alike here.</summary>
    internal static float CompoundFamily => -7f;

    /// <summary>Natural logarithm of the share of a given name of one or two characters.</summary>
    internal float Given(ReadOnlySpan<char> given)
    {
        // One given character in four names; 某 stands for what the writer left out.
        if (given.Length == 1) return given[0] == '某' ? -3f : -1.4f + _second[given[0]];
        if (given[0] == '某' || given[1] == '某') return given is "某某" ? -3f : -4f + Math.Max(_second[given[0]], _second[given[1]]);
        return -0.3f + _first[given[0]] + _second[given[1]];
    }

    /// <summary>Whether a character has been seen in given names at all.</summary>
    internal bool IsUsual(char c) => _first[c] > -10.5f || _second[c] > -10.5f;

    // Add 0.3 to every count (Lidstone), so that a character never seen is unlikely and not impossible.
    private static void ToLogarithms(float[] counts)
    {
        const float Added = 0.3f;
        double total = 0;
        foreach (float count in counts) total += count;
        total += Added * 6000;
        for (int i = 0; i < counts.Length; i++) counts[i] = (float)Math.Log((counts[i] + Added) / total);
    }
}
