using System.Runtime.CompilerServices;
using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Segmentation;

/// <summary>
/// The words of the prebuilt dictionary with their frequencies, and the tables of the model for what they do not cover.
/// Words of a user dictionary may be added when it is loaded.
/// Immutable and thread-safe.
/// </summary>
public sealed class WordList
{
    private readonly CharacterCodes _codes;
    private readonly ulong[] _nodes;
    private readonly int[] _frequencies;

    // User words with characters that no word of the prebuilt list has; no block of words can hold them.
    private readonly Dictionary<string, UserWord>? _strangers;

    internal WordList(WordFileReader file, UserWordEditor? edited)
    {
        _codes = file.Codes;
        _nodes = edited?.Nodes ?? file.Nodes;
        _frequencies = edited?.Frequencies ?? file.Frequencies;
        _strangers = edited?.Strangers;
        Count = edited?.Count ?? file.Count;
        Total = edited?.Total ?? file.Total;
        HasWordsApart = edited?.HasWordsApart ?? false;
        Hmm = file.Hmm;
        LogFrequencies = LogsOf(_frequencies, Total);
    }

    /// <summary>The number of different words.</summary>
    public int Count { get; }

    /// <summary>The sum of all frequencies. A word listed twice, or listed and in a user dictionary, counts twice here, as in jieba.</summary>
    public long Total { get; }

    /// <summary>The tables for runs of characters that make no word.</summary>
    internal HmmModel Hmm { get; }

    /// <summary>Whether a user dictionary undoes words that the model may find.</summary>
    internal bool HasWordsApart { get; }

    /// <summary>The logarithm of every different frequency's share in <see cref="Total"/>; no number at place 0, which means no word.</summary>
    internal double[] LogFrequencies { get; }

    internal ReadOnlySpan<ulong> Nodes => _nodes;

    internal ReadOnlySpan<ushort> BlockCodes => _codes.Block;

    /// <summary>Loads a prebuilt dictionary.</summary>
    /// <param name="path">A file made by the build, <c>words.bin</c>.</param>
    /// <param name="userWords">Words to add, in the order of their lines; see <see cref="UserWords"/>.</param>
    /// <exception cref="DictionaryException">The file is missing, damaged, cut off or of another format; names file and reason.</exception>
    public static WordList Load(string path, UserWords? userWords = null) => Load(path, userWords, (_, _, _) => { });

    /// <summary>Loads as the other and has the files it was made of checked, by the names of this file and of each and its checksum.</summary>
    internal static WordList Load(string path, UserWords? userWords, Action<string, string, string> checkSource)
    {
        WordFileReader file = WordFileReader.Read(path);
        checkSource(path, "words.txt", file.WordsSource);
        checkSource(path, "hmm.tsv", file.ModelSource);
        return new WordList(file, userWords is { Words.Count: > 0 } ? new UserWordEditor(file, userWords) : null);
    }

    /// <summary>The frequency of a word; 0 for one that is no word by itself.</summary>
    public int Frequency(ReadOnlySpan<char> word)
    {
        (int frequency, _) = Find(word);
        return frequency;
    }

    /// <summary>Whether the list gives the word as a person's name (tags that begin with <c>nr</c>).</summary>
    public bool IsPersonName(ReadOnlySpan<char> word) => Find(word).Kind == WordKind.Person;

    /// <summary>Whether the list gives the word as the name of a place (tags that begin with <c>ns</c>).</summary>
    public bool IsPlaceName(ReadOnlySpan<char> word) => Find(word).Kind == WordKind.Place;

    /// <summary>Whether a user dictionary keeps these characters from being a word.</summary>
    internal bool IsApart(ReadOnlySpan<char> word) => Find(word).Kind == WordKind.Apart;

    private (int Frequency, WordKind Kind) Find(ReadOnlySpan<char> word)
    {
        int childBase = 0;
        ulong node = WordFile.Free;
        for (int i = 0; i < word.Length; i++)
        {
            int code = _codes.Of(word[i]);
            if (code == WordFile.OutsideCode) return Stranger(word);
            if (i > 0 && childBase == 0) return default;
            node = _nodes[childBase + code];
            if (WordFile.CodeOf(node) != code) return default;
            childBase = WordFile.BaseOf(node);
        }

        return node == WordFile.Free ? default : (_frequencies[WordFile.FrequencyOf(node)], WordFile.KindOf(node));
    }

    private (int Frequency, WordKind Kind) Stranger(ReadOnlySpan<char> word) =>
        _strangers is not null && _strangers.TryGetValue(word.ToString(), out UserWord? found) ? (found.Frequency, found.Kind ?? WordKind.Other) : default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] LogsOf(int[] frequencies, long total)
    {
        var logs = new double[frequencies.Length];
        double logTotal = Math.Log(total);
        logs[0] = double.NaN;
        for (int i = 1; i < logs.Length; i++) logs[i] = Math.Log(frequencies[i]) - logTotal;
        return logs;
    }
}
