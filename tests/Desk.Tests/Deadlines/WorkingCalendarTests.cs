using NodaTime;
using Opinion.Desk.Deadlines;
using Opinion.Desk.Offices;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Deadlines;

public class WorkingCalendarTests() : DeskSuite(TestEngine.Sqlite)
{
    private const int Seed = 20261118;

    // As announced by the General Office of the State Council for 2026; copied here by hand, not from the starter table.
    private static readonly (int Month, int First, int Last)[] Holidays2026 = [(1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7)];
    private static readonly (int Month, int Day)[] MakeUp2026 = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)];

    [Fact]
    public async Task Every_day_of_2026_is_worked_or_free_as_announced()
    {
        var calendar = (await Town.Get<OfficeDirectory>().GetAsync(None)).Calendar;
        var days = Enumerable.Range(0, 365).Select(new DateOnly(2026, 1, 1).AddDays).ToList();
        Assert.All(days, day => Assert.Equal(Works2026(day), calendar.IsWorkingDay(day)));
        Assert.Equal(248, days.Count(calendar.IsWorkingDay));
    }

    [Theory]
    [InlineData("2026-11-16", 0, "2026-11-16")] // Monday
    [InlineData("2026-11-16", 5, "2026-11-23")]
    [InlineData("2026-11-21", 0, "2026-11-21")] // Saturday: danger is due at once
    [InlineData("2026-11-21", 1, "2026-11-23")]
    [InlineData("2026-02-13", 1, "2026-02-14")] // a Saturday that is worked
    [InlineData("2026-02-13", 5, "2026-02-27")] // over Spring Festival
    [InlineData("2026-02-13", 6, "2026-02-28")]
    [InlineData("2026-09-30", 3, "2026-10-10")] // over National Day to its make-up Saturday
    [InlineData("2026-04-30", 4, "2026-05-09")]
    [InlineData("2026-12-31", 1, "2027-01-04")] // over the year's end
    public async Task A_deadline_counts_working_days_from_the_day_after_arrival(string arrival, int days, string deadline)
    {
        var calendar = (await Town.Get<OfficeDirectory>().GetAsync(None)).Calendar;
        var given = calendar.DeadlineFor(calendar.FromOffice(Day(arrival).ToDateTime(new TimeOnly(12, 0))), days);
        Assert.Equal(Day(deadline), given.Day);
        Assert.Equal(new DateTimeOffset(Day(deadline).AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)), given.End);
    }

    [Fact]
    public async Task Midnight_in_the_office_parts_one_day_of_arrival_from_the_next()
    {
        var calendar = (await Town.Get<OfficeDirectory>().GetAsync(None)).Calendar;
        var lastMoment = new DateTimeOffset(2026, 11, 16, 23, 59, 59, 999, TimeSpan.FromHours(8));
        Assert.Equal(new DateOnly(2026, 11, 17), calendar.DeadlineFor(lastMoment, 1).Day);
        Assert.Equal(new DateOnly(2026, 11, 18), calendar.DeadlineFor(lastMoment.AddMilliseconds(1), 1).Day);
        // The same moment said in another offset is the same moment.
        Assert.Equal(calendar.DeadlineFor(lastMoment, 1), calendar.DeadlineFor(lastMoment.ToUniversalTime(), 1));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", 23)]
    [InlineData("Europe/Berlin", "2026-10-25", 25)]
    [InlineData("Asia/Shanghai", "2026-03-29", 24)]
    [InlineData("Africa/Cairo", "2026-04-24", 23)] // here the clock jumps at midnight: the day begins at one
    [InlineData("Australia/Lord_Howe", "2026-10-04", 23.5)]
    public void A_day_on_which_the_clock_is_moved_is_as_long_as_it_is(string zone, string day, double hours)
    {
        var calendar = Calendar(zone);
        Assert.Equal(TimeSpan.FromHours(hours), calendar.EndOf(Day(day)).End - calendar.StartOf(Day(day)));
    }

    [Fact]
    public void Deadlines_are_those_of_naive_counting_in_any_zone_and_calendar()
    {
        var random = new Random(Seed);
        string[] zones = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Kiritimati", "UTC"];
        for (var round = 0; round < 2000; round++)
        {
            var zone = zones[random.Next(zones.Length)];
            var exceptions = Enumerable.Range(0, random.Next(40)).Select(_ => new DateOnly(2026, 1, 1).AddDays(random.Next(800)))
                .Distinct().ToDictionary(day => day, _ => (DayKind)random.Next(2));
            var calendar = Calendar(zone, exceptions);
            var arrival = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(random.NextInt64(730L * 86_400_000));
            var days = random.Next(40);

            var local = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(arrival, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
            var expected = local;
            while (Enumerable.Range(1, expected.DayNumber - local.DayNumber).Count(i => Works(local.AddDays(i), exceptions)) < days) expected = expected.AddDays(1);
            var given = calendar.DeadlineFor(arrival, days);
            Assert.True(expected == given.Day, $"seed {Seed}, round {round}: {zone}, {arrival:O} and {days} days gave {given.Day:O}, not {expected:O}");
            Assert.Equal(given.Day, calendar.DayOf(given.End.AddTicks(-1)));
            Assert.Equal(given.Day.AddDays(1), calendar.DayOf(given.End));
            Assert.Equal(days, calendar.WorkingDaysLeft(arrival, given.Day));
            Assert.True(calendar.WorkingDaysLeft(given.End, given.Day) < 0);
        }
    }

    [Fact]
    public void Working_days_left_count_down_to_nought_on_the_day_and_are_negative_after_it()
    {
        var calendar = Calendar("Asia/Shanghai");
        int Left(int day) => calendar.WorkingDaysLeft(new DateTimeOffset(2026, 11, day, 12, 0, 0, TimeSpan.FromHours(8)), new DateOnly(2026, 11, 20));
        Assert.Equal([4, 1, 0, -1, -1, -1, -2], new[] { 16, 19, 20, 21, 22, 23, 24 }.Select(Left));
    }

    [Fact]
    public void Days_are_not_counted_backwards() => Assert.Throws<ArgumentOutOfRangeException>(() => Calendar("UTC").AddWorkingDays(new DateOnly(2026, 1, 1), -1));

    [Fact]
    public async Task An_office_in_a_zone_with_daylight_saving_gives_its_own_deadlines()
    {
        await using var town = await Town.OpenAsync(Engine, foundation: Town.Foundation with { TimeZone = "Europe/Berlin" });
        // Friday the 23rd of October, 23:30 in Berlin; the clocks go back on Sunday.
        town.Clock.Now = new DateTimeOffset(2026, 10, 23, 21, 30, 0, TimeSpan.Zero);
        var filed = await town.AssignAsync();
        Assert.Equal(new DateOnly(2026, 10, 30), (await town.FollowAsync(filed)).Deadline);
        Assert.Equal(new DateTimeOffset(2026, 10, 31, 0, 0, 0, TimeSpan.FromHours(1)).ToUnixTimeMilliseconds(), await town.CountAsync("SELECT deadline_at FROM matters"));
    }

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static WorkingCalendar Calendar(string zone, Dictionary<DateOnly, DayKind>? exceptions = null) => new(DateTimeZoneProviders.Tzdb[zone], exceptions ?? []);

    private static bool Works(DateOnly day, Dictionary<DateOnly, DayKind> exceptions) =>
        exceptions.TryGetValue(day, out var kind) ? kind == DayKind.Workday : (int)day.DayOfWeek is >= 1 and <= 5;

    private static bool Works2026(DateOnly day) => MakeUp2026.Contains((day.Month, day.Day))
        || ((int)day.DayOfWeek is >= 1 and <= 5 && !Holidays2026.Any(holiday => holiday.Month == day.Month && day.Day >= holiday.First && day.Day <= holiday.Last));
}
