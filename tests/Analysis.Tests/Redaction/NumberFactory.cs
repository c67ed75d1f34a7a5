using System.Globalization;
using System.Text;

namespace Opinion.Analysis.Tests.Redaction;

/// <summary>Makes personal numbers of every kind with right check digits, in the forms that people write them in. Fixed by its seed.</summary>
public sealed class NumberFactory(int seed)
{
    private const string Provinces = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
    private const string PlateLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private static readonly string[] Regions = ["110105", "120101", "130102", "210203", "310115", "320105", "330106", "350203", "370202", "430102", "430181", "440305", "450103", "500112", "510107", "520103", "530102", "610113", "650102", "810000", "820000", "830000"];
    private static readonly string[] Areas = ["010", "020", "021", "022", "023", "024", "025", "027", "028", "029", "0731", "0732", "0311", "0371", "0451", "0531", "0551", "0571", "0591", "0755", "0771", "0851", "0898", "0991"];

    private readonly Random _random = new(seed);

    /// <summary>The kinds, each with what makes one: the text to insert, the number marked by ⟦ and ⟧.</summary>
    public IReadOnlyDictionary<string, Func<string>> Kinds => new SortedDictionary<string, Func<string>>(StringComparer.Ordinal)
    {
        ["resident ID, 18"] = () => Carry(["身份证号", "身份证号码:", "证件号是", "", "", ""], Spoken(Id(), [6, 8, 4], [4, 4, 4, 4, 2], [6, 4, 4, 4], [3, 3, 4, 4, 4])),
        ["resident ID, mistyped"] = () => Carry(["身份证号", "身份证号码:", "我的身份证是", "身份证"], Mistype(Id())),
        ["resident ID, 15"] = () => Carry(["老身份证号", "身份证", "", ""], Spoken(OldId(), [6, 6, 3])),
        ["resident ID, partly hidden"] = () => Carry(["身份证号", "身份证:", "", ""], HideMiddle(Id(), _random.Next(2, 7), 4)),
        ["permanent residence of foreigners"] = () => Carry(["永久居留证号", "证件号码", ""], _random.Next(2) == 0 ? Permanent() : $"{Letter()}{Letter()}{Letter()}{Digits(4)}{_random.Next(60, 99)}{_random.Next(1, 13):00}{_random.Next(1, 29):00}{Digits(2)}"),
        ["Hong Kong and Taiwan ID"] = () => Carry(["身份证号", "持身份证", ""], _random.Next(2) == 0 ? $"{Letter()}{Digits(6)}({Digits(1)})" : TaiwanId()),
        ["mobile"] = () => Carry(["电话", "手机号", "联系电话:", "请打", "", "", "", "微信同号"], Spoken(Mobile(), [3, 4, 4], [3, 4, 4], [4, 4, 3], [3, 3, 5], [3, 2, 2, 2, 2])),
        ["mobile, +86"] = () => Carry(["电话", "", ""], Pick("+86", "86", "0086", "(+86)", "+86 ", "+86-", "86-", "0086 ") + Spoken(Mobile(), [3, 4, 4])),
        ["mobile, in Han digits"] = () => Carry(["电话", "我的号码是", ""], InHan(Mobile())),
        ["mobile, partly hidden"] = () => Carry(["电话", "手机", ""], HideMiddle(Mobile(), 3, _random.Next(0, 5))),
        ["landline"] = () => Carry(["电话", "办公室", "座机:", "", ""], Landline()),
        ["landline, extension"] = () => Carry(["电话", "", ""], Landline() + Pick("转", "-", "转分机", "分机", " 转 ", "转分机号") + Digits(_random.Next(3, 5))),
        ["landline, local"] = () => Carry(["电话", "联系电话:", "家里座机", "电话是"], Local(8)),
        ["bank card"] = () => Carry(["卡号", "银行卡号:", "工资卡", "", ""], Spoken(Card(), [4, 4, 4, 4, 3], [4, 4, 4, 4, 3], [6, 13])),
        ["bank card, mistyped"] = () => Carry(["卡号", "银行卡号:", "账号是"], Mistype(Card())),
        ["plate"] = () => Carry(["车牌", "车牌号:", "我的车", "", ""], Plate(5)),
        ["plate, electric"] = () => Carry(["车牌号", "", ""], $"{Province()}{PlateLetter()}{Pick("", "·", " ")}{Pick("D", "F")}{Digits(5)}"),
        ["plate, other"] = () => Carry(["车牌", "", ""], Special()),
        ["plate, armed police"] = () => Carry(["车牌", "", ""], Pick("WJ", "wj", "WJ ") + Province() + Pick("", "·") + Digits(4) + Pick("X", "B", "J", "1", "7")),
        ["passport"] = () => Carry(["护照号", "护照:", "", ""], Passport()),
        ["passport, spaced"] = () => Carry(["护照号", "护照:"], Pick("E", "G", "EA", "EB") is var front && front.Length == 1 ? $"{front} {Digits(8)}" : $"{front} {Digits(7)}"),
        ["travel permit"] = () => Carry(["通行证号", "回乡证", "港澳通行证:"], Pick("C", "W", "H", "M") + Digits(8)),
        ["travel permit, Taiwan"] = () => Carry(["台胞证", "台胞证号:"], Digits(8)),
        ["e-mail"] = () => Carry(["邮箱", "电子邮件:", "", "请发到"], Mail("@")),
        ["e-mail, other sign"] = () => Carry(["邮箱", ""], Mail(Pick("\uFF20", "(at)", "[at]", " @ ", "#at#", "@ "))),
        ["WeChat"] = () => Carry(["微信", "微信号", "微信:", "加微信", "vx:", "VX", "加V:", "微信号是", "wx: "], Handle()),
        ["WeChat, wxid"] = () => Carry(["微信", "微信号:", ""], "wxid_" + Name(_random.Next(6, 15))),
        ["QQ"] = () => Carry(["QQ", "qq:", "QQ号", "扣扣", "企鹅号", "加Q", "Q:", "QQ号码是", "加我QQ "], Digits(_random.Next(5, 11), first: true)),
    };

    /// <summary>Numbers that look like personal ones and are none.</summary>
    public IReadOnlyDictionary<string, Func<string>> LookAlikes => new SortedDictionary<string, Func<string>>(StringComparer.Ordinal)
    {
        ["order number"] = () => Carry(["订单号", "流水号", "受理编号", "工单号"], "20" + Digits(_random.Next(14, 19))),
        ["18 digits with a right check digit, no date"] = () => Carry(["编号", "", "合同号"], WithCheck("43010" + Digits(1) + Pick("20", "19") + Digits(2) + "1" + _random.Next(3, 9) + Digits(5))),
        ["18 digits with a right check digit, no region"] = () => Carry(["编号", "", "合同号"], WithCheck(Pick("00", "07", "18", "29", "38", "49", "57", "68", "77") + Digits(4) + "19900101" + Digits(3))),
        ["document"] = () => $"市政发\u3014{_random.Next(2001, 2030)}\u3015⟦{_random.Next(1, 300)}⟧号",
        ["case"] = () => $"({_random.Next(2010, 2030)})湘{Digits(4)}民初⟦{_random.Next(1, 99999)}⟧号",
        ["amount"] = () => $"共计⟦{Digits(_random.Next(4, 12), first: true)}{Pick("", ".50", ".00")}⟧元",
        ["date"] = () => $"于⟦{_random.Next(1990, 2030)}{Pick("-", ".", "/", "年")}{_random.Next(1, 13):00}{Pick("-", ".", "/", "月")}{_random.Next(1, 29):00}⟧办理",
        ["years"] = () => $"⟦{_random.Next(1980, 2000)}-{_random.Next(2000, 2030)}⟧年间",
        ["area"] = () => $"面积⟦{_random.Next(40, 300)}.{Digits(2)}⟧平方米",
        ["hotline"] = () => Carry(["拨打", "热线", "致电", "客服电话"], Pick("12345", "12315", "12333", "110", "10086", "95588", "96533", "400-820-8820", "4008208820", "400 1234 567", "800-810-1234")),
        ["postcode"] = () => $"邮编⟦{_random.Next(100000, 860000)}⟧",
        ["time and count"] = () => $"⟦{_random.Next(1, 24)}:{_random.Next(0, 60):00}⟧有{_random.Next(2, 2000)}人",
    };

    public string Pick(params ReadOnlySpan<string> from) => from[_random.Next(from.Length)];

    private static string WithCheck(string seventeen)
    {
        ReadOnlySpan<int> weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        int sum = 0;
        for (int i = 0; i < 17; i++) sum += (seventeen[i] - '0') * weights[i];
        return seventeen + "10X98765432"[sum % 11];
    }

    private static string HideMiddle(string number, int front, int back) =>
        number[..front] + new string('*', number.Length - front - back) + number[^back..];

    private string Carry(string[] cues, string number) => $"{cues[_random.Next(cues.Length)]}⟦{number}⟧";

    private string Digits(int count, bool first = false)
    {
        var digits = new StringBuilder(count);
        for (int i = 0; i < count; i++) digits.Append((char)('0' + (first && i == 0 ? _random.Next(1, 10) : _random.Next(10))));
        return digits.ToString();
    }

    private char Letter() => (char)('A' + _random.Next(26));

    private char PlateLetter() => PlateLetters[_random.Next(PlateLetters.Length)];

    private char Province() => Provinces[_random.Next(Provinces.Length)];

    private string BirthDate() => new DateTime(1935, 1, 1).AddDays(_random.Next(30000)).ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private string Id()
    {
        string id = WithCheck(Regions[_random.Next(Regions.Length)] + BirthDate() + Digits(3));
        return id[^1] == 'X' ? id[..17] + Pick("X", "x", "\uFF38") : id;
    }

    private string OldId() => Regions[_random.Next(Regions.Length - 3)] + BirthDate()[2..] + Digits(3);

    private string Permanent() => WithCheck("9" + Pick("11", "31", "43", "44") + Digits(3) + BirthDate() + Digits(3));

    private string TaiwanId()
    {
        while (true)
        {
            string id = Letter() + Pick("1", "2", "8", "9") + Digits(8);
            int letter = 10 + "ABCDEFGHJKLMNPQRSTUVXYWZIO".IndexOf(id[0], StringComparison.Ordinal);
            int sum = (letter / 10) + (letter % 10 * 9) + (id[9] - '0');
            for (int i = 1; i < 9; i++) sum += (id[i] - '0') * (9 - i);
            if (sum % 10 == 0) return id;
        }
    }

    private string Mobile() => "1" + Pick("30", "35", "36", "38", "39", "47", "50", "52", "58", "59", "62", "66", "70", "73", "76", "77", "78", "80", "85", "87", "88", "89", "91", "95", "98", "99") + Digits(8);

    private string Local(int length) => _random.Next(2, 9) + Digits(length - 1);

    private string Landline()
    {
        string area = Areas[_random.Next(Areas.Length)];
        string local = Local(area.Length == 3 || _random.Next(2) == 0 ? 8 : 7);
        if (_random.Next(5) == 0) local = local[..^4] + Pick(" ", "-") + local[^4..];
        return Pick("{0}-{1}", "{0}{1}", "({0}){1}", "\uFF08{0}\uFF09{1}", "{0} {1}", "{0}\u2014{1}").Replace("{0}", area, StringComparison.Ordinal).Replace("{1}", local, StringComparison.Ordinal);
    }

    private string Card()
    {
        string bin = Pick("622848", "621700", "622202", "621226", "625912", "436742", "955880", "621081", "622588", "456351", "601382", "603367");
        int length = bin[0] is '4' ? Pick("16", "19") == "16" ? 16 : 19 : bin.StartsWith("625", StringComparison.Ordinal) ? 16 : 19;
        string body = bin + Digits(length - bin.Length - 1);
        for (char check = '0'; ; check++)
        {
            int sum = 0;
            string card = body + check;
            for (int i = 0; i < length; i++)
            {
                int digit = card[length - 1 - i] - '0';
                sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
            }

            if (sum % 10 == 0) return card;
        }
    }

    private string Plate(int length)
    {
        string signs = Digits(length);
        if (_random.Next(2) == 0) signs = PlateLetter() + signs[1..];
        if (_random.Next(4) == 0) signs = signs[..2] + PlateLetter() + signs[3..];
        string plate = Province() + (PlateLetter() + Pick("", "·", "•", "-", " ", ".")) + signs;
        return _random.Next(5) == 0 ? plate.ToLowerInvariant() : plate;
    }

    private string Special() => _random.Next(7) switch
    {
        0 => $"{Province()}{PlateLetter()}{Digits(4)}挂",
        1 => $"{Province()}{PlateLetter()}{Digits(4)}学",
        2 => $"{Province()}{PlateLetter()}{Pick("", "·")}{Digits(4)}警",
        3 => $"粤Z{PlateLetter()}{Digits(3)}{Pick("港", "澳")}",
        4 => $"{Province()}{PlateLetter()}{Digits(4)}领",
        5 => $"使{Digits(3)}{Pick("", "·")}{Digits(3)}",
        _ => $"{Province()}{PlateLetter()}{Digits(4)}{Pick("试", "超")}",
    };

    private string Passport() => _random.Next(3) == 0 ? $"E{PlateLetters[_random.Next(6)]}{Digits(7)}" : Pick("E", "G", "e") + Digits(8);

    private string Name(int length)
    {
        var name = new StringBuilder();
        for (int i = 0; i < length; i++) name.Append(_random.Next(3) == 0 ? (char)('0' + _random.Next(10)) : Lower[_random.Next(26)]);
        return name.ToString();
    }

    private string Handle() => Lower[_random.Next(26)] + Name(_random.Next(5, 15)) + Pick("", "_1", "-x2", "");

    private string Mail(string sign) => Lower[_random.Next(26)] + Pick("", ".", "_") + Name(_random.Next(3, 12)) + sign + Pick("qq.com", "163.com", "126.com", "sina.com.cn", "gmail.com", "mail.example.com", "139.com");

    // One or two digits changed, one left out or one too many.
    private string Mistype(string number)
    {
        int at = _random.Next(6, number.Length - 1);
        char other = (char)('0' + ((number[at] - '0' + _random.Next(1, 9)) % 10));
        return _random.Next(3) switch
        {
            0 => number[..at] + other + number[(at + 1)..],
            1 => number.Remove(at, 1),
            _ => number.Insert(at, other.ToString()),
        };
    }

    private string InHan(string digits)
    {
        string han = Pick("零一二三四五六七八九", "〇一二三四五六七八九", "零幺二三四五六七八九", "零幺两三四五六七八九", "零壹贰叁肆伍陆柒捌玖");
        string written = string.Concat(digits.Select(digit => han[digit - '0']));
        return _random.Next(3) == 0 ? written[..3] + " " + written[3..7] + " " + written[7..] : written;
    }

    private string Spoken(string number, params int[][] groupings)
    {
        switch (_random.Next(8))
        {
            case 0 or 1 or 2:
                return number;
            case 3:
                return string.Concat(number.Select(c => c < 0x7F ? (char)(c + 0xFEE0) : c));
            case 4:
                int at = _random.Next(1, number.Length - 1);
                return number.Insert(at, Pick("\u200B", "\u200D", "\uFEFF", "\u2060", "\u00AD"));
            default:
                int[] groups = groupings[_random.Next(groupings.Length)];
                string sign = Pick(" ", "-", " ", groups.Length == 3 && number.Length == 11 ? "." : "-", "\u3000");
                var written = new StringBuilder();
                int from = 0;
                foreach (int size in groups)
                {
                    if (from >= number.Length) break;
                    if (from > 0) written.Append(sign);
                    written.Append(number, from, Math.Min(size, number.Length - from));
                    from += size;
                }

                if (from < number.Length) written.Append(number, from, number.Length - from);
                return written.ToString();
        }
    }
}
