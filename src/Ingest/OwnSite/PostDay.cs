using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Opinion.Desk.Deadlines;

namespace Opinion.Ingest.OwnSite;

/// <summary>Reads when a post was posted from the words boards use: 2026-11-02 09:15, 2026/11/2, 2026年11月2日 9时15分, or ISO 8601 with an offset.</summary>
public static partial class PostDay
{
    /// <summary>Reads a moment; null where there is none, or more than one could be meant.</summary>
    /// <param name="text">The words; others may stand around them.</param>
    /// <param name="calendar">The office's clock, where the words name no offset.</param>
    public static DateTimeOffset? Read(string text, WorkingCalendar calendar)
    {
        var matches = Words().Matches(text.Normalize(NormalizationForm.FormKC));
        if (matches.Count != 1) return null;
        var parts = matches[0].Groups;
        int year = Number(parts["y"]), month = Number(parts["m"]), day = Number(parts["d"]), hour = Number(parts["h"]), minute = Number(parts["n"]), second = Number(parts["s"]);
        if (year is < 1970 or > 9000 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return null;
        var wall = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        var offset = parts["o"].Value;
        if (offset.Length == 0) return calendar.FromOffice(wall);
        if (offset is "Z" or "z") return new DateTimeOffset(wall, TimeSpan.Zero);
        var digits = offset.Replace(":", "", StringComparison.Ordinal);
        int hours = int.Parse(digits.AsSpan(1, 2), CultureInfo.InvariantCulture), minutes = int.Parse(digits.AsSpan(3, 2), CultureInfo.InvariantCulture);
        if (hours > 14 || minutes > 59 || (hours == 14 && minutes > 0)) return null;
        return new DateTimeOffset(wall, (digits[0] == '-' ? -1 : 1) * new TimeSpan(hours, minutes, 0));
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("""
        (?<![0-9])(?<y>[0-9]{4})\s?[-/.年]\s?(?<m>[0-9]{1,2})\s?[-/.月]\s?(?<d>[0-9]{1,2})(?![0-9])(?:\s?日)?
        (?:[Tt\s]\s*(?<h>[0-9]{1,2})\s?[:时点]\s?(?<n>[0-9]{1,2})\s?分?(?:\s?[:]?\s?(?<s>[0-9]{2})\s?秒?(?:\.[0-9]{1,9})?)?\s?(?<o>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Words();
}
