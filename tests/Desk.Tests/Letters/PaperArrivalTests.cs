using Opinion.Desk.Deadlines;
using Opinion.Desk.Letters;

namespace Opinion.Desk.Tests.Letters;

/// <summary>Which days of arrival are taken for a letter on paper, and what moment each stands for.</summary>
public sealed class PaperArrivalTests
{
    // 00:30 on Tuesday 17 November in Shanghai, still Monday in UTC.
    private static readonly DateTimeOffset Now = new(2026, 11, 16, 16, 30, 0, TimeSpan.Zero);
    private static readonly WorkingCalendar Calendar = new(NodaTime.DateTimeZoneProviders.Tzdb["Asia/Shanghai"], new Dictionary<DateOnly, DayKind>());

    [Theory]
    [InlineData("2026-11-16", "2026-11-16T12:00:00+08:00")]
    [InlineData("2026-11-17", "2026-11-17T00:30:00+08:00")]
    [InlineData(" 2025-11-17 ", "2025-11-17T12:00:00+08:00")]
    [InlineData("2024-02-29", null)]
    [InlineData("2025-11-16", null)]
    [InlineData("2026-11-18", null)]
    [InlineData("2026-02-30", null)]
    [InlineData("17.11.2026", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_day_stands_for_noon_in_the_office_but_never_for_what_is_to_come(string? day, string? moment) =>
        Assert.Equal(moment is null ? null : DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture), PaperArrival.Of(day, Calendar, Now));
}
