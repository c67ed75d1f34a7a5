using System.Runtime.InteropServices;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;

namespace Opinion.DictionaryBuilder;

/// <summary>Writes what <see cref="WordFile"/> describes.</summary>
internal static class WordFileWriter
{
    /// <summary>Makes the file's bytes.</summary>
    /// <param name="words">The words.</param>
    /// <param name="model">The tables for what the words do not cover.</param>
    /// <param name="wordsSource">SHA-256, in small hexadecimal digits, of the file the words were read from.</param>
    /// <param name="modelSource">SHA-256 of the file the tables were read from.</param>
    /// <exception cref="DictionaryException">There is more of something than the form has room for.</exception>
    public static byte[] Write(WordTable words, HmmTables model, string wordsSource, string modelSource)
    {
        char[] characters = Characters(words);
        var codes = new char[char.MaxValue + 1];
        for (int code = 0; code < characters.Length; code++) codes[characters[code]] = (char)code;
        int[] frequencies = [0, .. words.Words.Values.Select(entry => entry.Frequency).Distinct().Order()];
        Dictionary<int, int> places = frequencies.Select((frequency, place) => (frequency, place)).ToDictionary();
        ulong[] nodes = TrieBuilder.Build(
            words.Words.Select(word => (string.Create(word.Key.Length, word.Key, Encode), places[word.Value.Frequency], word.Value.Kind)), characters.Length);
        void Encode(Span<char> encoded, string word)
        {
            for (int i = 0; i < word.Length; i++) encoded[i] = codes[word[i]];
        }

        if (nodes.Length > WordFile.MostBase || frequencies.Length > WordFile.MostFrequencies || characters.Length > WordFile.MostCodes)
        {
            throw new DictionaryException(WordFile.Name, 0, "more words than the form has room for");
        }

        var header = new WordFileHeader
        {
            Magic = WordFile.Magic,
            Version = WordFile.Version,
            Codes = characters.Length,
            Nodes = nodes.Length,
            Frequencies = frequencies.Length,
            Words = words.Words.Count,
            Total = words.Total,
        };
        wordsSource.CopyTo(header.WordsSource);
        modelSource.CopyTo(header.ModelSource);
        var emissions = new double[characters.Length * WordFile.States.Length];
        for (int state = 0; state < WordFile.States.Length; state++)
        {
            header.Start[state] = model.Start(state);
            for (int to = 0; to < WordFile.States.Length; to++) header.Transitions[(state * WordFile.States.Length) + to] = model.Transition(state, to);
            for (int code = 0; code < characters.Length; code++) emissions[(code * WordFile.States.Length) + state] = model.Emission(state, characters[code]);
        }

        header.Length = header.ExpectedLength;
        byte[] file =
        [
            .. Bytes<WordFileHeader>([header]), .. Bytes<double>(emissions), .. Bytes<ulong>(nodes), .. Bytes<int>(frequencies), .. Bytes<char>(characters),
        ];
        header.Checksum = WordFile.Checksum(0, file.AsSpan(WordFileHeader.Unchecked));
        MemoryMarshal.Write(file, header);
        return file;
    }

    /// <summary>
    /// The character of every code. Whatever can stand in a block of words has one, and whatever else stands in a word;
    /// those in most words come first, so that the children of a node lie close together.
    /// </summary>
    private static char[] Characters(WordTable words)
    {
        var counts = new int[char.MaxValue + 1];
        for (int c = 0; c < counts.Length; c++) counts[c] = WordFile.IsInBlock((char)c) ? 1 : 0;
        foreach (string word in words.Words.Keys)
        {
            foreach (char c in word) counts[c]++;
        }

        // Code 0 is what stands outside; as a character it is U+0000, which no word holds.
        return [(char)WordFile.OutsideCode, .. Enumerable.Range(1, char.MaxValue).Where(c => counts[c] > 0).OrderByDescending(c => counts[c]).Select(c => (char)c)];
    }

    private static ReadOnlySpan<byte> Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values);
}
