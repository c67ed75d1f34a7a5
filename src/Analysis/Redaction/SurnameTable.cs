using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Similarity;

namespace Opinion.Analysis.Redaction;

/// <summary>Chinese family names. Immutable and thread-safe.</summary>
public sealed class SurnameTable
{
    private readonly Dictionary<char, bool> _single;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _compound;

    private SurnameTable(Dictionary<char, bool> single, HashSet<string> compound)
    {
        _single = single;
        _compound = compound.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Reads and validates the table: a header <c>surname, note</c>, tab-separated; note is single, ambiguous or compound.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="folding">The form in which names are looked up.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static SurnameTable Load(Stream stream, ChineseFolding folding, string name = "surnames.tsv")
    {
        var single = new Dictionary<char, bool>();
        var compound = new HashSet<string>(StringComparer.Ordinal);
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "surname", "note"))
        {
            string family = folding.Fold(fields[0]);
            bool added = (fields[1], family.Length) switch
            {
                ("single", 1) => single.TryAdd(family[0], false),
                ("ambiguous", 1) => single.TryAdd(family[0], true),
                ("compound", 2) => compound.Add(family),
                _ => throw new DictionaryException(name, line, $"\"{fields[0]}\" is not a family name of note \"{fields[1]}\""),
            };
            if (!added) throw new DictionaryException(name, line, $"\"{fields[0]}\" stands twice");
        }

        if (single.Count == 0) throw new DictionaryException(name, 0, "no family names");
        return new SurnameTable(single, compound);
    }

    /// <summary>Length of the family name that the text begins with, 0 when it begins with none.</summary>
    internal int LengthAt(ReadOnlySpan<char> text)
    {
        if (text.Length >= 2 && _compound.Contains(text[..2])) return 2;
        return text.Length >= 1 && _single.ContainsKey(text[0]) ? 1 : 0;
    }
}
