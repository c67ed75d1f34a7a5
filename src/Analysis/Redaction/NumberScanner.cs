namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds numbers of persons in normalised text. Digits that are parted by a few separators make a chain; a number
/// starts and ends where a group of the chain does. Exact kinds go first, the longest first; then what a keyword
/// before it says. Looks at no more than <see cref="LongestNumber"/> digits from any place, so time is linear.
/// </summary>
internal static class NumberScanner
{
    private const int LongestNumber = 30;
    private const int LongestExact = 22;
    private const int ShortestExact = 8;
    private const int LongestSeparator = 3;

    internal static void Scan(string text, RegionTable regions, List<PersonalSpan> found)
    {
        string digits = HanDigits.ToAscii(text);
        var chain = new List<int>();
        for (int at = digits.AsSpan().IndexOfAnyInRange('0', '9'); at >= 0 && at < digits.Length;)
        {
            chain.Clear();
            int next = at;
            while (next >= 0)
            {
                chain.Add(next);
                next = NextDigit(digits, next + 1);
            }

            ScanChain(digits, chain, regions, found);
            at = chain[^1] + 1;
            next = digits.AsSpan(at).IndexOfAnyInRange('0', '9');
            at = next < 0 ? -1 : at + next;
        }

        MaskedNumbers.Scan(digits, regions, found);
    }

    private static int NextDigit(string text, int from)
    {
        for (int at = from; at < text.Length && at - from <= LongestSeparator; at++)
        {
            if (char.IsAsciiDigit(text[at])) return at;
            if (text[at] is not (' ' or '-' or '.' or '·' or '•' or '—' or '–' or '‐' or '−' or '_' or '(' or ')' or '/' or '\t' or '~' or '*' or '\u20E3')) return -1;
        }

        return -1;
    }

    private static void ScanChain(string text, List<int> chain, RegionTable regions, List<PersonalSpan> found)
    {
        Span<char> number = stackalloc char[LongestNumber];
        // Words stand before the first digit of a chain or not at all.
        var announcement = new Announcement(text, chain[0]);
        bool follows = FollowsPhone(text, chain[0], found);
        bool anything = false;
        for (int start = 0; start < chain.Count;)
        {
            int end = -1;
            PersonalKind kind = default;
            int most = Math.Min(chain.Count, start + LongestNumber);
            for (int i = start; i < most; i++) number[i - start] = text[chain[i]];
            for (int e = Math.Min(most, start + LongestExact); e >= start + ShortestExact && end < 0; e--)
            {
                if (EndsGroup(chain, e) && IsExact(text, chain, start, e, number[..(e - start)], regions, !announcement.IsSilent, out kind)
                    && HasPlainDots(text, chain, start, e)) end = e;
            }

            // 400-820-8820 is a firm's: passed over whole.
            if (end < 0 && most - start >= 10 && EndsGroup(chain, start + 10) && NumberRules.IsServiceLine(number[..10])
                && !(announcement.Fits(number[..10], out PersonalKind said) && said is PersonalKind.QQ or PersonalKind.WeChat or PersonalKind.BankCard))
            {
                start += 10;
                anything = true;
                continue;
            }

            bool announced = !announcement.IsSilent && !anything && start <= 1;
            for (int e = most; announced && e > start && end < 0; e--)
            {
                if (EndsGroup(chain, e) && announcement.Fits(number[..(e - start)], out kind)) end = e;
            }

            // 0731-84512345、84512346: the second one is a number like the first.
            for (int e = Math.Min(most, start + 8); follows && start == 0 && end < 0 && e >= start + 7; e--)
            {
                kind = PersonalKind.Landline;
                if (EndsGroup(chain, e) && number[0] is >= '2' and <= '8') end = e;
            }

            if (end < 0)
            {
                end = start + 1;
                while (!EndsGroup(chain, end)) end++;
            }
            else
            {
                anything = true;
                AddNumber(text, chain, start, ref end, kind, found);
            }

            start = end;
        }
    }

    private static bool FollowsPhone(string text, int at, List<PersonalSpan> found)
    {
        if (found.Count == 0 || found[^1].Kind is not (PersonalKind.Landline or PersonalKind.Mobile)) return false;
        int from = found[^1].End;
        if (from >= at || at - from > 3) return false;
        foreach (char c in text.AsSpan(from, at - from))
        {
            if (c is not ('、' or ',' or ';' or '/' or ' ' or '或' or '和' or '及')) return false;
        }

        return true;
    }

    private static void AddNumber(string text, List<int> chain, int start, ref int end, PersonalKind kind, List<PersonalSpan> found)
    {
        int from = chain[start];
        int to = kind == PersonalKind.Landline ? AfterExtension(text, chain, ref end) : chain[end - 1] + 1;
        if (kind == PersonalKind.ResidentId) to = AfterCheckLetter(text, to);
        // (0731)84512345, (+86)138…: the bracket that is closed inside belongs to the number.
        ReadOnlySpan<char> inside = text.AsSpan(from, to - from);
        if (from > 0 && text[from - 1] == '+') from--;
        if (from > 0 && text[from - 1] == '(' && inside.IndexOf(')') is int close and >= 0 && !inside[..close].Contains('(')) from--;
        if (from > 0 && text[from - 1] == '+') from--;
        found.Add(new PersonalSpan(from, to, kind));
    }

    private static bool EndsGroup(List<int> chain, int end) => end == chain.Count || chain[end] != chain[end - 1] + 1;

    private static bool IsExact(string text, List<int> chain, int start, int end, ReadOnlySpan<char> d, RegionTable regions, bool announced, out PersonalKind kind)
    {
        kind = PersonalKind.ResidentId;
        if (d.Length == 18 && NumberRules.IsResidentId(d, regions)) return true;
        if (d.Length == 17 && AfterCheckLetter(text, chain[end - 1] + 1) > chain[end - 1] + 1
            && NumberRules.IsResidentId([.. d, 'X'], regions)) return true;
        if (NumberRules.IsOldResidentId(d, regions)) return true;
        // 15000000000元 is a sum, however long.
        if (!announced && d[0] != '0' && chain[end - 1] - chain[start] == d.Length - 1 && IsSum(text, chain[end - 1] + 1)) return false;
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

    private static bool IsSum(string text, int at)
    {
        if (at < text.Length && text[at] == ' ') at++;
        if (at + 2 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1])) at += char.IsAsciiDigit(text[at + 2]) ? 3 : 2;
        return at < text.Length && text[at] is '元' or '万' or '亿';
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
            // +86 138.1234.5678: the prefix of the country is no group of the number.
            bool prefix = i == start && (next - i is 2 or 4) && text[chain[next - 1]] == '6' && text[chain[next - 2]] == '8';
            if (!prefix) shortest = Math.Min(shortest, next - i);
            if (next < end) dots |= text.AsSpan(chain[next - 1], chain[next] - chain[next - 1]).Contains('.');
            i = next;
        }

        return !dots || (shortest >= 3 && end - start <= 15);
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
}
