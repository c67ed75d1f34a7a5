namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds the part of an address that is finer than a street or an estate: house number, building, unit, floor, room.
/// The name of the street or estate stays, for it is the place of the matter. Linear in the text.
/// </summary>
internal static class AddressScanner
{
    private const int LongestNumber = 6;
    private const int MostListed = 12;

    // 1、2、3号 may be days, and 5、6层 are seldom somebody's.
    private static readonly PhraseTable<bool> ListUnits = new((true, "号楼 号栋 单元 #栋 栋 幢 室 座 房"));

    // By themselves enough after a number.
    private static readonly PhraseTable<bool> Firm = new((true, "号楼栋 号楼 号栋 号院 号房 号宅 单元 #栋 #楼 栋 幢 弄 室 座"));

    // Part of an address only beside another part of one.
    private static readonly PhraseTable<bool> Loose = new((true, "号 楼 层 房 户 门 组 队 排 铺 梯 #"));

    // What a street, a village or an estate ends with.
    private const string Roads = "路街道巷弄里村同段园苑区坊庄屯寨湾城府庭居院厦場场桥牌岭冲塘镇乡郡墅邸轩阁台楼站社组";

    private const string HanDigits = "一二三四五六七八九十百零〇甲乙丙丁东西南北";

    // 5号线, 3号文件, 017号县道: after these no house was meant.
    private static readonly PhraseTable<bool> NoHouse = new((true, """
        线 文 令 台 机 闸 口 出 公 桥 地 高 县道 省道 国道 县长 县委 省长 通知 通告 批复 案 判决 裁定 函 议案 提案 决定 意见 规定 办法 信箱 选手 病 矿 井 泵 平台 车厢 车 球 方 上 下 前 后 左 右 开 中 起 止 至 到 晚 早 下午 上午 那 当 就 才 我 在
        """));

    // Between the number of a house and that of a room: 35号综合楼602.
    private static readonly PhraseTable<bool> Houses = new((true, "综合楼 宿舍楼 宿舍 家属楼 家属区 家属院 办公楼 住宅楼 大院 公寓 大楼 大厦 院内 小区 内 楼 院"));

    // What somebody owns or rents under a number.
    private static readonly PhraseTable<bool> Units = new((true, "门面 门店 商铺 店铺 铺面 铺位 摊位 档口 车位 车库 柜台 床位 住户 业主 户主 房主 租户 屋主 邻居"));
    private static readonly string[] UnitsBefore = ["门面", "摊位", "铺位", "商铺", "店铺", "档口", "房号", "门牌号", "门牌", "车位号", "车库号", "房间号"];

    internal static void Scan(string text, List<PersonalSpan> found)
    {
        int barren = 0;
        for (int at = 0; at < text.Length;)
        {
            int end = MayStart(text, at) ? Match(text, at, ref barren) : 0;
            if (end > 0) found.Add(new PersonalSpan(at > 0 && text[at - 1] == '第' ? at - 1 : at, end, PersonalKind.Address));
            at = Math.Max(end, at + 1);
        }
    }

    private static bool MayStart(string text, int at)
    {
        if (!IsNumberPart(text[at]) && text[at] is not '附') return false;
        return at == 0 || !(IsNumberPart(text[at - 1]) && text[at - 1] is not ('东' or '西' or '南' or '北'));
    }

    private static bool IsNumberPart(char c) => char.IsAsciiLetterOrDigit(c) || HanDigits.Contains(c, StringComparison.Ordinal);

    private static int Match(string text, int start, ref int barren)
    {
        // 小区的五六栋 is 小区五六栋.
        int place = start > 1 && text[start - 1] == '的' ? start - 1 : start;
        bool afterRoad = place > 0 && Roads.Contains(text[place - 1], StringComparison.Ordinal);
        int end = 0;
        int parts = 0;
        bool firm = false;
        for (int at = start; at < text.Length;)
        {
            if (parts > 0 && at < text.Length && text[at] is ' ' or '-' or ',' or '附' or '之') at++;
            int numberEnd = ListEnd(text, at, ref barren);
            if (numberEnd == at) break;
            bool isFirm = Firm.TryMatch(text, numberEnd, out int unit, out _);
            if (!isFirm && !Loose.TryMatch(text, numberEnd, out unit, out _))
            {
                // After 栋 or 单元 a bare number is the room: 3栋502. Before a word of measure it is not.
                if (parts > 0 && IsRoom(text, at, numberEnd)) end = numberEnd;
                break;
            }

            if (!isFirm && IsNoHouse(text, numberEnd + unit)) break;
            // 东门 and 西北门 are gates.
            if (text[numberEnd] == '门' && !text.AsSpan(at, numberEnd - at).ContainsAnyExcept("东西南北")) break;
            // 三室一厅 and 教室 are no addresses: a room has three digits, unless a building stands before it.
            if (text[numberEnd] == '室' && parts == 0 && numberEnd - at < 3) break;
            at = end = numberEnd + unit;
            parts++;
            firm |= isFirm;
            // 35号综合楼602, 12号院内3栋: what stands between belongs to the address.
            if (unit == 1 && text[numberEnd] == '号' && Houses.TryMatch(text, at, out int house, out _) && at + house < text.Length && char.IsAsciiDigit(text[at + house])) at += house;
        }

        if (parts == 0) return UnitEnd(text, start) is int unitEnd and > 0 ? unitEnd : afterRoad ? DashedEnd(text, start) : 0;
        // 〔2019〕12号, 民初345号, 第3号: documents and cases have numbers, too.
        if (parts == 1 && text[end - 1] == '号' && end - start > 5 && text[start + 4] == '-' && IsYear(text.AsSpan(start, 4))) return 0;
        if (parts == 1 && text[end - 1] == '号' && start > 0 && text[start - 1] is '〕' or '〔' or ')' or ']' or '】' or '初' or '终' or '执' or '字' or '第' or '发' or '函') return 0;
        if (parts == 1 && text[end - 1] == '号' && Units.IsAt(text, end)) return end;
        bool number = text.AsSpan(start, end - start).ContainsAnyInRange('0', '9') || !char.IsAsciiLetter(text[start]);
        // 一座桥, 建了七栋: by itself a number in words is a count, and so is one before 座 without a letter.
        bool count = parts == 1 && (!text.AsSpan(start, end - start).ContainsAnyInRange('0', '9') || text[end - 1] == '座')
            && !char.IsAsciiLetter(text[start]) && text[end - 1] is '栋' or '幢' or '座' or '弄';
        count |= parts == 1 && start > 0 && (text[start - 1] is '共' or '有' or '建' or '约' or '近' or '数' or '几' || (text[start - 1] == '第' && text[end - 1] is not ('栋' or '幢' or '元')));
        if (count && !afterRoad) return 0;
        // 302房: three digits make it a room, unless a longer word such as 房屋 begins there.
        if (parts == 1 && text[end - 1] == '房' && end - start is 4 or 5 && !text.AsSpan(start, end - start - 1).ContainsAnyExceptInRange('0', '9'))
        {
            return end < text.Length && text[end] is '产' or '屋' or '价' or '地' or '东' or '租' or '管' or '改' or '贷' ? 0 : end;
        }

        return (firm && number) || (firm && parts > 1) || (afterRoad && text[end - 1] is not ('楼' or '层' or '队' or '排')) || parts > 1 ? end : 0;
    }

    private static bool IsNoHouse(string text, int after)
    {
        if (text[after - 1] != '号') return after < text.Length && text[after] is '线' or '文' or '令' or '台' or '机' or '闸' or '口' or '出' or '公' or '桥' or '地' or '高' or '长' or '委' or '团';
        return NoHouse.IsAt(text, after);
    }

    // 305业主, 摊位A-31: a number of three digits before its owner, any code after what it is the number of.
    private static int UnitEnd(string text, int start)
    {
        int end = start;
        int digits = 0;
        while (end < text.Length && end - start < 8 && (char.IsAsciiLetterOrDigit(text[end]) || (text[end] is '-' && end > start)))
        {
            if (char.IsAsciiDigit(text[end])) digits++;
            end++;
        }

        if (digits == 0 || (end < text.Length && char.IsAsciiLetterOrDigit(text[end])) || text[end - 1] == '-') return 0;
        // A room on some floor: 305, 1203; 1200业主 are twelve hundred.
        if (digits == end - start && digits is 3 or 4 && text[end - 2] is '0' or '1' && text[end - 1] != '0' && Units.IsAt(text, end)) return end;
        return digits <= 5 && Keywords.Before(text, start, UnitsBefore) && !(end < text.Length && text[end] is '个' or '平' or '元' or '万' or '间' or '天' or '年' or '.' or '%' or '多' or '余' or '月' or '米') ? end : 0;
    }

    // 8、9栋, 1—4栋, 3到9栋: every number of a list of buildings. A list that ended without one is not read again.
    private static int ListEnd(string text, int at, ref int barren)
    {
        int end = NumberEnd(text, at);
        if (at < barren) return end;
        int first = end;
        int last = end;
        for (int items = 1; items < MostListed && last > at && last + 1 < text.Length; items++)
        {
            int next = last;
            if (text[next] is '号' or '#' && next + 1 < text.Length) next++;
            if (text[next] is not ('、' or ',' or '-' or '—' or '~' or '至' or '到' or '和' or '/' or '与' or '及')) break;
            while (next < text.Length && next - last < 4 && text[next] is '、' or ',' or '-' or '—' or '~' or '至' or '到' or '和' or '/' or '与' or '及') next++;
            int more = NumberEnd(text, next);
            if (more == next || !char.IsAsciiLetterOrDigit(text[next])) break;
            last = more;
            if (ListUnits.IsAt(text, last)) end = last;
        }

        if (end == first) barren = last;
        return end;
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
            if (end == at || !char.IsAsciiDigit(text[end - 1]) || IsYear(text.AsSpan(at, end - at))) break;
            numbers++;
            if (end == text.Length || text[end] is not ('-' or '#' or '/')) return numbers >= 2 ? end : 0;
            at = end + 1;
        }

        return 0;
    }

    // 政府2016-7 is the number of a document.
    private static bool IsYear(ReadOnlySpan<char> number) =>
        number.Length == 4 && (number.StartsWith("19", StringComparison.Ordinal) || number.StartsWith("20", StringComparison.Ordinal));

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
            if (Firm.IsAt(text, more) || Loose.IsAt(text, more)) end = more;
        }

        return end;
    }
}
