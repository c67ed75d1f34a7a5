namespace Opinion.Analysis.Redaction;

/// <summary>Words that say what the number after them is.</summary>
internal static class Keywords
{
    internal static readonly string[] Identity = ["身份证", "身份证件", "身份", "公民身份", "证件", "id", "idcard"];
    internal static readonly string[] Phone =
    [
        "电话", "手机", "联系方式", "联系", "致电", "拨打", "座机", "固话", "热线", "tel", "phone", "mobile", "mob", "cell", "call", "传真", "fax", "来电", "短信", "电联",
    ];

    internal static readonly string[] Account = ["银行卡", "信用卡", "储蓄卡", "借记卡", "卡", "账", "账户", "帐", "帐户", "存折", "card", "尾"];
    internal static readonly string[] QQ = ["qq", "扣扣", "扣", "企鹅", "加q", "q"];
    internal static readonly string[] WeChat = ["微信", "薇信", "威信", "徽信", "v信", "绿泡泡", "微信号码", "微", "vx", "wx", "v信", "加v", "wechat", "weixin", "v"];
    internal static readonly string[] Passport = ["护照", "passport"];
    internal static readonly string[] Permit = ["通行证", "回乡证", "台胞证", "居留证", "居住证", "旅行证", "返乡证", "港澳证"];
    internal static readonly string[] Document = ["证件", "身份证", "军官证", "士兵证", "驾驶证", "驾照", "社保卡", "医保卡"];

    private const int LongestFiller = 10;
    private const int LongestKeyword = 12;

    /// <summary>Whether one of the words stands before a place, with nothing between but signs and words such as 号码, 是, 为.</summary>
    internal static bool Before(ReadOnlySpan<char> text, int at, string[] words)
    {
        int end = at;
        while (end > 0 && at - end < LongestFiller && IsFiller(text[end - 1])) end--;
        ReadOnlySpan<char> window = text[Math.Max(0, end - LongestKeyword)..end];
        foreach (string word in words)
        {
            if (!window.EndsWith(word, StringComparison.OrdinalIgnoreCase)) continue;
            // A Latin keyword is a word by itself: the v of "tv" is none, nor is the qq of "@qq.com".
            if (char.IsAsciiLetter(word[0]) && window.Length > word.Length && (char.IsAsciiLetterOrDigit(window[^(word.Length + 1)]) || window[^(word.Length + 1)] == '@')) continue;
            return true;
        }

        return false;
    }

    /// <summary>Whether one of the words stands within a few characters before a place.</summary>
    internal static bool Near(ReadOnlySpan<char> text, int at, int reach, params ReadOnlySpan<string> words)
    {
        ReadOnlySpan<char> window = text[Math.Max(0, at - reach)..at];
        foreach (string word in words)
        {
            if (window.Contains(word, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static bool IsFiller(char c) =>
        char.IsWhiteSpace(c) || c is ':' or '=' or ',' or '(' or ')' or '[' or '【' or '〔' or '"' or '\'' or '“' or '是' or '为' or '号' or '码'
            or '、' or '#' or '-' or '.' or '我' or '的' or '在' or '上' or '+' or ';' or '《' or '<' or '同' or '❤' or '♥' or '➕' or '\u20E3';
}
