using Opinion.Desk.Letters;
using Opinion.Desk.Reports;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Reports;

public abstract class WeeklyReportTests(TestEngine engine) : DeskSuite(engine)
{
    private static readonly IsoWeek Week = new(2026, 47);

    private WeeklyReport Reports => Town.Get<WeeklyReport>();

    [Fact]
    public async Task An_unfinished_week_is_refused_until_its_last_moment_in_the_office_is_over()
    {
        await Town.AssignAsync();
        Town.Clock.Now = new DateTimeOffset(2026, 11, 22, 23, 59, 59, 999, TimeSpan.FromHours(8));
        Assert.Null(await Reports.ReleaseAsync(Week, None));
        Assert.Equal(0, await Reports.ReleaseDueAsync(None));
        Town.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await Reports.ReleaseDueAsync(None));
        Assert.Equal(0, await Reports.ReleaseDueAsync(None));
        Assert.Equal(["2026-W47"], await Reports.WeeksAsync(None));
    }

    [Fact]
    public async Task Counts_are_rounded_small_ones_hidden_and_the_overdue_are_in_it()
    {
        await FileManyAsync(23, Town.Clock.Now.AddDays(-30));
        await FileManyAsync(13, Town.Clock.Now);
        var report = await ReleaseAsync();
        Assert.Equal(("2026-W47", null), (report.Week, report.Received));
        var table = Assert.Single(report.Tables);
        var tops = await Town.QueryAsync("SELECT code FROM subjects WHERE parent IS NULL ORDER BY position", row => row.GetString(0));
        Assert.Equal(tops, table.Rows.Select(row => row.Key));
        Assert.Equal(new ReportRow("urban", 15), Assert.Single(table.Rows, row => row.Count is not null));
        Assert.Equal([("open", 35L), ("overdue", 25L)], report.Measures.Select(measure => (measure.Name, measure.Value!.Value)));
    }

    [Fact]
    public async Task Nothing_below_ten_is_told()
    {
        await FileManyAsync(9, Town.Clock.Now);
        var report = await ReleaseAsync();
        Assert.All(Assert.Single(report.Tables).Rows, row => Assert.Null(row.Count));
        Assert.Equal(2, report.Measures.Count);
        Assert.All(report.Measures, measure => Assert.Null(measure.Value));
    }

    [Fact]
    public async Task A_released_week_stays_as_it_was_released()
    {
        await FileManyAsync(13, Town.Clock.Now);
        var released = await ReleaseAsync();
        // A sheet that comes late, and a letter withdrawn since, change nothing of it.
        await FileManyAsync(20, Town.MondayMorning);
        foreach (var id in await Town.QueryAsync("SELECT id FROM letters ORDER BY id LIMIT 5", row => row.GetString(0))) Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(id, None));
        Town.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equivalent(released, await Reports.ReleaseAsync(Week, None), strict: true);
        Assert.Equivalent(released, await Reports.FindAsync(Week, None), strict: true);
    }

    [Fact]
    public async Task Two_programs_that_release_at_once_release_one_report()
    {
        await FileManyAsync(13, Town.Clock.Now);
        Town.Clock.Advance(TimeSpan.FromDays(7));
        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Reports.ReleaseAsync(Week, None))));
        Assert.Equal(4, reports.Length);
        Assert.All(reports, report => Assert.Equivalent(reports[0], report, strict: true));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM released_weeks"));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_and_forth_releases_each_week_once_and_without_a_gap()
    {
        await Town.AssignAsync();
        Town.Clock.Advance(TimeSpan.FromDays(21));
        Assert.Equal(3, await Reports.ReleaseDueAsync(None));
        Town.Clock.Advance(TimeSpan.FromHours(-1));
        Assert.Equal(0, await Reports.ReleaseDueAsync(None));
        Town.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(1, await Reports.ReleaseDueAsync(None));
        Assert.Equal(["2026-W50", "2026-W49", "2026-W48", "2026-W47"], await Reports.WeeksAsync(None));
    }

    private async Task<Report> ReleaseAsync()
    {
        Town.Clock.Now = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(8));
        return (await Reports.ReleaseAsync(Week, None))!;
    }

    private async Task FileManyAsync(int letters, DateTimeOffset arrived)
    {
        await Town.Get<ReceiveLetter>().HandleAsync([.. Enumerable.Range(0, letters).Select(_ => Town.Letter() with { Arrived = arrived })], None);
        await Town.CarryOnAsync();
    }
}
