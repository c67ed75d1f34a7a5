namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds numbers of persons in normalised text. Digits that are parted by a few separators make a chain; a number
/// starts and ends where a group of the chain does. Exact kinds go first, the longest first; then what a keyword
/// before it says. Looks at no more than <see cref="LongestNumber"/> digits from any place, so time is linear.
/// </summary>
internal static class NumberScanner
{
    private const int LongestNumber = 30;
    private const int LongestSeparator = 3;

    internal static void Scan(string text, RegionTable regions, List<PersonalSpan> found)
    {
        string digits = WithHanDigits(text);
        var chain = new List<int>();
        for (int at = 0; at < digits.Length;)
        {
            if (!char.IsAsciiDigit(digits[at]))
            {
                at++;
                continue;
            }

            chain.Clear();
            int next = at;
            while (next >= 0)
            {
                chain.Add(next);
                next = NextDigit(digits, next + 1);
            }

            ScanChain(digits, chain, regions, found);
            at = chain[^1] + 1;
        }
    }

    private static int NextDigit(string text, int from)
    {
        for (int at = from; at < text.Length && at - from <= LongestSeparator; at++)
        {
            if (char.IsAsciiDigit(text[at])) return at;
            if (text[at] is not (' ' or '-' or '.' or '·' or '•' or '—' or '–' or '‐' or '−' or '_' or '(' or ')' or '/' or '\t' or '~' or '*')) return -1;
        }

        return -1;
    }

    private static void ScanChain(string text, List<int> chain, RegionTable regions, List<PersonalSpan> found)
    {
        Span<char> number = stackalloc char[LongestNumber];
        for (int start = 0; start < chain.Count;)
        {
            int end = -1;
            PersonalKind kind = default;
            int most = Math.Min(chain.Count, start + LongestNumber);
            for (int i = start; i < most; i++) number[i - start] = text[chain[i]];
            for (int e = most; e > start && end < 0; e--)
            {
                if (EndsGroup(chain, e) && HasPlainDots(text, chain, start, e)
                    && IsExact(text, chain, start, e, number[..(e - start)], regions, out kind)) end = e;
            }

            if (end < 0)
            {
                var announcement = new Announcement(text, chain[start]);
                for (int e = most; e > start && end < 0; e--)
                {
                    if (EndsGroup(chain, e) && announcement.Fits(number[..(e - start)], out kind)) end = e;
                }
            }

            if (end < 0)
            {
                end = start + 1;
                while (!EndsGroup(chain, end)) end++;
            }
            else
            {
                int from = chain[start];
                if (from > 0 && text[from - 1] == '+') from--;
                int to = kind == PersonalKind.Landline ? AfterExtension(text, chain, ref end) : chain[end - 1] + 1;
                if (kind == PersonalKind.ResidentId) to = AfterCheckLetter(text, to);
                found.Add(new PersonalSpan(from, to, kind));
            }

            start = end;
        }
    }

    private static bool EndsGroup(List<int> chain, int end) => end == chain.Count || chain[end] != chain[end - 1] + 1;

    private static bool IsExact(string text, List<int> chain, int start, int end, ReadOnlySpan<char> d, RegionTable regions, out PersonalKind kind)
    {
        kind = PersonalKind.ResidentId;
        if (d.Length == 18 && NumberRules.IsResidentId(d, regions)) return true;
        if (d.Length == 17 && AfterCheckLetter(text, chain[end - 1] + 1) > chain[end - 1] + 1
            && NumberRules.IsResidentId([.. d, 'X'], regions)) return true;
        if (NumberRules.IsOldResidentId(d, regions)) return true;
        kind = PersonalKind.BankCard;
        if (NumberRules.IsCard(d)) return true;
        kind = PersonalKind.Mobile;
        if ((NumberRules.IsMobile(d) || NumberRules.IsPrefixedMobile(d)) && HasMobileShape(chain, start, end)) return true;
        // Two numbers written without anything between them.
        if (d.Length == 22 && chain[end - 1] - chain[start] == 21 && NumberRules.IsMobile(d[..11]) && NumberRules.IsMobile(d[11..])) return true;
        // +852 9123 4567: an international number says so itself.
        int plus = chain[start] - 1;
        if (d.Length is >= 8 and <= 15 && d[0] != '0' && plus >= 0 && text[plus] == '+' && (plus == 0 || !char.IsAsciiLetterOrDigit(text[plus - 1]))) return true;
        kind = PersonalKind.Landline;
        return NumberRules.IsLandline(d);
    }

    // 138 1234 5678 and its like, or every digit by itself; figures in a row that add up to 11 digits look otherwise.
    private static bool HasMobileShape(List<int> chain, int start, int end)
    {
        int groups = 0;
        int shortest = int.MaxValue;
        for (int i = start; i < end;)
        {
            int next = GroupEnd(chain, i, end);
            shortest = Math.Min(shortest, next - i);
            groups++;
            i = next;
        }

        return (groups <= 5 && shortest > 1) || groups == end - start;
    }

    // 1986.2-1991.11 are months, 76.1030.44 are marks: where dots part the digits, three or more must stand together.
    private static bool HasPlainDots(string text, List<int> chain, int start, int end)
    {
        bool dots = false;
        int shortest = int.MaxValue;
        for (int i = start; i < end;)
        {
            int next = GroupEnd(chain, i, end);
            shortest = Math.Min(shortest, next - i);
            if (next < end) dots |= text.AsSpan(chain[next - 1], chain[next] - chain[next - 1]).Contains('.');
            i = next;
        }

        return !dots || (shortest >= 3 && end - start <= 13);
    }

    private static int GroupEnd(List<int> chain, int from, int end)
    {
        int next = from + 1;
        while (next < end && !EndsGroup(chain, next)) next++;
        return next;
    }

    private static int AfterCheckLetter(string text, int at)
    {
        int letter = at;
        while (letter < text.Length && letter - at < 2 && text[letter] is ' ' or '-') letter++;
        bool found = letter < text.Length && text[letter] is 'X' or 'x' or '×' or 'Х' or 'χ'
            && (letter + 1 == text.Length || !char.IsAsciiLetterOrDigit(text[letter + 1]));
        return found ? letter + 1 : at;
    }

    /// <summary>Takes in an extension after a fixed-line number: -801, 转801, 分机801, ext. 801.</summary>
    private static int AfterExtension(string text, List<int> chain, ref int end)
    {
        int after = chain[end - 1] + 1;
        int groupEnd = end;
        while (groupEnd < chain.Count && (groupEnd == end || !EndsGroup(chain, groupEnd))) groupEnd++;
        if (groupEnd > end && groupEnd - end <= 5 && text[after] == '-')
        {
            end = groupEnd;
            return chain[groupEnd - 1] + 1;
        }

        int at = after;
        while (at < text.Length && at - after < 3 && text[at] is ' ' or '-' or '(' or ',') at++;
        foreach (string word in (ReadOnlySpan<string>)["转分机", "转", "分机", "ext.", "ext", "-"])
        {
            if (string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0) continue;
            int digit = at + word.Length;
            while (digit < text.Length && digit - at < word.Length + 3 && text[digit] is ' ' or ':' or '号') digit++;
            int last = digit;
            while (last < text.Length && last - digit < 6 && char.IsAsciiDigit(text[last])) last++;
            if (last == digit) break;
            // The extension is no number of its own.
            while (end < chain.Count && chain[end] < last) end++;
            return last;
        }

        return after;
    }

    /// <summary>The text with Han digits in runs of seven or more digits as ASCII, character for character.</summary>
    private static string WithHanDigits(string text)
    {
        const string Han = "〇一二三四五六七八九零幺两壹贰叁肆伍陆柒捌玖";
        const string Ascii = "0123456789012123456789";
        char[]? changed = null;
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || Han.Contains(text[end], StringComparison.Ordinal))) end++;
            if (end - at >= 7)
            {
                for (int i = at; i < end; i++)
                {
                    int digit = Han.IndexOf(text[i], StringComparison.Ordinal);
                    if (digit >= 0) (changed ??= text.ToCharArray())[i] = Ascii[digit];
                }
            }

            at = Math.Max(end, at + 1);
        }

        return changed is null ? text : new string(changed);
    }

    /// <summary>What the words before a place say about a number that starts there.</summary>
    private readonly struct Announcement(string text, int at)
    {
        private readonly bool _identity = Keywords.Before(text, at, Keywords.Identity) || Keywords.Near(text, at, 14, "身份证", "身份号", "证件号");
        private readonly bool _account = Keywords.Before(text, at, Keywords.Account);
        private readonly bool _qq = Keywords.Before(text, at, Keywords.QQ);
        private readonly bool _weChat = Keywords.Before(text, at, Keywords.WeChat);
        private readonly bool _phone = Keywords.Before(text, at, Keywords.Phone);
        private readonly bool _permit = Keywords.Before(text, at, Keywords.Permit);

        internal bool Fits(ReadOnlySpan<char> d, out PersonalKind kind)
        {
            kind = PersonalKind.ResidentId;
            if (_identity && d.Length is >= 12 and <= 20) return true;
            kind = PersonalKind.BankCard;
            if (_account && d.Length >= 10) return true;
            kind = PersonalKind.QQ;
            if (_qq && d.Length is >= 5 and <= 12) return true;
            kind = PersonalKind.WeChat;
            if (_weChat && d.Length is >= 5 and <= 14) return true;
            kind = d[0] == '1' ? PersonalKind.Mobile : PersonalKind.Landline;
            if (_phone && d.Length is >= 7 and <= 14 && !NumberRules.IsServiceLine(d)) return true;
            kind = PersonalKind.TravelPermit;
            return _permit && d.Length is >= 7 and <= 12;
        }
    }
}
