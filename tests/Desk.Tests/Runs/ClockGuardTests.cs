using Opinion.Desk.Runs;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Runs;

public abstract class ClockGuardTests(TestEngine engine) : DeskSuite(engine)
{
    private ClockGuard Guard => Town.Get<ClockGuard>();

    private bool Witnessed => Town.Store.Engine == "postgres";

    [Fact]
    public async Task A_clock_that_goes_on_is_believed_and_the_largest_time_is_kept()
    {
        var start = await SetRightAsync();
        await Guard.RequireAsync(None);
        Town.Clock.Advance(TimeSpan.FromMinutes(2));
        await Guard.RequireAsync(None);
        Town.Clock.Now = start;
        await Guard.RequireAsync(None);
        Assert.Equal(start + TimeSpan.FromMinutes(2), (await Guard.LookAsync(None)).Trusted);
    }

    [Fact]
    public async Task A_clock_400_days_ahead_is_not_believed_and_the_doctor_says_so()
    {
        var start = await SetRightAsync();
        await Guard.RequireAsync(None);
        Town.Clock.Advance(TimeSpan.FromDays(400));
        var doubt = await Assert.ThrowsAsync<ClockDoubtException>(() => Guard.RequireAsync(None));
        Assert.Contains(Witnessed ? "the database's" : "confirm the date", doubt.Message, StringComparison.Ordinal);
        Assert.Contains(doubt.Message, (await Town.Get<Doctor>().ExamineAsync(None)).Findings);
        // With a second witness against it, nobody can confirm it.
        Assert.Equal(!Witnessed, (await Guard.LookAsync(None)).CanConfirm);
        Assert.Equal(!Witnessed, await Guard.ConfirmAsync(await Town.StaffAsync("admin-1"), DateOnly.FromDateTime(Town.Clock.Now.UtcDateTime), None));
        Town.Clock.Now = start + TimeSpan.FromMinutes(1);
        await Guard.RequireAsync(None);
    }

    [Fact]
    public async Task An_office_that_was_closed_for_long_goes_on_once_an_administrator_has_confirmed_the_date()
    {
        var now = await SetRightAsync();
        await Town.ExecuteAsync("INSERT INTO clock_readings (id, trusted_at) VALUES (1, @at)", ("at", now.AddDays(-8).ToUnixTimeMilliseconds()));
        await Assert.ThrowsAsync<ClockDoubtException>(() => Guard.RequireAsync(None));
        var reading = await Guard.LookAsync(None);
        Assert.True(reading.CanConfirm);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await Guard.ConfirmAsync(await Town.StaffAsync("urban-1"), Today(now), None));
        Assert.False(await Guard.ConfirmAsync(await Town.StaffAsync("admin-1"), Today(now).AddDays(-3), None));
        Assert.True(await Guard.ConfirmAsync(await Town.StaffAsync("admin-1"), Today(now), None));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'clock-confirmed' AND actor = 'admin-1'"));
        await Guard.RequireAsync(None);
        Assert.False(await Guard.ConfirmAsync(await Town.StaffAsync("admin-1"), Today(now), None));
    }

    [Fact]
    public async Task A_week_without_the_machine_needs_nobody()
    {
        var now = await SetRightAsync();
        await Town.ExecuteAsync("INSERT INTO clock_readings (id, trusted_at) VALUES (1, @at)", ("at", now.AddDays(-7).ToUnixTimeMilliseconds()));
        await Guard.RequireAsync(None);
    }

    [Fact]
    public async Task A_clock_an_hour_back_is_told_and_holds_nothing_up()
    {
        var start = await SetRightAsync();
        await Town.ExecuteAsync("INSERT INTO clock_readings (id, trusted_at) VALUES (1, @at)", ("at", start.AddHours(1).ToUnixTimeMilliseconds()));
        await Guard.RequireAsync(None);
        var reading = await Guard.LookAsync(None);
        Assert.True(reading.Behind);
        Assert.Equal(start.AddHours(1), reading.Trusted);
        Assert.Contains((await Town.Get<Doctor>().ExamineAsync(None)).Findings, finding => finding.Contains("earlier than a moment it has shown", StringComparison.Ordinal));
    }

    private static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    // On PostgreSQL the server's own clock is a witness, so these tests begin at its time.
    private async Task<DateTimeOffset> SetRightAsync()
    {
        if (Witnessed) Town.Clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(await Town.CountAsync("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"));
        return Town.Clock.Now;
    }
}
