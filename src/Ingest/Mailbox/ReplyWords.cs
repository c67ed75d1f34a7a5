using Opinion.Desk.Letters;

namespace Opinion.Ingest.Mailbox;

/// <summary>What of an answer by mail is new, and the receipt codes that stand in it.</summary>
internal static class ReplyWords
{
    /// <summary>What stands in the place of a receipt code.</summary>
    public const string Hidden = "［收据码 receipt code］";

    private const int MostCodes = 3;
    private static readonly string[] Origins = ["original message", "原始邮件", "原邮件", "回复的原邮件", "原始信件", "forwarded message", "转发邮件", "转发的邮件", "回复邮件"];
    private static readonly string[] Froms = ["from:", "发件人:", "寄件者:", "寄件人:"];
    private static readonly string[] Nexts = ["sent:", "date:", "to:", "subject:", "发送时间:", "发送日期:", "日期:", "时间:", "收件人:", "主题:", "寄件日期:", "收件者:", "主旨:", "cc:", "抄送:"];

    /// <summary>The words above what is quoted; all of them where nothing else would be left.</summary>
    public static string New(string text)
    {
        var lines = text.Split('\n');
        var end = 0;
        while (end < lines.Length && !BeginsQuote(lines, end)) end++;
        var kept = string.Join('\n', lines.Take(end).Where(line => !line.StartsWith('>'))).Trim();
        return kept.Length > 0 ? kept : text.Trim();
    }

    /// <summary>Whatever in a text has the form of a receipt code, as it stands there.</summary>
    public static IReadOnlyList<string> Codes(string text) => [.. ReceiptCode.FindIn(text).Take(MostCodes)];

    /// <summary>The text without receipt codes: they are the writer's alone, and an officer reads this.</summary>
    public static string WithoutCodes(string text) => ReceiptCode.HideIn(text, Hidden);

    private static bool BeginsQuote(string[] lines, int at)
    {
        var line = lines[at].Trim().Replace('：', ':').ToLowerInvariant();
        if (line.Length is 0 or > 400) return false;
        if (line[0] is '-' or '_' or '=' or '*')
        {
            var words = line.Trim('-', '_', '=', '*', ' ');
            if (words.Length == 0) return line[0] == '_' && line.Length >= 20;
            return Array.Exists(Origins, origin => words.StartsWith(origin, StringComparison.Ordinal));
        }

        if ((line.EndsWith("写道:", StringComparison.Ordinal) || line.EndsWith("寫道:", StringComparison.Ordinal) || line.EndsWith("wrote:", StringComparison.Ordinal)) && (line.Contains('@', StringComparison.Ordinal) || line.Any(char.IsAsciiDigit))) return true;
        // An attribution in two lines.
        if (line.StartsWith("on ", StringComparison.Ordinal) && at + 1 < lines.Length && lines[at + 1].Trim().EndsWith("wrote:", StringComparison.OrdinalIgnoreCase)) return true;
        return Array.Exists(Froms, from => line.StartsWith(from, StringComparison.Ordinal)) && lines.Skip(at + 1).Take(3).Any(next => Array.Exists(Nexts, name => next.Trim().Replace('：', ':').StartsWith(name, StringComparison.OrdinalIgnoreCase)));
    }
}
