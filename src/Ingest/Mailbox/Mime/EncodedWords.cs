using System.Text;

namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>
/// Words of header fields in other charsets (RFC 2047, with the language of RFC 2231). Words in a row in one charset are put
/// together before they are decoded: many programs cut a character in two between them.
/// </summary>
internal static class EncodedWords
{
    private const int LongestCharset = 60;
    private const int LongestWord = 4_000;

    /// <summary>Decodes all encoded words of a text; everything else stays as it is.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal)) return text;
        var decoded = new StringBuilder(text.Length);
        var held = new List<byte>();
        string? charset = null;
        var at = 0;
        while (at < text.Length)
        {
            var begin = text.IndexOf("=?", at, StringComparison.Ordinal);
            if (begin < 0) begin = text.Length;
            var word = begin < text.Length ? Read(text, begin) : null;
            // Plain text up to here; blanks alone between two encoded words are none.
            var end = word is null ? Math.Min(text.Length, begin + 2) : begin;
            var between = text.AsSpan(at, end - at);
            if (charset is null || word is null || !between.IsWhiteSpace())
            {
                Flush(decoded, held, charset);
                charset = null;
                decoded.Append(between);
            }

            at = end;
            if (word is not { } found) continue;
            if (charset is not null && !string.Equals(charset, found.Charset, StringComparison.OrdinalIgnoreCase)) Flush(decoded, held, charset);
            charset = found.Charset;
            held.AddRange(found.Bytes);
            at = found.End;
        }

        Flush(decoded, held, charset);
        return decoded.ToString();
    }

    private static void Flush(StringBuilder decoded, List<byte> held, string? charset)
    {
        if (held.Count > 0) decoded.Append(MailCharsets.Decode(held.ToArray(), charset));
        held.Clear();
    }

    private static Word? Read(string text, int begin)
    {
        var at = begin + 2;
        var mark = text.AsSpan(at, Math.Min(LongestCharset, text.Length - at)).IndexOf('?');
        if (mark <= 0 || at + mark + 2 >= text.Length || text[at + mark + 2] != '?') return null;
        var charset = text.AsSpan(at, mark);
        if (charset.ContainsAny(' ', '\t')) return null;
        if (charset.IndexOf('*') is >= 0 and var language) charset = charset[..language];
        var encoding = text[at + mark + 1];
        at += mark + 3;
        // Looked for from the first character of the payload on, so that a Q word that begins with "=" does not end there.
        var length = text.AsSpan(at, Math.Min(LongestWord, text.Length - at)).IndexOf("?=", StringComparison.Ordinal);
        if (length < 0) return null;
        var payload = Encoding.UTF8.GetBytes(text.Substring(at, length));
        return encoding switch
        {
            'B' or 'b' => new Word(charset.ToString(), TransferEncodings.Base64(payload), at + length + 2),
            'Q' or 'q' => new Word(charset.ToString(), TransferEncodings.QuotedPrintable(payload, underscore: true), at + length + 2),
            _ => null,
        };
    }

    private sealed record Word(string Charset, byte[] Bytes, int End);
}
