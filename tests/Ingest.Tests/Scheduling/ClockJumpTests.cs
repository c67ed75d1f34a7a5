using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Reports;
using Opinion.Desk.Runs;
using Opinion.Desk.Sealing;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Scheduling;
using Quartz;

namespace Opinion.Ingest.Tests.Scheduling;

/// <summary>The fault "clock jumps back an hour, forward 400 days; daylight saving; year end": no double report, no mass deletion.</summary>
public abstract class ClockJumpTests(bool postgres) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-clock-").FullName;
    private readonly SettableClock _clock = new(new DateTimeOffset(2026, 11, 16, 2, 0, 0, TimeSpan.Zero));
    private OpenedDesk _desk = null!;
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        _desk = await OpenedDesk.OpenAsync(_folder, postgres ? await (await PostgresCluster.Running).CreateDatabaseAsync() : null, OfficeFoundation.Plain, _clock, default);
        _services = new ServiceCollection().AddLogging().AddDesk(_desk, _clock).AddHotline().AddScheduling(_desk.Store, _clock).BuildServiceProvider();
        // On PostgreSQL the server's clock is a witness: there the test begins at its time.
        if (postgres) _clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(await CountAsync("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"));
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        _desk.Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_clock_400_days_ahead_erases_nothing_and_releases_nothing_and_set_right_work_goes_on()
    {
        var start = _clock.Now;
        await ReceiveAsync(start.AddDays(-30));
        await CloseAsync(start.AddDays(-20));
        await RunAllAsync(RunOutcome.Done);
        var before = await StandAsync();
        Assert.Equal((1, 1), (before.Contacts, before.Texts));
        Assert.InRange(before.Weeks, 4, 5);

        _clock.Now = start.AddDays(400);
        await RunAllAsync(RunOutcome.Held);
        Assert.Equal(before, await StandAsync());

        _clock.Now = start.AddMinutes(3);
        await RunAllAsync(RunOutcome.Done);
        Assert.Equal(before, await StandAsync());
    }

    [Fact]
    public async Task A_clock_an_hour_back_brings_no_second_report_and_no_second_reminder()
    {
        var start = _clock.Now;
        await ReceiveAsync(start.AddDays(-30));
        await RunAllAsync(RunOutcome.Done);
        var before = await StandAsync();
        var report = await FirstReportAsync();
        _clock.Now = start.AddMinutes(-60);
        // The database's own clock contradicts on PostgreSQL: then even that is held.
        await RunAllAsync(postgres ? RunOutcome.Held : RunOutcome.Done);
        _clock.Now = start.AddMinutes(2);
        await RunAllAsync(RunOutcome.Done);
        Assert.Equal(before, await StandAsync());
        Assert.Equal(report, await FirstReportAsync());
    }

    // Of the schedule in memory: the one in PostgreSQL is the servers' and has its own test with real nodes.
    protected async Task ScheduleIsBroughtBackAsync()
    {
        var scheduler = await _services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        var reports = DeskJobs.Find(DeskJobs.Reports)!;
        var far = TriggerBuilder.Create().ForJob(new JobKey(reports.Name)).WithIdentity(reports.Name).StartAt(_clock.Now.AddDays(400)).WithSimpleSchedule(schedule => SchedulingServices.EveryOf(reports, schedule)).Build();
        Assert.NotNull(await scheduler.RescheduleJob(new TriggerKey(reports.Name), far));

        var keeper = _services.GetRequiredService<ScheduleKeeper>();
        Assert.Equal(1, await keeper.MendAsync(default));
        Assert.Equal(0, await keeper.MendAsync(default));
        Assert.True((await scheduler.GetTrigger(new TriggerKey(DeskJobs.Reports)))!.NextFireTimeUtc <= _clock.Now.AddHours(1));
    }

    protected static CancellationToken None => CancellationToken.None;

    protected async Task RunAllAsync(RunOutcome expected)
    {
        var guard = _services.GetRequiredService<ClockGuard>();
        var jobs = DeskJobs.All.Where(job => job.NeedsClock).ToList();
        Assert.Equal(5, jobs.Count);
        foreach (var job in jobs)
        {
            var (outcome, _) = await _services.GetRequiredService<JobRuns>().RunAsync(job.Name, "test", RunCause.Due, true, async (run, cancel) =>
            {
                await guard.RequireAsync(cancel);
                await job.Work(_services, run, cancel);
            }, None);
            Assert.Equal((job.Name, expected), (job.Name, outcome));
        }
    }

    private async Task ReceiveAsync(DateTimeOffset arrived)
    {
        var letter = new IncomingLetter(Channel.Form, "key", arrived, "", "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。") { Contact = new Contact("张三", null, "zhang@example.org") };
        await _services.GetRequiredService<ReceiveLetter>().HandleAsync(letter, None);
        Assert.Equal(1, await _services.GetRequiredService<LetterWay>().CarryOnAsync(None));
    }

    private async Task CloseAsync(DateTimeOffset at)
    {
        await using var session = await _desk.Store.WriteAsync(None);
        Assert.Equal(1, await session.ExecuteAsync("UPDATE matters SET state = 'closed', disposition = 'solved', closed_at = @at", None, ("at", at.AddDays(10).ToUnixTimeMilliseconds())));
        await session.CommitAsync(None);
    }

    private async Task<(long Contacts, long Texts, long Weeks, long Reminders)> StandAsync() => (
        await CountAsync("SELECT COUNT(*) FROM sealed_contacts"), await CountAsync("SELECT COUNT(*) FROM letters WHERE body <> ''"),
        await CountAsync("SELECT COUNT(*) FROM released_weeks"), await CountAsync("SELECT COUNT(*) FROM reminders"));

    private async Task<string?> FirstReportAsync()
    {
        await using var session = await _desk.Store.ReadAsync(None);
        return await session.TextAsync("SELECT report FROM released_weeks ORDER BY week LIMIT 1", None);
    }

    private async Task<long> CountAsync([System.Diagnostics.CodeAnalysis.ConstantExpected] string sql)
    {
        await using var session = await _desk.Store.ReadAsync(None);
#pragma warning disable CA1857 // The constant is the caller's.
        return await session.CountAsync(sql, None);
#pragma warning restore CA1857
    }
}

public sealed class ClockJumpsOnSqlite() : ClockJumpTests(postgres: false)
{
    [Fact]
    public Task A_schedule_that_waits_for_a_date_far_ahead_is_brought_back() => ScheduleIsBroughtBackAsync();
}

public sealed class ClockJumpsOnPostgres() : ClockJumpTests(postgres: true);

/// <summary>The week of the turn of the year and the days on which daylight saving changes, walked through hour by hour.</summary>
public sealed class TurnOfTimeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-turn-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Asia/Shanghai", "2026-12-21T00:00:00Z", "2027-01-12T00:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-19T00:00:00Z", "2026-11-10T00:00:00Z")]
    [InlineData("Europe/Berlin", "2027-03-22T00:00:00Z", "2027-04-13T00:00:00Z")]
    public async Task Every_week_is_released_once_and_right_after_its_end_in_the_offices_own_time(string zone, string from, string to)
    {
        var clock = new SettableClock(DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture));
        var end = DateTimeOffset.Parse(to, System.Globalization.CultureInfo.InvariantCulture);
        var desk = await OpenedDesk.OpenAsync(_folder, null, OfficeFoundation.Plain with { TimeZone = zone }, clock, default);
        await using (var services = new ServiceCollection().AddLogging().AddDesk(desk, clock).AddHotline().AddScheduling(desk.Store, clock).BuildServiceProvider())
        {
            await services.GetRequiredService<ReceiveLetter>().HandleAsync(new IncomingLetter(Channel.Form, "key", clock.Now, "", "路灯不亮，请维修路灯。"), default);
            await services.GetRequiredService<LetterWay>().CarryOnAsync(default);
            var office = await services.GetRequiredService<OfficeDirectory>().GetAsync(default);
            var released = new List<DateTimeOffset>();
            for (; clock.Now < end; clock.Advance(TimeSpan.FromHours(1)))
            {
                await services.GetRequiredService<ClockGuard>().RequireAsync(default);
                for (var left = await services.GetRequiredService<WeeklyReport>().ReleaseDueAsync(default); left > 0; left--) released.Add(office.Calendar.InOffice(clock.Now));
            }

            Assert.Equal(3, released.Count);
            Assert.All(released, moment => Assert.Equal((DayOfWeek.Monday, 0), (moment.DayOfWeek, moment.Hour)));
            Assert.Equal(3, (await services.GetRequiredService<WeeklyReport>().WeeksAsync(default)).Distinct().Count());
        }

        desk.Store.Dispose();
    }
}
