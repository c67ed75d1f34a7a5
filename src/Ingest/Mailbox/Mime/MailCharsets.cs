using System.Text;

namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>
/// Bytes of a mail as text. Labels are taken as mail programs mean them: GB2312 and GBK as the larger GB18030, ISO-8859-1 as
/// windows-1252 (WHATWG Encoding). Where a label is missing, unknown or plainly wrong, UTF-8 is tried, then GB18030.
/// </summary>
internal static class MailCharsets
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private static readonly Encoding StrictGb18030 = Get("gb18030", DecoderFallback.ExceptionFallback)!;
    private static readonly Encoding Western = Get("windows-1252", DecoderFallback.ReplacementFallback)!;

    /// <summary>Decodes bytes by the label they came with; null where there was none.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes, string? label)
    {
        if (bytes.StartsWith("\uFEFF"u8)) return Encoding.UTF8.GetString(bytes[3..]);
        if (label is null || NameOf(label) is not { } name) return Guess(bytes);
        if (Try(bytes, Get(name, DecoderFallback.ExceptionFallback)) is { } exact) return exact;
        // The label is wrong, or some bytes are: a whole text of another charset says so itself, a few bad bytes do not.
        if (Get(name, DecoderFallback.ReplacementFallback) is not { } encoding) return Guess(bytes);
        if (Try(bytes, StrictUtf8) is { } utf8) return utf8;
        var loose = encoding.GetString(bytes);
        return loose.AsSpan().Count('\uFFFD') > loose.Length / 20 ? Guess(bytes) : loose;
    }

    /// <summary>Decodes bytes that nobody labelled.</summary>
    public static string Guess(ReadOnlySpan<byte> bytes) => Try(bytes, StrictUtf8) ?? Try(bytes, StrictGb18030) ?? Western.GetString(bytes);

    /// <summary>A text as a letter may hold it: lines end in U+000A, no other control characters, no lone surrogates.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                if (i + 1 >= text.Length || text[i + 1] != '\n') clean.Append('\n');
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                clean.Append(c).Append(text[++i]);
            }
            else if (char.IsSurrogate(c))
            {
                clean.Append('\uFFFD');
            }
            else if (c is '\n' or '\t' || !char.IsControl(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    private static string? NameOf(string label)
    {
        var name = label.Trim().Trim('"', '\'').ToLowerInvariant();
        return name switch
        {
            "" or "us-ascii" or "ascii" or "ansi_x3.4-1968" or "unknown-8bit" or "default" or "x-unknown" => null,
            "utf8" or "utf-8" or "unicode-1-1-utf-8" => "utf-8",
            "gb2312" or "gbk" or "x-gbk" or "cp936" or "ms936" or "gb_2312-80" or "chinese" or "euc-cn" or "csgb2312" or "gb18030" => "gb18030",
            "big5" or "big5-hkscs" or "big5-eten" or "cn-big5" or "x-x-big5" or "csbig5" or "cp950" => "big5",
            "iso-8859-1" or "iso8859-1" or "iso_8859-1" or "latin1" or "latin-1" or "cp1252" => "windows-1252",
            _ => name.StartsWith("iso8859-", StringComparison.Ordinal) ? "iso-8859-" + name[8..] : name.StartsWith("cp125", StringComparison.Ordinal) ? "windows-" + name[2..] : name,
        };
    }

    private static string? Try(ReadOnlySpan<byte> bytes, Encoding? strict)
    {
        if (strict is null) return null;
        try
        {
            return strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Encoding? Get(string name, DecoderFallback fallback)
    {
        if (name == "utf-8") return fallback is DecoderExceptionFallback ? StrictUtf8 : Encoding.UTF8;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ReplacementFallback, fallback)
                // UTF-16 and the few others that the runtime has itself; UTF-7 is none of them.
                ?? (name.Length < 40 && name.All(char.IsAscii) && !name.Contains("utf-7", StringComparison.Ordinal) ? Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, fallback) : null);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
