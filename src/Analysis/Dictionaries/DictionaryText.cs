using System.Text;

namespace Opinion.Analysis.Dictionaries;

/// <summary>Strict reading of the small text forms that dictionaries come in.</summary>
internal static class DictionaryText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a whole stream as UTF-8; a byte order mark, invalid UTF-8 or an empty file is an error.</summary>
    public static string Read(Stream stream, string file)
    {
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        ReadOnlySpan<byte> bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        if (bytes.IsEmpty) throw new DictionaryException(file, 0, "the file is empty");
        if (bytes.StartsWith("\uFEFF"u8)) throw new DictionaryException(file, 1, "the file begins with a byte order mark");
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            // Lines before the broken byte are whole, so counting their ends in the bytes gives the line.
            int line = 1 + bytes[..Math.Min(bytes.Length, Math.Max(0, e.Index))].Count((byte)'\n');
            throw new DictionaryException(file, line, "not valid UTF-8");
        }
    }

    /// <summary>Rows of a tab-separated file with the given header; empty lines and lines that begin with # are passed over.</summary>
    /// <returns>Line number from 1 and exactly as many fields as the header has.</returns>
    public static IEnumerable<(int Line, string[] Fields)> Rows(string text, string file, params string[] header)
    {
        bool headerSeen = false;
        int line = 0;
        foreach (string raw in text.Split('\n'))
        {
            line++;
            if (raw.Length == 0 || raw[0] == '#') continue;
            if (raw[^1] == '\r') throw new DictionaryException(file, line, "line ends with a carriage return");
            string[] fields = raw.Split('\t');
            if (!headerSeen)
            {
                if (!fields.AsSpan().SequenceEqual(header))
                {
                    throw new DictionaryException(file, line, $"the header is not \"{string.Join("<TAB>", header)}\"");
                }

                headerSeen = true;
                continue;
            }

            if (fields.Length != header.Length)
            {
                throw new DictionaryException(file, line, $"{fields.Length} fields where {header.Length} are needed");
            }

            yield return (line, fields);
        }

        if (!headerSeen) throw new DictionaryException(file, 0, "no header line");
    }
}
