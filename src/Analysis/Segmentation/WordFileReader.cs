using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Segmentation;

/// <summary>Reads <see cref="WordFile"/> straight into the arrays that the program works on, and checks it.</summary>
internal sealed class WordFileReader
{
    private WordFileReader(WordFileHeader header, double[] emissions, ulong[] nodes, int[] frequencies, char[] characters)
    {
        Nodes = nodes;
        Frequencies = frequencies;
        Count = header.Words;
        Total = header.Total;
        Codes = new CharacterCodes(characters);
        Hmm = new HmmModel(header.Start, header.Transitions, emissions);
        WordsSource = new string(header.WordsSource);
        ModelSource = new string(header.ModelSource);
    }

    public CharacterCodes Codes { get; }

    public ulong[] Nodes { get; }

    public int[] Frequencies { get; }

    public int Count { get; }

    public long Total { get; }

    public HmmModel Hmm { get; }

    /// <summary>SHA-256, in small hexadecimal digits, of the word list that the file was made of.</summary>
    public string WordsSource { get; }

    /// <summary>SHA-256 of the tables that the file was made of.</summary>
    public string ModelSource { get; }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="DictionaryException">The file is missing, damaged, cut off or of another format.</exception>
    public static WordFileReader Read(string path)
    {
        if (!File.Exists(path)) throw new DictionaryException(path, 0, "the file is missing; the build makes it of words.txt and hmm.tsv");
        using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        long length = RandomAccess.GetLength(file);
        WordFileHeader header = default;
        Span<byte> head = MemoryMarshal.AsBytes(new Span<WordFileHeader>(ref header));
        long at = ReadWhole(file, path, head[..(int)Math.Min(length, head.Length)], 0);
        if (header.Magic != WordFile.Magic) throw new DictionaryException(path, 0, length == 0 ? "the file is empty" : "not a prebuilt dictionary");
        if (length >= WordFileHeader.Unchecked && header.Version != WordFile.Version)
        {
            throw new DictionaryException(path, 0, $"format {header.Version} where {WordFile.Version} is needed; build the program again");
        }

        if (length < head.Length) throw new DictionaryException(path, 0, $"cut off after {length} bytes");
        if (length != header.Length) throw new DictionaryException(path, 0, $"{length} bytes long where {header.Length} are needed");
        if (header.Codes < 1 || header.Nodes < 1 || header.Frequencies < 1 || header.ExpectedLength != length)
        {
            throw new DictionaryException(path, 0, "damaged: its counts do not fit its length");
        }

        uint checksum = WordFile.Checksum(0, head[WordFileHeader.Unchecked..]);
        double[] emissions = GC.AllocateUninitializedArray<double>(header.Codes * WordFile.States.Length);
        ulong[] nodes = GC.AllocateUninitializedArray<ulong>(header.Nodes);
        var frequencies = new int[header.Frequencies];
        var characters = new char[header.Codes];
        ReadPart(file, path, MemoryMarshal.AsBytes(emissions.AsSpan()), ref at, ref checksum);
        ReadPart(file, path, MemoryMarshal.AsBytes(nodes.AsSpan()), ref at, ref checksum);
        ReadPart(file, path, MemoryMarshal.AsBytes(frequencies.AsSpan()), ref at, ref checksum);
        ReadPart(file, path, MemoryMarshal.AsBytes(characters.AsSpan()), ref at, ref checksum);
        if (checksum != header.Checksum)
        {
            throw new DictionaryException(path, 0, $"damaged: the CRC-32C checksum is {checksum:x8}, not {header.Checksum:x8}");
        }

        return new WordFileReader(header, emissions, nodes, frequencies, characters);
    }

    private static void ReadPart(SafeFileHandle file, string path, Span<byte> bytes, ref long at, ref uint checksum)
    {
        at = ReadWhole(file, path, bytes, at);
        checksum = WordFile.Checksum(checksum, bytes);
    }

    private static long ReadWhole(SafeFileHandle file, string path, Span<byte> bytes, long at)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(file, bytes, at);
            if (read == 0) throw new DictionaryException(path, 0, $"cut off after {at} bytes");
            bytes = bytes[read..];
            at += read;
        }

        return at;
    }
}
