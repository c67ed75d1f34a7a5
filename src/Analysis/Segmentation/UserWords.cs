using System.Globalization;
using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Segmentation;

/// <summary>
/// The words of a user dictionary, such as the office's own <c>office.txt</c>: lines of <c>word frequency</c>, or
/// <c>word frequency tag</c>, separated by spaces or tabs. Empty lines and lines that begin with <c>#</c> and a space are passed over;
/// a byte order mark and carriage returns at line ends, as editors leave them, do no harm. The effect is that of
/// jieba's <c>load_userdict</c>: a word that is known already takes the new frequency, every frequency adds to the total,
/// and the frequency 0 keeps the characters from being one word. Immutable and thread-safe.
/// </summary>
public sealed class UserWords
{
    /// <summary>No longer word is taken.</summary>
    public const int LongestWord = 100;

    private static readonly char[] Blanks = [' ', '\t'];

    private UserWords(List<UserWord> words) => Words = words;

    internal IReadOnlyList<UserWord> Words { get; }

    /// <summary>The number of lines with a word.</summary>
    public int Count => Words.Count;

    /// <summary>Reads and validates a user dictionary; an empty one is as good as none.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line is not as described; names file, line and reason.</exception>
    public static UserWords Load(Stream stream, string name = "office.txt")
    {
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        int start = buffer.GetBuffer().AsSpan(0, (int)buffer.Length).StartsWith("\uFEFF"u8) ? 3 : 0;
        var words = new List<UserWord>();
        if (buffer.Length == start) return new UserWords(words);
        buffer.Position = start;
        int line = 0;
        foreach (string row in DictionaryText.Read(buffer, name).Split('\n'))
        {
            line++;
            if (row.AsSpan().Trim().Length == 0 || row.StartsWith("# ", StringComparison.Ordinal) || row.AsSpan().TrimEnd() is "#") continue;
            words.Add(Read(row.TrimEnd('\r').Split(Blanks, StringSplitOptions.RemoveEmptyEntries), name, line));
        }

        return new UserWords(words);
    }

    private static UserWord Read(string[] fields, string name, int line)
    {
        if (fields.Length is not (2 or 3)) throw new DictionaryException(name, line, "not \"word frequency\" or \"word frequency tag\"");
        string word = fields[0];
        if (word.Length > LongestWord) throw new DictionaryException(name, line, $"a word of {word.Length} characters where {LongestWord} are the most");
        foreach (char c in word)
        {
            if (char.IsControl(c) || char.IsWhiteSpace(c)) throw new DictionaryException(name, line, "the word holds a control character or a blank");
        }

        if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int frequency))
        {
            throw new DictionaryException(name, line, $"frequency \"{fields[1]}\" is not a whole number from 0 to {int.MaxValue}");
        }

        if (fields.Length == 2) return new UserWord(word, frequency, null);
        if (fields[2].AsSpan().ContainsAnyExceptInRange('a', 'z')) throw new DictionaryException(name, line, $"tag \"{fields[2]}\" is not of the letters a to z");
        return new UserWord(word, frequency, WordFile.KindOfTag(fields[2]));
    }
}

/// <summary>A word of a user dictionary.</summary>
/// <param name="Word">The word.</param>
/// <param name="Frequency">How often it is to count; 0 to keep its characters apart.</param>
/// <param name="Kind">What its tag says; null without a tag.</param>
internal sealed record UserWord(string Word, int Frequency, WordKind? Kind);
