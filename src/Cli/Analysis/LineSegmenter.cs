using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;

namespace Opinion.Cli.Analysis;

/// <summary>
/// Cuts a stream of lines, split at U+000A alone, many lines at a time: the segmenter gives a line end as a token of its
/// own, or with the carriage return before it, so lines need no splitting. Nothing is allocated for a line or a token.
/// </summary>
internal sealed class LineSegmenter(Segmenter segmenter, byte[] separator, bool search, bool hmm)
{
    private const int BufferSize = 1 << 16;

    private readonly List<TextRange> _tokens = [];
    private byte[] _input = new byte[BufferSize];
    private char[] _text = [];
    private byte[] _output = [];
    private long _lines;
    private bool _lineStarts = true;

    /// <summary>Reads <paramref name="input"/> to its end. A last line without line end gets one.</summary>
    /// <exception cref="UsageException">The input cannot be read, or a line is not valid UTF-8; names the line, counted from 1. What comes before may have been written.</exception>
    internal void Run(Stream input, Stream output)
    {
        int filled = 0;
        while (true)
        {
            if (filled == _input.Length) Array.Resize(ref _input, _input.Length * 2);
            int read = CommandStreams.Read(input, _input.AsSpan(filled));
            if (read == 0) break;
            filled += read;
            int whole = WholePart(_input.AsSpan(0, filled), filled - read);
            if (whole == 0) continue;
            Write(_input.AsSpan(0, whole), output);
            _input.AsSpan(whole, filled - whole).CopyTo(_input);
            filled -= whole;
        }

        if (filled > 0) Write(_input.AsSpan(0, filled), output);
        if (!_lineStarts) output.WriteByte((byte)'\n');
        output.Flush();
    }

    /// <summary>How much of the input can be cut by itself: whole lines, or so much of a line longer than the buffer that it ends with a sign no word can hold.</summary>
    private static int WholePart(ReadOnlySpan<byte> bytes, int seen)
    {
        // Only the new bytes can hold a line end.
        int lineEnd = bytes[seen..].LastIndexOf((byte)'\n');
        if (lineEnd >= 0) return seen + lineEnd + 1;
        if (bytes.Length < BufferSize) return 0;
        // A comma or full stop of ASCII or of the width of Chinese characters (U+3000 to U+3FFF, U+F000 to U+FFFF) parts words.
        for (int at = bytes.Length - 3; at >= seen - 2 && at >= 0; at--)
        {
            if (bytes[at] is (byte)' ' or (byte)',' or (byte)';' or (byte)'!' or (byte)'?') return at + 1;
            if (bytes[at] is 0xE3 or 0xEF) return at + 3;
        }

        return 0;
    }

    private void Write(ReadOnlySpan<byte> bytes, Stream output)
    {
        // A text has at most as many UTF-16 units as it has bytes.
        if (_text.Length < bytes.Length) _text = new char[bytes.Length];
        if (Utf8.ToUtf16(bytes, _text, out int read, out int length, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw new UsageException($"standard input, line {_lines + bytes[..read].Count((byte)'\n') + 1}: not valid UTF-8");
        }

        _lines += bytes.Count((byte)'\n');
        ReadOnlySpan<char> text = _text.AsSpan(0, length);
        _tokens.Clear();
        if (search) segmenter.CutForSearch(text, _tokens, hmm);
        else segmenter.Cut(text, _tokens, hmm);
        WriteTokens(text, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteTokens(ReadOnlySpan<char> text, Stream output)
    {
        int at = 0;
        foreach (TextRange token in CollectionsMarshal.AsSpan(_tokens))
        {
            int most = separator.Length + (3 * token.Length);
            if (_output.Length - at < most)
            {
                output.Write(_output, 0, at);
                at = 0;
                if (_output.Length < most) _output = new byte[Math.Max(most, BufferSize)];
            }

            // A line end may have its carriage return with it.
            bool ends = text[token.End - 1] == '\n';
            if (!_lineStarts && !(ends && token.Length == 1))
            {
                separator.CopyTo(_output, at);
                at += separator.Length;
            }

            at += Encode(text[token.Start..token.End], _output.AsSpan(at));
            _lineStarts = ends;
        }

        output.Write(_output, 0, at);
    }

    /// <summary>Writes valid UTF-16 as UTF-8; for the one to four characters of a token this is several times faster than a call of the general method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Encode(ReadOnlySpan<char> token, Span<byte> bytes)
    {
        int at = 0;
        for (int i = 0; i < token.Length; i++)
        {
            int c = token[i];
            if (c < 0x80)
            {
                bytes[at++] = (byte)c;
            }
            else if (c < 0x800)
            {
                bytes[at++] = (byte)(0xC0 | (c >> 6));
                bytes[at++] = (byte)(0x80 | (c & 0x3F));
            }
            else if (!char.IsSurrogate((char)c))
            {
                bytes[at] = (byte)(0xE0 | (c >> 12));
                bytes[at + 1] = (byte)(0x80 | ((c >> 6) & 0x3F));
                bytes[at + 2] = (byte)(0x80 | (c & 0x3F));
                at += 3;
            }
            else
            {
                c = char.ConvertToUtf32((char)c, token[++i]);
                bytes[at++] = (byte)(0xF0 | (c >> 18));
                bytes[at++] = (byte)(0x80 | ((c >> 12) & 0x3F));
                bytes[at++] = (byte)(0x80 | ((c >> 6) & 0x3F));
                bytes[at++] = (byte)(0x80 | (c & 0x3F));
            }
        }

        return at;
    }
}
