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
        Codes = characters.Length;
        Hmm = new HmmModel(header.Start, header.Transitions, emissions);
        WordsSource = Convert.ToHexStringLower(header.WordsSource);
        ModelSource = Convert.ToHexStringLower(header.ModelSource);
        for (int code = 1; code < characters.Length; code++)
        {
            char c = characters[code];
            if (WordFile.IsInBlock(c)) BlockCodes[c] = (ushort)code;
            else OtherCodes[c] = code;
        }
    }

    public ushort[] BlockCodes { get; } = new ushort[char.MaxValue + 1];

    public Dictionary<char, int> OtherCodes { get; } = [];

    public ulong[] Nodes { get; }

    public int[] Frequencies { get; }

    public int Codes { get; }

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
        double[] emissions = ReadArray<double>(file, path, header.Codes * WordFile.States.Length, ref at, ref checksum);
        ulong[] nodes = ReadArray<ulong>(file, path, header.Nodes, ref at, ref checksum);
        int[] frequencies = ReadArray<int>(file, path, header.Frequencies, ref at, ref checksum);
        char[] characters = ReadArray<char>(file, path, header.Codes, ref at, ref checksum);
        if (checksum != header.Checksum)
        {
            throw new DictionaryException(path, 0, $"damaged: the CRC-32C checksum is {checksum:x8}, not {header.Checksum:x8}");
        }

        return new WordFileReader(header, emissions, nodes, frequencies, characters);
    }

    private static T[] ReadArray<T>(SafeFileHandle file, string path, int count, ref long at, ref uint checksum)
        where T : unmanaged
    {
        T[] values = GC.AllocateUninitializedArray<T>(count);
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        at = ReadWhole(file, path, bytes, at);
        checksum = WordFile.Checksum(checksum, bytes);
        return values;
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
