using Opinion.Analysis.Segmentation;

namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds names that a writer gives by naming somebody (我叫…, 联系人:…) or with a title (…先生, …老师). A family name must
/// stand at the front; a word of the list that is no person's name, such as 黄山 or 唐朝, is none. Linear in the text.
/// </summary>
internal sealed class NameScanner(SurnameTable surnames, WordList words)
{
    private const int LongestName = 4;

    // Whatever follows these is a name if it can be one.
    private static readonly string[] StrongCues =
    [
        "我的名字叫", "我的名字是", "法定代表人", "联系人姓名", "本人姓名", "我名叫", "本人叫", "真实姓名", "联系人", "投诉人", "举报人", "反映人", "来信人",
        "写信人", "申请人", "当事人", "经办人", "负责人", "受害人", "报案人", "求助人", "我叫", "名叫", "姓名", "署名", "落款", "户主", "患者", "法人",
    ];

    // After these other words are as likely, so more is asked of the name.
    private static readonly string[] WeakCues =
    [
        "本人", "我是", "业主", "居民", "村民", "市民", "父亲", "母亲", "丈夫", "妻子", "老公", "老婆", "儿子", "女儿", "爷爷", "奶奶", "学生", "同学", "孩子", "家属", "叫做", "叫",
        "老师", "教师", "医生", "经理", "书记", "支书", "局长", "主任", "校长", "院长", "所长", "队长", "镇长", "村长", "同志", "会计", "民警", "法官", "律师", "记者", "老板", "房东",
        "同事", "朋友", "司机", "保安", "敬礼", "敬上", "尊敬的",
    ];

    private static readonly string[] Titles =
    [
        "工程师", "先生", "女士", "小姐", "太太", "老师", "同志", "师傅", "医生", "大夫", "教授", "律师", "经理", "主任", "局长", "处长", "科长", "书记", "校长",
        "院长", "所长", "队长", "站长", "厂长", "村长", "镇长", "乡长", "县长", "市长", "区长", "省长", "部长", "会长", "阿姨", "大爷", "大妈", "大哥", "大姐",
        "叔叔", "奶奶", "爷爷", "警官", "法官", "护士", "同学", "老板", "老人", "婆婆", "伯伯", "大叔", "大娘", "主席", "董事长", "班长", "警察",
    ];

    // Before these stands a person and no office: 王建国先生 is a name although 建国 is a word, 任小学校长 is none.
    private static readonly string[] PersonalTitles = ["先生", "女士", "小姐", "太太", "同志", "师傅", "阿姨", "大爷", "大妈", "大哥", "大姐", "叔叔", "奶奶", "爷爷", "婆婆", "伯伯", "大叔", "大娘"];

    // A letter or an answer opens with the name alone: 王建国您好.
    private static readonly string[] Greetings = ["您好", "你好"];

    // What follows a name of two characters rather than being its third.
    private const string Followers = "是住家在有于的电今年来因系及现为我向对和与把被从到已您你他她它男女身手就这那要想能会不没也都还请望给跟说称先同";

    internal void Scan(string text, List<PersonalSpan> found)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] < '\u4E00') continue;
            if (AnyAt(text, at, StrongCues) is string strong)
            {
                int start = AfterSigns(text, at + strong.Length, out bool colon);
                int length = StrongLength(text, start, colon);
                if (length > 0) found.Add(new PersonalSpan(start, start + length, PersonalKind.Name));
            }
            else if (AnyAt(text, at, WeakCues) is string weak)
            {
                int start = AfterSigns(text, at + weak.Length, out _);
                // The signature stands after the closing words, often on the next line.
                if (weak is "敬礼") start = AfterClosing(text, start);
                int length = WeakLength(text, start);
                if (length > 0) found.Add(new PersonalSpan(start, start + length, PersonalKind.Name));
            }

            bool greeting = AnyAt(text, at, Greetings) is not null;
            if (greeting || AnyAt(text, at, Titles) is not null)
            {
                int end = at;
                bool personal = greeting || AnyAt(text, at, PersonalTitles) is not null;
                int length = TitledLength(text, ref end, personal);
                // 请问老王您好 or 领导您好 opens nothing: only a whole name at the head of a sentence is greeted.
                if (greeting && (length < 2 || (end > length && IsHan(text[end - length - 1])))) length = 0;
                if (length > 0) found.Add(new PersonalSpan(end - length, end, PersonalKind.Name));
            }
        }
    }

    private static string? AnyAt(string text, int at, string[] cues)
    {
        foreach (string cue in cues)
        {
            if (string.CompareOrdinal(text, at, cue, 0, cue.Length) == 0) return cue;
        }

        return null;
    }

    private static int AfterSigns(string text, int at, out bool colon)
    {
        colon = false;
        int start = at;
        while (start < text.Length && start - at < 4 && text[start] is ':' or ' ' or '是' or '为' or '(' or '叫' or '"' or '“')
        {
            colon |= text[start] is ':' or '为' or '是';
            start++;
        }

        return start;
    }

    private static int AfterClosing(string text, int at)
    {
        int start = at;
        while (start < text.Length && start - at < 6 && (char.IsWhiteSpace(text[start]) || text[start] is '!' or ',' or '.' or '。')) start++;
        return start;
    }

    private static bool IsHan(char c) => c is >= '\u3400' and <= '\u9FFF';

    private static int HanRun(string text, int at, int most)
    {
        int end = at;
        while (end < text.Length && end - at < most && IsHan(text[end])) end++;
        return end - at;
    }

    private static bool BoundaryAt(string text, int at) => at >= text.Length || !IsHan(text[at]);

    private int StrongLength(string text, int start, bool colon)
    {
        int run = HanRun(text, start, LongestName + 1);
        if (start + run < text.Length && text[start + run] is '·' or '•' && run is >= 1 and <= LongestName)
        {
            // 买买提·艾力: names of other languages have a dot inside.
            int rest = HanRun(text, start + run + 1, 8);
            if (rest >= 1) return run + 1 + rest;
        }

        int family = start < text.Length ? surnames.LengthAt(text.AsSpan(start)) : 0;
        // 姓名:阿依古丽 - after a colon a short run up to the next sign is a name whatever it begins with.
        if (family == 0) return colon && run is 2 or 3 or 4 && colon && !IsWord(text.AsSpan(start, run)) ? run : 0;
        if (run <= family) return 0;
        string name = text.Substring(start, Math.Min(run, family + 2));
        // 责任人和直接…: such a family name alone is no sign of a name.
        if (!colon && family == 1 && surnames.IsAmbiguous(text[start]) && !BoundaryAt(text, start + Math.Min(run, 3))) return 0;
        if (name[^1] == '的') return 0;
        // 联系方式, 黄山路: a longer word that only begins like a name.
        if (!colon && family == 1 && IsWord(name.AsSpan(0, Math.Min(2, name.Length)))) return 0;
        if (name.Length < family + 2) return name.Length;
        bool third = Followers.Contains(name[^1], StringComparison.Ordinal) && !BoundaryAt(text, start + name.Length);
        return third ? family + 1 : family + 2;
    }

    private int WeakLength(string text, int start)
    {
        int family = start < text.Length ? surnames.LengthAt(text.AsSpan(start)) : 0;
        if (family == 0 || (family == 1 && surnames.IsAmbiguous(text[start]))) return 0;
        for (int length = family + 2; length > family; length--)
        {
            if (HanRun(text, start, length) < length) continue;
            // 尊敬的胡局长: that is a name with its title, found there.
            if (HanRun(text, start, family + 1) > family && (AnyAt(text, start + family, Titles) is not null || AnyAt(text, start + family + 1, Titles) is not null)) return 0;
            // 何去何从: a longer word that begins like a name.
            if (HanRun(text, start, 4) == 4 && IsWord(text.AsSpan(start, 4))) return 0;
            ReadOnlySpan<char> name = text.AsSpan(start, length);
            int after = start + length;
            bool ends = BoundaryAt(text, after) || Followers.Contains(text[after], StringComparison.Ordinal);
            if (!ends || Followers.Contains(name[^1], StringComparison.Ordinal) || name[^1] is '人' or '员' or '户' or '民' or '某' or '者') continue;
            if (IsWord(name) || (length > 2 && (IsWord(name[..2]) || words.IsPlaceName(name[..2])))) continue;
            return length;
        }

        return 0;
    }

    /// <summary>The length of the name that ends where a title begins; <paramref name="end"/> moves before a rank between them.</summary>
    private int TitledLength(string text, ref int end, bool personal)
    {
        // 李副主任: the rank is no part of the name.
        if (end > 0 && text[end - 1] == '副') end--;
        int run = 0;
        while (run < LongestName && end - run > 0 && IsHan(text[end - run - 1])) run++;
        for (int length = run; length >= 2; length--)
        {
            int start = end - length;
            ReadOnlySpan<char> name = text.AsSpan(start, length);
            int family = surnames.LengthAt(name);
            if (family == 0 || length - family > 2 || length < family) continue;
            if (family == 1 && (surnames.IsAmbiguous(name[0]) || length > 3)) continue;
            // 王先生您好: the name ends before its title, which is found on its own.
            if (start + family < end && AnyAt(text, start + family, Titles) is not null) continue;
            // 张庄村您好: a place is greeted, too.
            if (name[^1] is '的' or '村' or '庄' or '区' or '县' or '镇' or '乡' or '局' or '店' or '厂' || IsWord(name) || (family == 1 && IsWord(name[..2])) || (length > 2 && !personal && IsWord(name[1..]))) continue;
            // 主任张, 业主王: the first character belongs to the word before it.
            if (start > 0 && IsHan(text[start - 1]) && IsWord(text.AsSpan(start - 1, 2))) continue;
            return length;
        }

        if (run == 0) return 0;
        char single = text[end - 1];
        if (surnames.LengthAt(text.AsSpan(end - 1, 1)) == 0) return 0;
        if (run == 1) return surnames.IsAmbiguous(single) ? 0 : 1;
        return surnames.IsAmbiguous(single) || IsWord(text.AsSpan(end - 2, 2)) ? 0 : 1;
    }

    private bool IsWord(ReadOnlySpan<char> characters) => words.Frequency(characters) > 0 && !words.IsPersonName(characters);
}
