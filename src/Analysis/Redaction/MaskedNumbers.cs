namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds numbers of which somebody hid a part: 138****1234, 4301**********1234. What still shows is a part of a
/// person's number. Linear in the text.
/// </summary>
internal static class MaskedNumbers
{
    private const int Longest = 24;

    internal static void Scan(string text, RegionTable regions, List<PersonalSpan> found)
    {
        for (int at = 0; at < text.Length;)
        {
            if (!IsPart(text[at]) || (at > 0 && char.IsAsciiLetter(text[at - 1])))
            {
                at++;
                continue;
            }

            int end = at;
            int digits = 0;
            int hidden = 0;
            int run = 0;
            int longestRun = 0;
            while (end < text.Length && (IsPart(text[end]) || IsJoint(text, at, end)))
            {
                if (!IsPart(text[end]))
                {
                    end++;
                    continue;
                }

                bool digit = char.IsAsciiDigit(text[end]);
                digits += digit ? 1 : 0;
                hidden += digit ? 0 : 1;
                run = digit ? 0 : run + 1;
                longestRun = Math.Max(longestRun, run);
                end++;
            }

            if (digits >= 2 && longestRun >= 3 && end - at <= Longest && Kind(text, at, end, regions) is PersonalKind kind)
            {
                found.Add(new PersonalSpan(at, end, kind));
            }

            at = end;
        }
    }

    // 138-****-1234
    private static bool IsJoint(string text, int start, int at) => text[at] is '-' or ' ' && at > start && at + 1 < text.Length && IsPart(text[at - 1]) && IsPart(text[at + 1]);

    private static bool IsPart(char c) => char.IsAsciiDigit(c) || c is '*' or 'x' or 'X' or '×' or '●' or '○' or '#';

    private static PersonalKind? Kind(string text, int start, int end, RegionTable regions)
    {
        int length = end - start;
        int shown = start;
        while (shown < end && char.IsAsciiDigit(text[shown])) shown++;
        shown -= start;
        bool mobile = shown >= 2 && text[start] == '1' && text[start + 1] is >= '3' and <= '9';
        if (mobile && length is >= 9 and <= 13) return PersonalKind.Mobile;
        if (new Announcement(text, start).Kind(mobile) is PersonalKind announced) return announced;
        if (length is >= 14 and <= 20 && shown >= 2 && regions.IsRegion(text[start], text[start + 1])) return PersonalKind.ResidentId;
        // 6228 **** **** 018, hidden in one stretch.
        return length is >= 15 and <= 20 && shown >= 4 ? PersonalKind.BankCard : null;
    }
}
