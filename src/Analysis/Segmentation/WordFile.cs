using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Opinion.Analysis.Segmentation;

/// <summary>
/// The form of the prebuilt dictionary <c>words.bin</c>, which the build makes of <c>words.txt</c> and <c>hmm.tsv</c>
/// and the program loads. After the <see cref="WordFileHeader"/> come, in the byte order of the machine:
/// <list type="number">
/// <item>four doubles for every character code, the log probabilities that the states B, E, M, S emit it;</item>
/// <item>the nodes, 8 bytes each (<see cref="Node"/>);</item>
/// <item>the different frequencies of words, 4 bytes each, the first of them 0;</item>
/// <item>the character of every code, 2 bytes each.</item>
/// </list>
/// The nodes are a double array (Aoe 1989): the child of a node by a code lies at the node's base plus the code, and
/// holds that code. No two nodes have the same base, so that comparing the code alone tells a child from a stranger.
/// The root has base 0; the places below the number of codes are kept for its children.
/// </summary>
internal static class WordFile
{
    public const string Name = "words.bin";

    /// <summary>The first eight bytes, "OPNWORDS" read as a little-endian number.</summary>
    public const ulong Magic = 0x5344524F574E504F;

    /// <summary>Grows by one whenever the form changes.</summary>
    public const int Version = 1;

    /// <summary>The code of whatever cannot stand inside a block of words; no node holds it.</summary>
    public const int OutsideCode = 0;

    /// <summary>What a place without node holds instead of a code.</summary>
    public const ulong Free = 0xFFFF;

    /// <summary>Codes are smaller than this, so that none equals <see cref="Free"/>.</summary>
    public const int MostCodes = 0xFFFF;

    public const int MostBase = (1 << 24) - 1;

    /// <summary>A frequency's place in the table has 22 bits.</summary>
    public const int MostFrequencies = 1 << 22;

    /// <summary>States of the model in alphabetical order, which is the order that breaks ties.</summary>
    public const string States = "BEMS";

    /// <summary>The value that stands for "never"; so large that adding any other value leaves it as it is.</summary>
    public const double Never = -3.14e100;

    /// <summary>The unified Han characters of jieba's own range.</summary>
    public const char FirstHan = '\u4E00';

    /// <summary>The last of jieba's range; U+9FD6 and above are signs to it.</summary>
    public const char LastHan = '\u9FD5';

    /// <summary>Whether words are made of this character: Han, ASCII letters and digits and a few signs.</summary>
    public static bool IsInBlock(char c) => IsHan(c) || char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '&' or '.' or '_' or '%' or '-';

    public static bool IsHan(char c) => c is >= FirstHan and <= LastHan;

    /// <summary>A node: the code that leads to it in bits 0-15, its base in 16-39 (0 without children), the place of its frequency in 40-61, its kind in 62-63.</summary>
    public static ulong Node(int code, int childBase, int frequency, WordKind kind) =>
        (uint)code | ((ulong)(uint)childBase << 16) | ((ulong)(uint)frequency << 40) | ((ulong)kind << 62);

    public static int CodeOf(ulong node) => (ushort)node;

    public static int BaseOf(ulong node) => (int)(node >> 16) & MostBase;

    public static int FrequencyOf(ulong node) => (int)(node >> 40) & (MostFrequencies - 1);

    public static WordKind KindOf(ulong node) => (WordKind)(node >> 62);

    /// <summary>What a tag of jieba's says: those that begin with nr stand at names of persons, with ns at names of places.</summary>
    public static WordKind KindOfTag(ReadOnlySpan<char> tag) =>
        tag.StartsWith("nr", StringComparison.Ordinal) ? WordKind.Person : tag.StartsWith("ns", StringComparison.Ordinal) ? WordKind.Place : WordKind.Other;

    /// <summary>Continues a CRC-32C over the bytes, eight at a time by the machine's own instruction where it has one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Checksum(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, word);
        for (int i = bytes.Length & ~7; i < bytes.Length; i++) crc = BitOperations.Crc32C(crc, bytes[i]);
        return crc;
    }
}

/// <summary>What a word list says about a word, as far as anybody needs to know.</summary>
internal enum WordKind : byte
{
    Other,
    Person,
    Place,

    /// <summary>A user dictionary gave the word the frequency 0: the model's finding it is undone.</summary>
    Apart,
}

/// <summary>The head of <see cref="WordFile"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct WordFileHeader
{
    public ulong Magic;
    public int Version;

    /// <summary>CRC-32C of everything after this field.</summary>
    public uint Checksum;
    public long Length;
    public int Codes;
    public int Nodes;
    public int Frequencies;
    public int Words;
    public long Total;

    /// <summary>SHA-256, in small hexadecimal digits, of the word list and of the model that the file was made of.</summary>
    public Sha256Digits WordsSource;
    public Sha256Digits ModelSource;
    public StateValues Start;
    public StatePairs Transitions;

    /// <summary>The bytes of the header before what the checksum covers.</summary>
    public const int Unchecked = 16;

    /// <summary>How long a file with these counts is.</summary>
    public readonly long ExpectedLength => Unsafe.SizeOf<WordFileHeader>() + (Codes * 34L) + (Nodes * 8L) + (Frequencies * 4L);
}

[InlineArray(64)]
internal struct Sha256Digits
{
    private char _first;
}

[InlineArray(4)]
internal struct StateValues
{
    private double _first;
}

/// <summary>Transitions, four to every state they come from.</summary>
[InlineArray(16)]
internal struct StatePairs
{
    private double _first;
}
