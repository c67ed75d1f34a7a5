using System.Buffers;

namespace Opinion.Analysis.Redaction;

/// <summary>
/// Finds numbers of which somebody hid a part: 138****1234, 4301**********1234. What still shows is a part of a
/// person's number. Linear in the text.
/// </summary>
internal static class MaskedNumbers
{
    private const int Longest = 24;

    // Of a mobile number's digits people hide some by whatever sign is at hand; a sign of these two sorts also joins, so that only a row of it hides.
    private static readonly SearchValues<char> MobileMasks = SearchValues.Create("*xX×●○#?_■□█★☆※∗✱某");
    private static readonly SearchValues<char> RowMasks = SearchValues.Create("-.~");

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

        ScanMobiles(text, found);
    }

    /// <summary>138????1234, 138某某某某1234, 13873**1234, +86138****1234: mobile numbers hidden by other signs, by few, or behind letters.</summary>
    private static void ScanMobiles(string text, List<PersonalSpan> found)
    {
        for (int at = 0; at + 6 < text.Length; at++)
        {
            if (text[at] != '1' || (text[at + 1] is < '3' or > '9' && !MobileMasks.Contains(text[at + 1])) || (at > 0 && char.IsAsciiDigit(text[at - 1]) && !IsCountryCode(text, at))) continue;
            int masks = at;
            while (masks < text.Length && masks - at < Longest && char.IsAsciiDigit(text[masks])) masks++;
            int rest = masks;
            while (rest < text.Length && rest - at < Longest && (MobileMasks.Contains(text[rest]) || RowMasks.Contains(text[rest]))) rest++;
            int end = rest;
            while (end < text.Length && end - at < Longest && char.IsAsciiDigit(text[end])) end++;
            (int before, int hidden, int after) = (masks - at, rest - masks, end - rest);
            // A sum or a size is none: 1300*1800, 150...200.
            bool whole = before + hidden + after == 11 && ((hidden >= 3 && before + after > 1) || (hidden > 0 && after != 0 && IsMobileMask(text, masks, rest) && (hidden == 2 || !new Announcement(text, at).IsSilent)));
            bool threeAndFour = before == 3 && after == 4 && hidden >= 2;
            if ((whole || threeAndFour) && (end == text.Length || text[end] is not ('元' or '万' or '年' or '米' or '平'))) found.Add(new PersonalSpan(at, end, PersonalKind.Mobile));
            at = Math.Max(at, masks - 1);
        }
    }

    private static bool IsMobileMask(string text, int start, int end) => text.AsSpan(start, end - start).IndexOfAnyExcept(MobileMasks) < 0;

    private static bool IsCountryCode(string text, int at) => at >= 2 && text[at - 1] == '6' && text[at - 2] == '8' && (at == 2 || !char.IsAsciiDigit(text[at - 3]) || (at >= 4 && text[at - 3] == '0' && text[at - 4] == '0'));

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
