using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Similarity;

/// <summary>
/// Folds the forms of a Chinese character (Traditional, Taiwan, Hong Kong, Simplified) to one of them, so that a text and
/// its conversion read alike. Made for comparing, not for showing: 乾 and 幹 both become 干. Never changes the length of
/// a text; characters outside the Basic Multilingual Plane stay as they are. Immutable and thread-safe.
/// </summary>
public sealed class ChineseFolding
{
    private const string FileName = "chinese-folding.tsv";

    private readonly char[] _forms;

    private ChineseFolding(char[] forms) => _forms = forms;

    /// <summary>Loads the table that ships with the program, <c>chinese-folding.tsv</c>.</summary>
    /// <exception cref="DictionaryException">The file cannot be used.</exception>
    public static ChineseFolding Load(DictionaryFolder folder)
    {
        using Stream stream = folder.Read(FileName);
        return Load(stream, Path.Combine(folder.Path, FileName));
    }

    /// <summary>Reads and validates the table: a header <c>character, form</c>, tab-separated.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static ChineseFolding Load(Stream stream, string name = FileName)
    {
        var forms = new char[char.MaxValue + 1];
        var lines = new Dictionary<char, int>();
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "character", "form"))
        {
            if (fields[0].Length != 1 || fields[1].Length != 1) throw new DictionaryException(name, line, "a field is not one character of the Basic Multilingual Plane");
            char from = fields[0][0];
            if (from == fields[1][0]) throw new DictionaryException(name, line, $"\"{from}\" is its own form");
            if (!lines.TryAdd(from, line)) throw new DictionaryException(name, line, $"\"{from}\" stands twice");
            forms[from] = fields[1][0];
        }

        if (lines.Count == 0) throw new DictionaryException(name, 0, "no characters");
        foreach ((char from, int line) in lines)
        {
            if (lines.ContainsKey(forms[from])) throw new DictionaryException(name, line, $"the form \"{forms[from]}\" is folded itself");
        }

        for (int c = 0; c < forms.Length; c++)
        {
            if (forms[c] == '\0') forms[c] = (char)c;
        }

        return new ChineseFolding(forms);
    }

    /// <summary>The form that stands for a character; the character itself where it has no other.</summary>
    public char Fold(char c) => _forms[c];

    /// <summary>The text with every character in its form; as long as the text.</summary>
    public string Fold(string text) => string.Create(text.Length, (text, _forms), static (folded, state) =>
    {
        for (int i = 0; i < folded.Length; i++) folded[i] = state._forms[state.text[i]];
    });
}
