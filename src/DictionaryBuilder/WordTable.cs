using System.Globalization;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;

namespace Opinion.DictionaryBuilder;

/// <summary>
/// Words with their frequencies, as in jieba's <c>dict.txt</c>: lines of <c>word frequency tag</c> separated by
/// single spaces. Immutable and thread-safe.
/// </summary>
internal sealed class WordTable
{
    private readonly Dictionary<string, WordEntry> _words;

    private WordTable(Dictionary<string, WordEntry> words, long total)
    {
        _words = words;
        Total = total;
    }

    /// <summary>Every word once.</summary>
    public IReadOnlyDictionary<string, WordEntry> Words => _words;

    /// <summary>The sum of all frequencies. A word listed twice counts twice here, as in jieba.</summary>
    public long Total { get; }

    /// <summary>Reads and validates a word list.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line is not <c>word frequency tag</c>; names file, line and reason.</exception>
    public static WordTable Load(Stream stream, string name = "words.txt")
    {
        ReadOnlySpan<char> text = DictionaryText.Read(stream, name);
        // A line of jieba's list has about fourteen characters.
        var words = new Dictionary<string, WordEntry>(text.Length / 13, StringComparer.Ordinal);
        long total = 0;
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
            // A word listed twice keeps the later frequency, as in jieba.
            words[word.ToString()] = new WordEntry(frequency, WordFile.KindOfTag(rest[(afterFrequency + 1)..]));
        }

        return new WordTable(words, total);
    }
}

/// <summary>How often a word was counted, and its kind.</summary>
internal readonly record struct WordEntry(int Frequency, WordKind Kind);
