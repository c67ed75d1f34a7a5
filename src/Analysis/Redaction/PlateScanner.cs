namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds number plates (GA 36-2018): of cars, electric cars, trailers, driving schools, police, embassies and consulates,
/// for Hong Kong and Macau, of the armed police, and parts of them that somebody left readable. Linear in the text.
/// </summary>
internal static class PlateScanner
{
    private const int LongestTail = 24;

    internal static void Scan(string text, RegionTable regions, List<PersonalSpan> found)
    {
        int before = -1;
        for (int at = 0; at < text.Length;)
        {
            int end = text[at] switch
            {
                'W' or 'w' => ArmedPoliceEnd(text, at, regions),
                '使' => EmbassyEnd(text, at),
                _ => regions.IsPlate(text[at]) ? End(text, at, before >= 0 && at - before <= 3) : 0,
            };
            if (end > 0) found.Add(new PersonalSpan(at, before = end, PersonalKind.Plate));
            at = Math.Max(end, at + 1);
        }
    }

    // Province, letter, then five signs (six for electric cars), or four and one of 挂学警港澳; a dot may stand after the letter.
    private static int End(string text, int at, bool listed)
    {
        int letter = at + 1;
        if (letter < text.Length && text[letter] == ' ') letter++;
        if (letter >= text.Length || !char.IsAsciiLetter(text[letter])) return 0;
        int start = AfterDot(text, letter + 1);
        int end = start;
        int signs = 0;
        int digits = 0;
        int hidden = 0;
        while (end < text.Length && end - start < LongestTail)
        {
            char c = text[end];
            if (char.IsAsciiLetterOrDigit(c) || c is '*' or '×')
            {
                signs++;
                if (char.IsAsciiDigit(c)) digits++;
                if (c is '*' or '×') hidden++;
            }
            else if (!(c is ' ' or '-' or '·' or '.' && signs is >= 1 and < 6 && end + 1 < text.Length && char.IsAsciiLetterOrDigit(text[end + 1])))
            {
                break;
            }

            end++;
        }

        bool tail = end < text.Length && text[end] is '挂' or '学' or '警' or '港' or '澳' or '试' or '超' or '领';
        // 湘A*****: what shows is a part of a plate.
        if (hidden >= 2) return end;
        if (digits > 0 && end - start == signs && IsLength(signs, tail)) return tail && signs <= 5 ? end + 1 : end;
        // 湘A 123 45, or a plate and then another number: taken up to the first sign between them.
        int first = start;
        while (first < end && char.IsAsciiLetterOrDigit(text[first])) first++;
        bool digit = text.AsSpan(start, first - start).ContainsAnyInRange('0', '9');
        if (digit && first - start is 5 or 6) return first;
        if (digits > 0 && signs is 5 or 6 && first < end) return end;
        // A sign too few or too many is still a plate beside a car or another plate.
        return first - start is 4 or 7 && digits >= 3 && (listed || Keywords.Near(text, at, 12, "车", "牌") || text.AsSpan(first, Math.Min(6, text.Length - first)).Contains('车')) ? first : 0;
    }

    private static bool IsLength(int signs, bool tail) => signs is 5 or 6 || (signs == 4 && tail);

    private static int AfterDot(string text, int at)
    {
        int after = at;
        while (after < text.Length && after - at < 2 && text[after] is '·' or '•' or '.' or '-' or ' ' or '・' or '∙' or '⋅') after++;
        return after;
    }

    // 使014·578.
    private static int EmbassyEnd(string text, int at)
    {
        int end = at + 1;
        int digits = 0;
        while (end < text.Length && end - at <= 8 && (char.IsAsciiDigit(text[end]) || (digits == 3 && text[end] is '·' or ' ' or '-' or '.')))
        {
            if (char.IsAsciiDigit(text[end])) digits++;
            end++;
        }

        return digits == 6 ? end : 0;
    }

    // WJ京1234X, WJ·京·12345 and the older WJ31-12345.
    private static int ArmedPoliceEnd(string text, int at, RegionTable regions)
    {
        if (at + 1 >= text.Length || text[at + 1] is not ('J' or 'j') || (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]))) return 0;
        int start = AfterDot(text, at + 2);
        bool province = start < text.Length && regions.IsPlate(text[start]);
        if (province) start = AfterDot(text, start + 1);
        int end = start;
        int signs = 0;
        while (end < text.Length && signs < 8 && (char.IsAsciiLetterOrDigit(text[end]) || (signs is 1 or 2 && text[end] is '-' or '·' or ' ')))
        {
            if (char.IsAsciiLetterOrDigit(text[end])) signs++;
            end++;
        }

        return signs is >= 5 and <= 7 || (province && signs == 4) ? end : 0;
    }
}
