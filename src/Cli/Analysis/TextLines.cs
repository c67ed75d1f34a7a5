using System.Text;

namespace Opinion.Cli.Analysis;

/// <summary>Lines of standard input, split at U+000A alone: a carriage return or U+2028 belongs to its line.</summary>
internal static class TextLines
{
    /// <summary>Reads lines as strict UTF-8. A last line without line end is a line; an empty input has none.</summary>
    /// <exception cref="UsageException">The input cannot be read, or a line is not valid UTF-8; names the line and the byte in it, both counted from 1.</exception>
    internal static IEnumerable<string> Read(Stream stream)
    {
        var buffer = new byte[1 << 16];
        int start = 0;
        int searched = 0;
        int filled = 0;
        int number = 0;
        while (true)
        {
            int end = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                yield return Decode(buffer.AsSpan(start, searched + end - start), ++number);
                start = searched += end + 1;
                continue;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                filled -= start;
                start = 0;
            }

            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            // Only the new bytes can hold the line end that is missing.
            searched = filled;
            int read = CommandStreams.Read(stream, buffer.AsSpan(filled));
            if (read == 0) break;
            filled += read;
        }

        if (filled > 0) yield return Decode(buffer.AsSpan(0, filled), ++number);
    }

    private static string Decode(ReadOnlySpan<byte> line, int number)
    {
        try
        {
            return CommandStreams.Utf8.GetString(line);
        }
        catch (DecoderFallbackException e)
        {
            // Index may lie before the stretch where a sequence began in it; the first byte counts as 1.
            throw new UsageException($"standard input, line {number}, byte {Math.Max(0, e.Index) + 1}: not valid UTF-8");
        }
    }
}
