using Opinion.Desk.Reports;

namespace Opinion.Desk.Tests.Reports;

public class IsoWeekTests
{
    [Theory]
    [InlineData("2026-W47", "2026-11-16")]
    [InlineData("2026-W01", "2025-12-29")]
    [InlineData("2026-W53", "2026-12-28")]
    [InlineData("2020-W53", "2020-12-28")]
    [InlineData("2021-W01", "2021-01-04")]
    public void A_week_begins_on_its_monday(string week, string monday)
    {
        var parsed = IsoWeek.Parse(week);
        Assert.Equal(monday, parsed!.Value.Monday.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(week, parsed.Value.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-W00")]
    [InlineData("2026-W54")]
    [InlineData("2025-W53")]
    [InlineData("2026-w47")]
    [InlineData("2026W47")]
    [InlineData("2026-W7")]
    [InlineData("2026-W 7")]
    [InlineData("2026-W+7")]
    [InlineData("２０２６-W47")]
    [InlineData("2026-W47 ")]
    [InlineData("2026-W4７")]
    [InlineData("0000-W01")]
    public void Anything_else_is_no_week(string? text) => Assert.Null(IsoWeek.Parse(text));

    [Fact]
    public void Every_day_of_two_centuries_lies_in_the_week_that_holds_its_thursday()
    {
        var days = 0;
        for (var day = new DateOnly(1950, 1, 1); day < new DateOnly(2150, 1, 1); day = day.AddDays(1), days++)
        {
            var week = IsoWeek.Of(day);
            var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
            var thursday = monday.AddDays(3);
            Assert.Equal((monday, thursday.Year, ((thursday.DayOfYear - 1) / 7) + 1), (week.Monday, week.Year, week.Number));
            if (day != monday) continue;
            Assert.Equal(week, IsoWeek.Parse(week.ToString()));
            Assert.Equal((week, week), (week.Next.Previous, week.Previous.Next));
        }

        Assert.Equal(73049, days);
    }
}
