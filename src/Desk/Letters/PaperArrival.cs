using System.Globalization;
using Opinion.Desk.Deadlines;

namespace Opinion.Desk.Letters;

/// <summary>When a letter on paper arrived, by the stamp on it: its deadline runs from that day, not from the day it was typed in.</summary>
public static class PaperArrival
{
    private static readonly TimeSpan Noon = TimeSpan.FromHours(12);

    /// <summary>The first day that is taken: a year ago.</summary>
    public static DateOnly Earliest(WorkingCalendar calendar, DateTimeOffset now) => calendar.DayOf(now).AddYears(-1);

    /// <summary>The moment a day of arrival stands for: noon in the office, or now where that is yet to come.</summary>
    /// <param name="day">The day as typed, <c>yyyy-MM-dd</c>.</param>
    /// <param name="calendar">The office's calendar.</param>
    /// <param name="now">The present moment.</param>
    /// <returns>Null for no day, one in the future and one more than a year ago.</returns>
    public static DateTimeOffset? Of(string? day, WorkingCalendar calendar, DateTimeOffset now)
    {
        if (!DateOnly.TryParseExact(day?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return null;
        if (date > calendar.DayOf(now) || date < Earliest(calendar, now)) return null;
        var noon = calendar.FromOffice(date.ToDateTime(TimeOnly.FromTimeSpan(Noon)));
        return noon > now ? now : noon;
    }
}
