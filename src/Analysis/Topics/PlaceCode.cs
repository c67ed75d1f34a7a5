namespace Opinion.Analysis.Topics;

/// <summary>Finds districts in running text: codes such as A7县, and two characters before 区 or 县 that are a name.</summary>
internal static class PlaceCode
{
    // Before 区 and 县 these end a word of another kind: 小区, 社区, 园区, 本县 and the like.
    private const string NoName = "小社园片校厂库矿景辖市郊新老本该各全某此贵我他在到的地住宿营特自军灾牧林农学工个两三四五六七八九十一二大内外期段站港禁专分跨整邻街镇乡村";

    // Two characters that begin so are no name of a district: 主城区, 在山区.
    private const string NoBeginning = "主老新各全本该某在住于到是的";

    /// <summary>The length of a place code that begins at a place of a text; 0 where none does.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="at">A place inside it.</param>
    /// <param name="district">The mark of the district; 0 when the code is that of a city.</param>
    internal static int At(string text, int at, out uint district)
    {
        district = 0;
        if (!char.IsAsciiLetterUpper(text[at]) || (at > 0 && char.IsAsciiLetter(text[at - 1]))) return 0;
        int end = at + 1;
        while (end < text.Length && end - at < 3 && char.IsAsciiDigit(text[end])) end++;
        if (end == text.Length || text[end] is not ('区' or '县' or '市')) return 0;
        if (text[end] != '市' && end - at > 1)
        {
            district = text[at];
            for (int i = at + 1; i < end; i++) district = (district * 64) + (uint)(text[i] - '0' + 1);
        }

        return end - at + 1;
    }

    /// <summary>The mark of the two characters before 区 or 县, where they may be a district's name; else 0.</summary>
    internal static uint Before(string text, int at)
    {
        if (at < 2 || NoName.Contains(text[at - 1], StringComparison.Ordinal)) return 0;
        char first = text[at - 2];
        char second = text[at - 1];
        if (NoBeginning.Contains(first, StringComparison.Ordinal) || first is < '\u4E00' or > '\u9FFF' || second is < '\u4E00' or > '\u9FFF') return 0;
        // A district is named after a city, at a beginning, or after a word for "in": 长沙市岳麓区, 家住岳麓区.
        if (at > 2 && Grams.Number(text[at - 3]) != Grams.Separator && text[at - 3] is not ('市' or '省' or '州' or '在' or '住' or '于' or '是' or '到' or '映' or '诉' or '报' or '请' or '问')) return 0;
        return Grams.Of(first, second) | 0x8000_0000;
    }
}
