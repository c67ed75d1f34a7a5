using System.Globalization;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Faults;

/// <summary>The fault "the clock jumps": what has been given stays as it was given, and what comes next is right by the clock as it now is.</summary>
public abstract class ClockTests(TestEngine engine) : DeskSuite(engine)
{
    [Theory]
    [InlineData(-1)]
    [InlineData(-400 * 24)]
    [InlineData(400 * 24)]
    public async Task Letters_before_and_after_a_jump_keep_their_receipts_deadlines_and_history(int hours)
    {
        var before = await Town.AssignAsync();
        var waiting = await Town.FileAsync();
        var deadline = (await Town.FollowAsync(before)).Deadline;
        Assert.NotNull(deadline);
        var held = await Invariants.RememberAsync(Town.Store);

        Town.Clock.Advance(TimeSpan.FromHours(hours));
        var after = await Town.FileAsync();
        Assert.Equal(2, await Town.CarryOnAsync());
        // The letter that waited is due from its arrival, not from the moment it was sorted.
        Assert.Equal(deadline, (await Town.FollowAsync(before)).Deadline);
        Assert.Equal(deadline, (await Town.FollowAsync(waiting)).Deadline);
        var office = await Town.Get<OfficeDirectory>().GetAsync(None);
        Assert.Equal(office.Calendar.DeadlineFor(Town.Clock.Now, 5).Day, (await Town.FollowAsync(after)).Deadline);
        // The history is told in the order in which it was written, whatever the clock said then.
        Assert.Equal([HistoryKind.Received, HistoryKind.Sorted, HistoryKind.Assigned], await Town.HistoryAsync(waiting));

        // A repeat is known as one on either side of the jump.
        var letter = Town.Letter();
        var first = await Town.Get<ReceiveLetter>().HandleAsync(letter, None);
        Town.Clock.Advance(TimeSpan.FromHours(-hours));
        var again = await Town.Get<ReceiveLetter>().HandleAsync(letter with { Arrived = Town.Clock.Now }, None);
        Assert.Equal((first.Code, true), (again.Code, again.Repeated));
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(await Town.StaffAsync("urban-1"), before.Number, Disposition.Solved, "路灯今日已修复。", None));
        await held.HoldAsync(Town.Store, [before.Receipt.Code.Text, waiting.Receipt.Code.Text, after.Receipt.Code.Text, first.Code.Text], 4);
    }

    [Fact]
    public async Task An_id_tells_the_arrival_and_a_letter_lies_with_its_month_whenever_it_is_stored()
    {
        DateTimeOffset[] arrivals =
        [
            new(2026, 12, 31, 15, 59, 59, 999, TimeSpan.Zero), new(2026, 12, 31, 16, 0, 0, TimeSpan.Zero), new(2026, 12, 31, 23, 59, 59, 999, TimeSpan.Zero),
            new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 2, 28, 23, 59, 59, 999, TimeSpan.Zero), new(2028, 2, 29, 0, 0, 0, TimeSpan.Zero),
        ];
        Town.Clock.Advance(TimeSpan.FromDays(400));
        var receipts = new List<string>();
        foreach (var arrival in arrivals) receipts.Add((await Town.FileAsync(Town.Letter() with { Arrived = arrival })).Receipt.Code.Text);
        var rows = await Town.QueryAsync("SELECT id, arrived_at FROM letters", row => (Id: row.GetString(0), At: row.GetInt64(1)));
        Assert.Equal(arrivals.Length, rows.Count);
        foreach (var (id, at) in rows) Assert.Equal(at, long.Parse(id.AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(arrivals.Select(at => at.ToUnixTimeMilliseconds()).Order(), rows.OrderBy(row => row.Id, StringComparer.Ordinal).Select(row => row.At));
        if (Town.Store.Engine == "postgres")
        {
            Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM letters WHERE tableoid::regclass::text <> 'letters_' || to_char(to_timestamp(arrived_at / 1000.0) AT TIME ZONE 'UTC', 'YYYYMM')"));
        }

        await (await Invariants.RememberAsync(Town.Store)).HoldAsync(Town.Store, receipts, arrivals.Length);
    }

    [Theory]
    // In Berlin the clock goes forward on 28 March 2027 at 02:00 and back on 31 October 2027 at 03:00; both are Sundays.
    [InlineData("2027-03-26T12:00:00Z", "2027-04-02", "2027-04-02T22:00:00Z")]
    [InlineData("2027-03-28T00:59:59Z", "2027-04-02", "2027-04-02T22:00:00Z")]
    [InlineData("2027-03-28T01:00:00Z", "2027-04-02", "2027-04-02T22:00:00Z")]
    [InlineData("2027-03-25T23:30:00Z", "2027-04-02", "2027-04-02T22:00:00Z")]
    [InlineData("2027-03-25T22:30:00Z", "2027-04-01", "2027-04-01T22:00:00Z")]
    [InlineData("2027-10-29T12:00:00Z", "2027-11-05", "2027-11-05T23:00:00Z")]
    [InlineData("2027-10-31T00:30:00Z", "2027-11-05", "2027-11-05T23:00:00Z")]
    [InlineData("2027-10-31T01:30:00Z", "2027-11-05", "2027-11-05T23:00:00Z")]
    [InlineData("2027-10-28T21:59:59Z", "2027-11-04", "2027-11-04T23:00:00Z")]
    // The year ends in the office one hour before it ends in UTC.
    [InlineData("2027-12-31T22:59:59Z", "2028-01-07", "2028-01-07T23:00:00Z")]
    [InlineData("2027-12-31T23:00:00Z", "2028-01-07", "2028-01-07T23:00:00Z")]
    [InlineData("2027-12-30T22:59:59Z", "2028-01-06", "2028-01-06T23:00:00Z")]
    public async Task A_deadline_is_the_end_of_the_day_in_the_office_across_daylight_saving_and_the_year(string arrival, string day, string end)
    {
        await using var town = await Town.OpenAsync(Engine, foundation: Town.Foundation with { TimeZone = "Europe/Berlin" });
        // The office of the test has no holidays in these weeks, whatever a new office begins with.
        await town.ExecuteAsync("DELETE FROM calendar_days");
        await town.ExecuteAsync("UPDATE office_settings SET value = '2' WHERE name = 'revision'");
        town.Clock.Now = DateTimeOffset.Parse(arrival, CultureInfo.InvariantCulture);
        var filed = await town.AssignAsync();
        Assert.Equal(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), (await town.FollowAsync(filed)).Deadline);
        Assert.Equal(DateTimeOffset.Parse(end, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), await town.CountAsync("SELECT deadline_at FROM matters"));
    }
}
