namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds the part of an address that is finer than a street or an estate: house number, building, unit, floor, room.
/// The name of the street or estate stays, for it is the place of the matter. Linear in the text.
/// </summary>
internal static class AddressScanner
{
    private const int LongestNumber = 6;

    // By themselves enough after a number, longest first.
    private static readonly string[] Firm = ["号楼", "号院", "号房", "单元", "栋", "幢", "弄", "室", "座"];

    // Part of an address only beside another part of one.
    private static readonly string[] Loose = ["号", "楼", "层", "房", "户", "门", "组", "队", "排", "铺", "#"];

    // What a street, a village or an estate ends with.
    private const string Roads = "路街道巷弄里村同段园苑区坊庄屯寨湾城府庭居院厦場场桥牌岭冲塘镇乡郡墅邸轩阁台楼站社组";

    private const string HanDigits = "一二三四五六七八九十百零〇甲乙丙丁东西南北";

    internal static void Scan(string text, List<PersonalSpan> found)
    {
        for (int at = 0; at < text.Length;)
        {
            int end = MayStart(text, at) ? Match(text, at) : 0;
            if (end > 0) found.Add(new PersonalSpan(at, end, PersonalKind.Address));
            at = Math.Max(end, at + 1);
        }
    }

    private static bool MayStart(string text, int at)
    {
        if (!IsNumberPart(text[at]) && text[at] is not '附') return false;
        return at == 0 || !(IsNumberPart(text[at - 1]) && text[at - 1] is not ('东' or '西' or '南' or '北'));
    }

    private static bool IsNumberPart(char c) => char.IsAsciiLetterOrDigit(c) || HanDigits.Contains(c, StringComparison.Ordinal);

    private static int Match(string text, int start)
    {
        bool afterRoad = start > 0 && Roads.Contains(text[start - 1], StringComparison.Ordinal);
        int end = 0;
        int parts = 0;
        bool firm = false;
        for (int at = start; at < text.Length;)
        {
            if (parts > 0 && at < text.Length && text[at] is ' ' or '-' or ',' or '附' or '之') at++;
            int numberEnd = NumberEnd(text, at);
            if (numberEnd == at) break;
            string? unit = UnitAt(text, numberEnd, Firm);
            bool isFirm = unit is not null;
            unit ??= UnitAt(text, numberEnd, Loose);
            if (unit is null)
            {
                // After 栋 or 单元 a bare number is the room: 3栋502. Before a word of measure it is not.
                if (parts > 0 && IsRoom(text, at, numberEnd)) end = numberEnd;
                break;
            }

            // 5号线, 3号文件, 12层楼高, 2组团: not a place where somebody lives.
            if (!isFirm && numberEnd + unit.Length < text.Length && text[numberEnd + unit.Length] is '线' or '文' or '令' or '台' or '机' or '闸' or '口' or '出' or '公' or '桥' or '地' or '高') break;
            if (unit is "室" && at > start && parts == 0) break;
            at = end = numberEnd + unit.Length;
            parts++;
            firm |= isFirm;
        }

        if (parts == 0) return afterRoad ? DashedEnd(text, start) : 0;
        bool number = text.AsSpan(start, end - start).ContainsAnyInRange('0', '9') || !char.IsAsciiLetter(text[start]);
        // 一座桥, 建了七栋: by itself a number in words is a count, and so is one before 座 without a letter.
        bool count = parts == 1 && (!text.AsSpan(start, end - start).ContainsAnyInRange('0', '9') || text[end - 1] == '座')
            && !char.IsAsciiLetter(text[start]) && text[end - 1] is '栋' or '幢' or '座';
        count |= parts == 1 && start > 0 && (text[start - 1] is '共' or '有' or '建' or '约' or '近' or '数' or '几' || (text[start - 1] == '第' && text[end - 1] is not ('栋' or '幢')));
        if (count && !afterRoad) return 0;
        // 302房: three digits make it a room, unless a longer word such as 房屋 begins there.
        if (parts == 1 && text[end - 1] == '房' && end - start is 4 or 5 && !text.AsSpan(start, end - start - 1).ContainsAnyExceptInRange('0', '9'))
        {
            return end < text.Length && text[end] is '产' or '屋' or '价' or '地' or '东' or '租' or '管' or '改' or '贷' ? 0 : end;
        }

        return (firm && number) || (firm && parts > 1) || (afterRoad && text[end - 1] is not ('楼' or '层' or '队' or '排')) || parts > 1 ? end : 0;
    }

    // 5-3-502 after the name of an estate; one dash alone could be anything.
    private static int DashedEnd(string text, int start)
    {
        int at = start;
        int numbers = 0;
        while (at < text.Length)
        {
            int end = at;
            while (end < text.Length && end - at < 5 && char.IsAsciiLetterOrDigit(text[end])) end++;
            if (end == at || !char.IsAsciiDigit(text[end - 1])) break;
            numbers++;
            if (end == text.Length || text[end] is not ('-' or '#' or '/')) return numbers >= 2 ? end : 0;
            at = end + 1;
        }

        return 0;
    }

    private static bool IsRoom(string text, int start, int end)
    {
        // 502 or 五零二; a shorter number in words is more likely something else.
        bool inWords = !char.IsAsciiDigit(text[end - 1]);
        if (end - start is < 1 or > 5 || (inWords && (end - start < 3 || char.IsAsciiLetter(text[end - 1])))) return false;
        return end == text.Length || !(text[end] is '年' or '月' or '日' or '点' or '时' or '元' or '万' or '米' or '平' or '人' or '户' or '台' or '个' or '次' or '块' or '多' or '余' or '%' or '.' or '层' or '岁');
    }

    private static int NumberEnd(string text, int at)
    {
        int end = at;
        while (end < text.Length && end - at < LongestNumber && IsNumberPart(text[end])) end++;
        if (end > at && end + 1 < text.Length && text[end] is '-' or '之' && char.IsAsciiDigit(text[end + 1]))
        {
            int more = end + 1;
            while (more < text.Length && more - end <= 4 && char.IsAsciiLetterOrDigit(text[more])) more++;
            if (UnitAt(text, more, Firm) is not null || UnitAt(text, more, Loose) is not null) end = more;
        }

        return end;
    }

    private static string? UnitAt(string text, int at, string[] units)
    {
        foreach (string unit in units)
        {
            if (string.CompareOrdinal(text, at, unit, 0, unit.Length) == 0) return unit;
        }

        return null;
    }
}
