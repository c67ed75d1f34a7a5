using System.Globalization;
using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Segmentation;

/// <summary>
/// Words with their frequencies, as in jieba's <c>dict.txt</c>: lines of <c>word frequency tag</c> separated by
/// single spaces. Every prefix of a word is known too, with frequency 0, so that a search for words at a place
/// ends as soon as nothing can follow. Immutable and thread-safe.
/// </summary>
public sealed class WordList
{
    private readonly Dictionary<string, int> _frequencies;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private WordList(Dictionary<string, int> frequencies, int count, long total)
    {
        _frequencies = frequencies;
        _lookup = _frequencies.GetAlternateLookup<ReadOnlySpan<char>>();
        Count = count;
        Total = total;
    }

    /// <summary>The number of different words.</summary>
    public int Count { get; }

    /// <summary>The sum of all frequencies. A word listed twice counts twice here, as in jieba.</summary>
    public long Total { get; }

    /// <summary>Reads and validates a word list.</summary>
    /// <param name="path">A UTF-8 file.</param>
    /// <exception cref="DictionaryException">A line is not <c>word frequency tag</c>; names file, line and reason.</exception>
    public static WordList Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Load(stream, path);
    }

    /// <summary>Reads and validates a word list.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line is not <c>word frequency tag</c>; names file, line and reason.</exception>
    public static WordList Load(Stream stream, string name = "words.txt")
    {
        ReadOnlySpan<char> text = DictionaryText.Read(stream, name);
        // 349,046 words of jieba make 498,113 entries with their prefixes; a line has about seven characters.
        var frequencies = new Dictionary<string, int>(text.Length / 5, StringComparer.Ordinal);
        var lookup = frequencies.GetAlternateLookup<ReadOnlySpan<char>>();
        long total = 0;
        int count = 0;
        int line = 0;
        while (!text.IsEmpty)
        {
            line++;
            int end = text.IndexOf('\n');
            ReadOnlySpan<char> row = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            int afterWord = row.IndexOf(' ');
            if (afterWord <= 0) throw new DictionaryException(name, line, "not \"word frequency tag\"");
            ReadOnlySpan<char> word = row[..afterWord];
            ReadOnlySpan<char> rest = row[(afterWord + 1)..];
            int afterFrequency = rest.IndexOf(' ');
            if (afterFrequency < 0 || afterFrequency == rest.Length - 1 || rest[(afterFrequency + 1)..].Contains(' '))
            {
                throw new DictionaryException(name, line, "not \"word frequency tag\"");
            }

            if (!int.TryParse(rest[..afterFrequency], NumberStyles.None, CultureInfo.InvariantCulture, out int frequency)
                || frequency == 0)
            {
                throw new DictionaryException(name, line, $"frequency \"{rest[..afterFrequency]}\" is not a positive whole number");
            }

            foreach (char c in word)
            {
                if (char.IsControl(c)) throw new DictionaryException(name, line, "the word holds a control character");
            }

            total += frequency;
            if (lookup.TryGetValue(word, out int known) && known > 0) count--;
            count++;
            // A word listed twice keeps the later frequency, as in jieba.
            lookup[word] = frequency;
            for (int length = word.Length - 1; length > 0; length--)
            {
                // A known prefix brought its own prefixes along.
                if (!lookup.TryAdd(word[..length], 0)) break;
            }
        }

        return new WordList(frequencies, count, total);
    }

    /// <summary>The frequency of a word; 0 for one that is no word by itself.</summary>
    public int Frequency(ReadOnlySpan<char> word) => _lookup.TryGetValue(word, out int frequency) ? frequency : 0;

    /// <summary>Whether some word begins with <paramref name="prefix"/>; if so its own frequency, which may be 0.</summary>
    internal bool TryGetPrefix(ReadOnlySpan<char> prefix, out int frequency) => _lookup.TryGetValue(prefix, out frequency);
}
