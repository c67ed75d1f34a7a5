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
    private readonly Dictionary<string, Entry> _frequencies;
    private readonly Dictionary<string, Entry>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private WordList(Dictionary<string, Entry> frequencies, int count, long total)
    {
        _frequencies = frequencies;
        _lookup = _frequencies.GetAlternateLookup<ReadOnlySpan<char>>();
        Count = count;
        Total = total;
    }

    /// <summary>What the tag of a word says about it, as far as anybody needs to know.</summary>
    private enum Kind : byte
    {
        Other,
        Person,
        Place,
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
        var frequencies = new Dictionary<string, Entry>(text.Length / 5, StringComparer.Ordinal);
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
            if (lookup.TryGetValue(word, out Entry known) && known.Frequency > 0) count--;
            count++;
            // A word listed twice keeps the later frequency, as in jieba.
            lookup[word] = new Entry(frequency, KindOf(rest[(afterFrequency + 1)..]));
            for (int length = word.Length - 1; length > 0; length--)
            {
                // A known prefix brought its own prefixes along.
                if (!lookup.TryAdd(word[..length], default)) break;
            }
        }

        return new WordList(frequencies, count, total);
    }

    /// <summary>The frequency of a word; 0 for one that is no word by itself.</summary>
    public int Frequency(ReadOnlySpan<char> word) => _lookup.TryGetValue(word, out Entry entry) ? entry.Frequency : 0;

    /// <summary>Whether the list gives the word as a person's name (tags that begin with <c>nr</c>).</summary>
    public bool IsPersonName(ReadOnlySpan<char> word) => _lookup.TryGetValue(word, out Entry entry) && entry.Kind == Kind.Person;

    /// <summary>Whether the list gives the word as the name of a place (tags that begin with <c>ns</c>).</summary>
    public bool IsPlaceName(ReadOnlySpan<char> word) => _lookup.TryGetValue(word, out Entry entry) && entry.Kind == Kind.Place;

    /// <summary>Whether some word begins with <paramref name="prefix"/>; if so its own frequency, which may be 0.</summary>
    internal bool TryGetPrefix(ReadOnlySpan<char> prefix, out int frequency)
    {
        bool known = _lookup.TryGetValue(prefix, out Entry entry);
        frequency = entry.Frequency;
        return known;
    }

    private static Kind KindOf(ReadOnlySpan<char> tag) =>
        tag.StartsWith("nr", StringComparison.Ordinal) ? Kind.Person : tag.StartsWith("ns", StringComparison.Ordinal) ? Kind.Place : Kind.Other;

    private readonly record struct Entry(int Frequency, Kind Kind);
}
