using Opinion.DictionaryBuilder;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>Words and their prefixes in a dictionary, as jieba keeps them, with its <c>add_word</c>.</summary>
internal sealed class SimpleWords
{
    private readonly Dictionary<string, int> _frequencies;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public SimpleWords(WordTable table)
    {
        _frequencies = new(table.Words.Count * 3 / 2, StringComparer.Ordinal);
        _lookup = _frequencies.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string word, WordEntry entry) in table.Words) Set(word, entry.Frequency);
        Total = table.Total;
    }

    public long Total { get; private set; }

    /// <summary>Words that were given the frequency 0.</summary>
    public HashSet<string> Apart { get; } = new(StringComparer.Ordinal);

    public int Frequency(ReadOnlySpan<char> word) => _lookup.TryGetValue(word, out int frequency) ? frequency : 0;

    public bool TryGetPrefix(ReadOnlySpan<char> prefix, out int frequency) => _lookup.TryGetValue(prefix, out frequency);

    public void Add(string word, int frequency)
    {
        Set(word, frequency);
        Total += frequency;
        if (frequency == 0) Apart.Add(word);
    }

    private void Set(string word, int frequency)
    {
        _frequencies[word] = frequency;
        for (int length = word.Length - 1; length > 0; length--) _lookup.TryAdd(word.AsSpan(0, length), 0);
    }
}
