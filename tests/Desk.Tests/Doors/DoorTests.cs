using Opinion.Desk.Audit;
using Opinion.Desk.Doors;
using Opinion.Desk.Imports;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Doors;

public abstract class DoorTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task Untouched_form_hotline_and_paper_are_open_and_the_others_closed()
    {
        var all = await Town.Get<DoorSwitch>().AllAsync(None);
        Assert.Equal(7, all.Count);
        Assert.Equal([Channel.Form, Channel.Hotline, Channel.Paper], all.Where(door => door.Value).Select(door => door.Key));
        foreach (var (channel, open) in all) Assert.Equal(open, await Town.Get<DoorSwitch>().IsOpenAsync(channel, None));
    }

    [Fact]
    public async Task An_administrator_opens_and_closes_a_door_at_once_and_the_audit_log_says_so()
    {
        var doors = Town.Get<DoorSwitch>();
        Assert.False(await doors.IsOpenAsync(Channel.OfficialAccount, None));
        Assert.Null(await doors.SetAsync(Channel.OfficialAccount, open: true, await Town.StaffAsync("admin-1"), None));
        Assert.True(await doors.IsOpenAsync(Channel.OfficialAccount, None));
        Assert.Null(await doors.SetAsync(Channel.OfficialAccount, open: true, await Town.StaffAsync("admin-1"), None));
        Assert.Null(await doors.SetAsync(Channel.Form, open: false, await Town.StaffAsync("admin-2"), None));
        Assert.False(await doors.IsOpenAsync(Channel.Form, None));
        var lines = (await Town.Get<AuditLog>().NewestAsync(10, None)).Where(line => line.Action.StartsWith("door-", StringComparison.Ordinal)).ToList();
        Assert.Equal([("admin-2", AuditLog.DoorClosed, "form"), ("admin-1", AuditLog.DoorOpened, "official-account")], lines.Select(line => (line.Actor, line.Action, line.Target!)));
    }

    [Theory]
    [InlineData("intake-1")]
    [InlineData("editor-1")]
    [InlineData("analyst-1")]
    public async Task Nobody_else_does(string staff)
    {
        Assert.Equal(Refusal.NotYourRole, await Town.Get<DoorSwitch>().SetAsync(Channel.Form, open: false, await Town.StaffAsync(staff), None));
        Assert.True(await Town.Get<DoorSwitch>().IsOpenAsync(Channel.Form, None));
    }

    [Fact]
    public async Task Without_its_audit_line_a_door_stays_as_it_is()
    {
        await Town.RefuseAuditAsync();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(async () => await Town.Get<DoorSwitch>().SetAsync(Channel.Form, open: false, await Town.StaffAsync("admin-1"), None));
        Assert.True((await Town.Get<DoorSwitch>().AllAsync(None))[Channel.Form]);
    }

    [Fact]
    public async Task Runs_are_kept_newest_first_with_imports_among_them_and_end_after_a_while()
    {
        var runs = Town.Get<DoorRuns>();
        var began = Town.Clock.Now;
        await runs.RecordAsync(new DoorRun(Channel.Hotline, "broken.csv", began, null, default, "broken.csv, row 7: " + new string('x', 600)), None);
        Town.Clock.Now = began.AddMinutes(1);
        var import = await Town.Get<ImportRuns>().StartAsync(Channel.Hotline, "week.csv", None);
        await Town.Get<ImportRuns>().FinishAsync(import, new ImportCounts(9, 5, 3, 1), null, None);
        await runs.RecordAsync(new DoorRun(Channel.OwnSite, "board", Town.Clock.Now, Town.Clock.Now, new DoorCounts(4, 2, 1, 1)), None);
        var hotline = await runs.NewestAsync(Channel.Hotline, 10, None);
        Assert.Equal(["week.csv", "broken.csv"], hotline.Select(run => run.Source));
        Assert.Equal((new DoorCounts(9, 5, 3, 1), (string?)null), (hotline[0].Counts, hotline[0].Error));
        Assert.Equal(DoorRuns.ErrorLimit, hotline[1].Error!.Length);
        Assert.Equal(new DoorRun(Channel.OwnSite, "board", Town.Clock.Now.ToUniversalTime(), Town.Clock.Now.ToUniversalTime(), new DoorCounts(4, 2, 1, 1)), Assert.Single(await runs.NewestAsync(Channel.OwnSite, 10, None)));
        Town.Clock.Now = began + DoorRuns.Kept + TimeSpan.FromDays(1);
        await runs.RecordAsync(new DoorRun(Channel.OwnSite, "board", Town.Clock.Now, null, default), None);
        Assert.Single(await runs.NewestAsync(Channel.OwnSite, 10, None));
    }

    [Fact]
    public async Task What_was_counted_is_added_up_by_days_and_forgotten_after_a_month()
    {
        var tally = Town.Get<DoorTally>();
        await tally.FlushAsync(None);
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM door_days"));
        for (var i = 0; i < 3; i++) tally.Count(Channel.Form, DoorOutcome.New);
        tally.Count(Channel.OfficialAccount, DoorOutcome.Answered);
        await tally.FlushAsync(None);
        Town.Clock.Now = Town.Clock.Now.AddDays(1);
        tally.Count(Channel.Form, DoorOutcome.New);
        tally.Count(Channel.Form, new Receipt(ReceiptCode.Derive(new byte[32], Channel.Form, "x"), Repeated: true));
        await tally.FlushAsync(None);
        await tally.FlushAsync(None);
        Assert.Equal([(Channel.Form, DoorOutcome.New, 4), (Channel.Form, DoorOutcome.Repeated, 1), (Channel.OfficialAccount, DoorOutcome.Answered, 1)], (await tally.ReadAsync(7, None)).Select(count => (count.Channel, count.Outcome, count.Count)));
        Assert.Equal(Town.Clock.Now, (await tally.ReadAsync(7, None))[0].Last);
        Assert.Equal([(Channel.Form, DoorOutcome.New, 1), (Channel.Form, DoorOutcome.Repeated, 1)], (await tally.ReadAsync(1, None)).Select(count => (count.Channel, count.Outcome, count.Count)));
        Town.Clock.Now = Town.Clock.Now.AddDays(DoorTally.DaysKept + 2);
        tally.Count(Channel.Paper, DoorOutcome.New);
        await tally.FlushAsync(None);
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM door_days"));
    }

    [Fact]
    public async Task Counts_that_could_not_be_stored_are_stored_the_next_time()
    {
        var tally = Town.Get<DoorTally>();
        tally.Count(Channel.Form, DoorOutcome.New);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tally.FlushAsync(new CancellationToken(canceled: true)));
        tally.Count(Channel.Form, DoorOutcome.New);
        await tally.FlushAsync(None);
        Assert.Equal(2, Assert.Single(await tally.ReadAsync(1, None)).Count);
    }

    [Fact]
    public async Task The_test_of_the_form_passes_and_leaves_nothing_behind()
    {
        var settings = await Town.CountAsync("SELECT COUNT(*) FROM office_settings");
        var checks = await Town.Get<IDoorTest>().TestAsync(None);
        Assert.Equal(5, checks.Count);
        Assert.All(checks.Take(4), check => Assert.True(check.Passed, check.What.En));
        Assert.Equal(settings, await Town.CountAsync("SELECT COUNT(*) FROM office_settings"));
    }
}
