using System.Diagnostics;
using Npgsql;
using Opinion.Desk.Tests.Fixture;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Cli.Tests.Office;

/// <summary>Two nodes of one office on PostgreSQL, each a process: one is killed or frozen while it works by the clock.</summary>
public sealed class TwoNodesTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Calls = 3_000;
    private const long OfficeLock = 0x4F70696E696F6E01;
    private static readonly TimeSpan TakenOverWithin = TimeSpan.FromSeconds(30);

    private readonly HotlineFiles _files = new();
    private NpgsqlConnection _store = null!;
    private string _connection = "";

    private string Inbox => Path.Combine(_files.Data, "inbox", "hotline");

    public async Task InitializeAsync()
    {
        _connection = await (await PostgresCluster.Running).CreateDatabaseAsync();
        _store = new NpgsqlConnection(_connection);
        await _store.OpenAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _store.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task A_node_killed_in_the_middle_of_its_work_is_followed_by_the_other_within_30_seconds_and_nothing_is_done_twice()
    {
        Directory.CreateDirectory(Inbox);
        File.Copy(_files.Map, Path.Combine(Inbox, "map.json"));
        File.Copy(_files.Calls(Calls), Path.Combine(Inbox, "calls.csv"));
        await using var one = await ServedNode.StartAsync(_connection, _files.Data);
        await using var two = await ServedNode.StartAsync(_connection, _files.Data);

        var halfway = await UntilAsync("SELECT node || ' ' || cursor FROM schedule_runs WHERE job = 'inbox' AND finished_at IS NULL AND cursor >= 200", TimeSpan.FromSeconds(90));
        var (victim, survivor) = halfway.StartsWith(one.Name + " ", StringComparison.Ordinal) ? (one, two) : (two, one);
        Assert.StartsWith(victim.Name + " ", halfway, StringComparison.Ordinal);
        var watch = Stopwatch.StartNew();
        victim.Kill();
        await UntilAsync($"SELECT node FROM schedule_runs WHERE job = 'inbox' AND cause = 'taken-over' AND node = '{survivor.Name}'", TakenOverWithin);
        output.WriteLine($"killed at {halfway}; the other node began after {watch.Elapsed.TotalSeconds:F1} s");
        Assert.True(watch.Elapsed < TakenOverWithin);

        await UntilAsync($"SELECT '' FROM schedule_runs WHERE job = 'inbox' AND cause = 'taken-over' AND outcome = 'done' AND cursor = {Calls}", TimeSpan.FromMinutes(3));
        Assert.Equal("taken-over", await ReadAsync($"SELECT outcome FROM schedule_runs WHERE job = 'inbox' AND node = '{victim.Name}' ORDER BY id DESC LIMIT 1"));
        Assert.Equal($"{Calls} {Calls} {Calls}", await ReadAsync("SELECT (SELECT COUNT(*) FROM letters) || ' ' || (SELECT COUNT(*) FROM matters) || ' ' || (SELECT COUNT(*) FROM channel_keys)"));
        Assert.Equal(Calls.ToString(System.Globalization.CultureInfo.InvariantCulture), await ReadAsync("SELECT added + repeated FROM import_runs ORDER BY id DESC LIMIT 1"));
        Assert.False(File.Exists(Path.Combine(Inbox, "calls.csv")));
        Assert.Equal("calls.csv", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(Inbox, "done")))));
    }

    [Fact]
    public async Task A_node_frozen_past_its_lease_writes_nothing_when_it_wakes_and_every_week_has_one_report()
    {
        await using var one = await ServedNode.StartAsync(_connection, _files.Data, founds: true);
        await using var two = await ServedNode.StartAsync(_connection, _files.Data);
        await UntilAsync("SELECT '' FROM schedule_runs WHERE job = 'reports' AND outcome = 'done'", TimeSpan.FromSeconds(30));
        // Letters of 2025: a hundred weeks are due.
        var import = await OpinionProcess.RunAsync("import", _files.Calls(20), "--channel", "hotline", "--map", _files.Map, "--store", _connection, "--data", _files.Data);
        Assert.True(import.ExitCode == 0, import.Error);
        await one.SignInAsync("admin1", one.Accounts["admin1"]);

        ServedNode frozen, other;
        string first;
        await using (var held = new NpgsqlConnection(_connection))
        {
            // While somebody else writes, the run stands right before its own write; there it is frozen.
            await held.OpenAsync();
            await using var transaction = await held.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({OfficeLock})", held)) await hold.ExecuteNonQueryAsync();
            // "Run now" is on record before it is done, so it is pressed by the database's owner here.
            await PressAsync("reports");
            first = await UntilAsync("SELECT node || ' ' || id FROM schedule_runs WHERE job = 'reports' AND finished_at IS NULL", TimeSpan.FromSeconds(30));
            (frozen, other) = first.StartsWith(one.Name + " ", StringComparison.Ordinal) ? (one, two) : (two, one);
            await UntilAsync("SELECT '' FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", TimeSpan.FromSeconds(20));
            await frozen.FreezeAsync();
            var watch = Stopwatch.StartNew();
            await UntilAsync($"SELECT '' FROM schedule_runs WHERE job = 'reports' AND cause = 'taken-over' AND node = '{other.Name}'", TakenOverWithin);
            output.WriteLine($"the other node took over from the frozen one after {watch.Elapsed.TotalSeconds:F1} s");
            await frozen.ThawAsync();
        }

        Assert.Equal("refused", await UntilAsync($"SELECT outcome FROM schedule_runs WHERE id = {first.Split(' ')[1]} AND outcome <> 'taken-over'", TimeSpan.FromSeconds(60)));
        await UntilAsync("SELECT '' FROM schedule_runs WHERE job = 'reports' AND cause = 'taken-over' AND outcome = 'done' AND done > 0", TimeSpan.FromMinutes(3));
        Assert.Equal("t", await ReadAsync("SELECT CASE WHEN COUNT(*) = COUNT(DISTINCT week) AND COUNT(*) > 90 THEN 't' ELSE COUNT(*)::text END FROM released_weeks"));
        Assert.Contains("refused", (await ReadAsync($"SELECT error FROM schedule_runs WHERE id = {first.Split(' ')[1]}"))!, StringComparison.Ordinal);
        Assert.Contains(frozen.Name, await one.ReadAsync("/staff/admin/schedule"), StringComparison.Ordinal);

        // And the page's own button, across processes.
        await one.RunNowAsync("months");
        await UntilAsync("SELECT '' FROM schedule_runs WHERE job = 'months' AND cause = 'by-hand' AND outcome = 'done'", TimeSpan.FromSeconds(30));
        Assert.Equal("months", await ReadAsync("SELECT target FROM audit_log WHERE action = 'job-run'"));
    }

    private async Task PressAsync(string job)
    {
        await using var command = new NpgsqlCommand("UPDATE qrtz_triggers SET next_fire_time = (extract(epoch FROM now()) * 10000000)::bigint + 621355968000000000 WHERE job_name = @job AND trigger_state = 'WAITING'", _store);
        command.Parameters.AddWithValue("job", job);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private async Task<string> UntilAsync(string sql, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < patience)
        {
            if (await ReadAsync(sql) is { } found) return found;
            await Task.Delay(20);
        }

        throw new TimeoutException($"{sql} found nothing in {patience.TotalSeconds} s; runs:\n{await ReadAsync("SELECT string_agg(r::text, E'\\n') FROM schedule_runs r")}");
    }

    private async Task<string?> ReadAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _store);
        try
        {
            return (await command.ExecuteScalarAsync())?.ToString();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The first node has not made its tables yet.
            return null;
        }
    }
}
