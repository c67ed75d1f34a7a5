using System.Text;
using System.Text.RegularExpressions;

namespace Opinion.Ingest.OwnSite;

/// <summary>A page's bytes as text.</summary>
/// <param name="Text">The text.</param>
/// <param name="Charset">The encoding it was read in.</param>
/// <param name="Guessed">Whether nobody said so.</param>
/// <param name="Whole">Whether every byte was read; where not, U+FFFD stands for what was not.</param>
public sealed partial record PageText(string Text, string Charset, bool Guessed, bool Whole)
{
    private const int MetaBytes = 4096;

    // The commonest characters of Chinese prose, in both scripts.
    private static readonly System.Buffers.SearchValues<char> Common = System.Buffers.SearchValues.Create(
        "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作里裡用道行所然家种種事成方多经經么去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實，。、：；？！（）");

    // Old boards are GBK under any of its names, and GB18030 reads them all.
    private static readonly Dictionary<string, string> Labels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["utf-8"] = "utf-8",
        ["utf8"] = "utf-8",
        ["unicode-1-1-utf-8"] = "utf-8",
        ["gb2312"] = "gb18030",
        ["gbk"] = "gb18030",
        ["gb18030"] = "gb18030",
        ["x-gbk"] = "gb18030",
        ["gb_2312-80"] = "gb18030",
        ["chinese"] = "gb18030",
        ["csgb2312"] = "gb18030",
        ["cp936"] = "gb18030",
        ["hz-gb-2312"] = "gb18030",
        ["big5"] = "big5",
        ["big5-hkscs"] = "big5",
        ["x-x-big5"] = "big5",
        ["cn-big5"] = "big5",
        ["csbig5"] = "big5",
        ["iso-8859-1"] = "windows-1252",
        ["latin1"] = "windows-1252",
        ["us-ascii"] = "windows-1252",
        ["ascii"] = "windows-1252",
        ["windows-1252"] = "windows-1252",
        ["utf-16"] = "utf-16le",
        ["utf-16le"] = "utf-16le",
        ["utf-16be"] = "utf-16be",
    };

    /// <summary>Reads a page. A mark at its beginning counts first, then the header, then what the page says of itself, each where all bytes fit; else it is guessed.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="contentType">The <c>Content-Type</c> header; null where there was none.</param>
    public static PageText Read(byte[] content, string? contentType)
    {
        if (content.AsSpan().StartsWith("\uFEFF"u8)) return Strict(content.AsSpan(3), "utf-8", false) ?? Lenient(content.AsSpan(3), "utf-8", false);
        if (content is [0xFF, 0xFE, ..]) return Strict(content.AsSpan(2), "utf-16le", false) ?? Lenient(content.AsSpan(2), "utf-16le", false);
        if (content is [0xFE, 0xFF, ..]) return Strict(content.AsSpan(2), "utf-16be", false) ?? Lenient(content.AsSpan(2), "utf-16be", false);
        var header = LabelIn(contentType);
        var meta = LabelIn(Encoding.Latin1.GetString(content.AsSpan(0, Math.Min(content.Length, MetaBytes))));
        // A page that can be read up to this declaration is no UTF-16, whatever it says.
        if (meta is "utf-16le" or "utf-16be") meta = "utf-8";
        foreach (var declared in new[] { header, meta })
        {
            if (declared is not null && Strict(content, declared, false) is { } text) return text;
        }

        if (Strict(content, "utf-8", true) is { } utf8) return utf8;
        var gb = Strict(content, "gb18030", true);
        var big5 = Strict(content, "big5", true);
        if (gb is not null && (big5 is null || Score(gb.Text) >= Score(big5.Text))) return gb;
        return big5 ?? Lenient(content, header ?? meta ?? "utf-8", header is null && meta is null);
    }

    private static string? LabelIn(string? text)
    {
        if (text is null) return null;
        foreach (var match in Declared().EnumerateMatches(text))
        {
            var label = text.AsSpan(match.Index, match.Length);
            label = label[(label.IndexOf('=') + 1)..].Trim([' ', '\t', '"', '\'', '\r', '\n']);
            if (Labels.TryGetValue(label.ToString(), out var known)) return known;
        }

        return null;
    }

    private static PageText? Strict(ReadOnlySpan<byte> content, string charset, bool guessed)
    {
        try
        {
            return new PageText(EncodingOf(charset, DecoderFallback.ExceptionFallback).GetString(content), charset, guessed, true);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static PageText Lenient(ReadOnlySpan<byte> content, string charset, bool guessed) =>
        new(EncodingOf(charset, new DecoderReplacementFallback("\uFFFD")).GetString(content), charset, guessed, false);

    private static Encoding EncodingOf(string charset, DecoderFallback fallback) => charset switch
    {
        "utf-8" => Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, fallback),
        "utf-16le" => Encoding.GetEncoding("utf-16", EncoderFallback.ReplacementFallback, fallback),
        "utf-16be" => Encoding.GetEncoding("utf-16BE", EncoderFallback.ReplacementFallback, fallback),
        _ => CodePagesEncodingProvider.Instance.GetEncoding(charset, EncoderFallback.ReplacementFallback, fallback)!,
    };

    // Both encodings give characters for nearly all bytes; in the wrong one they are rare ones. The commonest
    // tell which; a private or unassigned character speaks against.
    private static int Score(string text)
    {
        var score = 0;
        foreach (var c in text)
        {
            if (Common.Contains(c)) score += 4;
            else if (c is >= '\uE000' and <= '\uF8FF' || (c > '\u007F' && char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.OtherNotAssigned)) score -= 8;
            else if (c is >= '\uFF65' and <= '\uFF9F' or >= '\u0400' and <= '\u04FF' or >= '\u2500' and <= '\u257F') score -= 1;
        }

        return score;
    }

    [GeneratedRegex("charset\\s*=\\s*[\"']?\\s*[A-Za-z0-9_:.-]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Declared();
}
