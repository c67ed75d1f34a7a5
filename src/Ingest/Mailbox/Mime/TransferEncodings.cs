using System.Buffers;

namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>Undoes the transfer encodings of RFC 2045, section 6, as leniently as mail programs do.</summary>
internal static class TransferEncodings
{
    /// <summary>The bytes of a body; whatever is neither base64 nor quoted-printable is taken as it is.</summary>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, string? encoding) => encoding?.Trim().ToLowerInvariant() switch
    {
        "base64" => Base64(body.Span),
        "quoted-printable" => QuotedPrintable(body.Span, underscore: false),
        _ => body,
    };

    /// <summary>Base64; characters that are none of its own are passed over, and what follows padding begins anew.</summary>
    public static byte[] Base64(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[(text.Length * 3 / 4) + 3];
        int held = 0, bits = 0, length = 0;
        foreach (var c in text)
        {
            var value = ValueOf(c);
            if (c == '=') (held, bits) = (0, 0);
            if (value < 0) continue;
            held = ((held << 6) | value) & 0xFFFFFF;
            bits += 6;
            if (bits < 8) continue;
            bits -= 8;
            bytes[length++] = (byte)(held >> bits);
        }

        return bytes[..length];
    }

    /// <summary>Quoted-printable, or the Q encoding of RFC 2047, where an underscore is a space. What is no escape stays as it is.</summary>
    public static byte[] QuotedPrintable(ReadOnlySpan<byte> text, bool underscore)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(text.Length, 1));
        var at = 0;
        while (at < text.Length)
        {
            var c = text[at];
            if (c == '=')
            {
                if (at + 2 < text.Length && HexOf(text[at + 1]) is >= 0 and var high && HexOf(text[at + 2]) is >= 0 and var low)
                {
                    Put(bytes, (byte)((high << 4) | low));
                    at += 3;
                    continue;
                }

                if (SoftBreak(text[(at + 1)..]) is > 0 and var skip)
                {
                    at += 1 + skip;
                    continue;
                }
            }

            Put(bytes, underscore && c == '_' ? (byte)' ' : c);
            at++;
        }

        return bytes.WrittenSpan.ToArray();
    }

    // The length of a line end that follows an escaping sign, with blanks that the way there added; a sign at the very end is one too.
    private static int SoftBreak(ReadOnlySpan<byte> rest)
    {
        var at = 0;
        while (at < rest.Length && at < 80 && rest[at] is (byte)' ' or (byte)'\t') at++;
        if (at < rest.Length && rest[at] == '\n') return at + 1;
        return at + 1 < rest.Length && rest[at] == '\r' && rest[at + 1] == '\n' ? at + 2 : 0;
    }

    private static void Put(ArrayBufferWriter<byte> bytes, byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }

    private static int HexOf(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        _ => -1,
    };

    private static int ValueOf(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => c - 'A',
        >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => -1,
    };
}
