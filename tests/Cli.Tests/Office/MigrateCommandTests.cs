using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk;
using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Tests.Fixture;
using Opinion.Running;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Cli.Tests.Office;

/// <summary><c>opinion migrate</c> as an operator runs it: a process, a real store, a real PostgreSQL.</summary>
public sealed class MigrateCommandTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261124;
    private readonly HotlineFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task The_sample_town_goes_over_whole_and_the_office_serves_on_with_its_receipts_and_contacts()
    {
        string code;
        await using (var town = await ServedDesk.StartAsync(_files.Data, "--samples", SampleTown))
        {
            using var writer = new Browser(new Uri(town.Address));
            var sent = await writer.SubmitAsync(await writer.GetAsync("/write"), "form.stack", ("Body", "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。"), ("ContactName", "欧阳慕容"), ("ContactPhone", "13900001111"));
            code = sent.Document.QuerySelector("#receipt code")!.TextContent;
            for (var wait = 0; wait < 200 && !(await FollowAsync(town, code)).Body.Contains("城管", StringComparison.Ordinal); wait++) await Task.Delay(50);
            var refused = await MigrateAsync(await DatabaseAsync());
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("is open in another program", refused.Error, StringComparison.Ordinal);
            Assert.Equal(0, await town.StopAsync());
        }

        var before = Bytes();
        var database = await DatabaseAsync();
        var moved = await MigrateAsync(database);
        Assert.True(moved.ExitCode == 0, moved.Error);
        output.WriteLine(moved.Out);
        Assert.Contains("letters: 315 rows", moved.Out, StringComparison.Ordinal);
        Assert.Contains($"Keys: they stay in {Path.Combine(_files.Data, "keys", "office-keys.json")}", moved.Out, StringComparison.Ordinal);
        Assert.Equal(before, Bytes());

        var here = await OpinionProcess.RunAsync("doctor", "--data", _files.Data);
        var there = await OpinionProcess.RunAsync("doctor", "--store", database, "--data", _files.Data);
        Assert.Equal(here.Out.Replace("engine sqlite", "engine postgres", StringComparison.Ordinal), there.Out);
        Assert.Contains("no findings", there.Out, StringComparison.Ordinal);

        // The first office is done with: the second must not need it.
        File.Delete(Path.Combine(_files.Data, "desk.db"));
        await using (var again = await ServedDesk.StartAsync(_files.Data, "--store", database))
        {
            Assert.Empty(again.Accounts);
            Assert.Equal(200, (await FollowAsync(again, code)).Status);
            using var reader = new Browser(new Uri(again.Address));
            Assert.NotEmpty((await reader.GetAsync("/answers?q=" + Uri.EscapeDataString("路灯"))).Document.QuerySelectorAll("main a[href^='/answers/']"));
            var sent = await reader.SubmitAsync(await reader.GetAsync("/write"), "form.stack", ("Body", "新的一封信，路灯又坏了。"));
            Assert.Equal(200, (await FollowAsync(again, sent.Document.QuerySelector("#receipt code")!.TextContent)).Status);
            Assert.Equal(0, await again.StopAsync());
        }

        var desk = await OpenedDesk.OpenAsync(_files.Data, database, OfficeFoundation.Plain, TimeProviderOfTest, default);
        await using var services = new ServiceCollection().AddLogging().AddDesk(desk, TimeProviderOfTest).BuildServiceProvider();
        var letter = (await services.GetRequiredService<FollowLetter>().FindAsync(code, default))!;
        await using var session = await desk.Store.ReadAsync(default);
        var number = (await session.TextAsync("SELECT number FROM letters WHERE id = @id", default, ("id", letter)))!;
        var officer = (await session.TextAsync("SELECT g.account_id FROM role_grants g JOIN matters m ON m.department = g.department WHERE m.letter_id = @id AND g.role = 'officer' AND g.ended_at IS NULL LIMIT 1", default, ("id", letter)))!;
        var (original, refusal) = await services.GetRequiredService<OpenOriginal>().HandleAsync((await services.GetRequiredService<StaffDirectory>().FindAsync(officer, default))!, number, "需要回电", default);
        Assert.Null(refusal);
        Assert.Equal(new Contact("欧阳慕容", "13900001111", null), original!.Contact! with { Email = null });
        // Numbers go on after the last one the old office gave, and history still only grows.
        await Assert.ThrowsAnyAsync<PostgresException>(() => ExecuteAsync(database, "DELETE FROM audit_log"));
        await Assert.ThrowsAnyAsync<PostgresException>(() => ExecuteAsync(database, "UPDATE matter_events SET actor = 'x'"));
    }

    [Fact]
    public async Task Killed_at_any_moment_it_goes_on_and_until_it_is_done_the_database_is_no_office()
    {
        var rounds = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 20 : 2;
        output.WriteLine($"seed {Seed}, {rounds} rounds");
        var random = new Random(Seed);
        var sheet = _files.Calls(3_000);
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(sheet))).ExitCode);
        int killed = 0, resumed = 0;
        for (var round = 0; round < rounds; round++)
        {
            var database = await DatabaseAsync();
            for (var kill = 0; kill < 2; kill++)
            {
                // 3,000 letters have some 21,000 rows; the last moments lie in comparing and finishing.
                var target = (long)(random.NextDouble() * 24_000);
                var enough = 0;
                if (await OpinionProcess.RunAndKillAsync(() => RowsMoved(database) >= Math.Min(target, 20_000) && (target <= 20_000 || enough++ > target / 1_000), Arguments(database))) killed++;
                if (RowsMoved(database) < 0) continue;
                var opened = await OpinionProcess.RunAsync("doctor", "--store", database, "--data", _files.Data);
                Assert.Equal(1, opened.ExitCode);
                Assert.Contains("a move that is not finished", opened.Error, StringComparison.Ordinal);
            }

            var unfinished = RowsMoved(database) >= 0;
            var last = await MigrateAsync(database);
            output.WriteLine($"round {round}: {(unfinished ? "unfinished" : "finished or not begun")}: {last.Out.Split('\n').FirstOrDefault(line => line.Contains("moved", StringComparison.Ordinal))} {last.Error.Trim()}");
            if (last.ExitCode != 0) Assert.Contains("is not empty", last.Error, StringComparison.Ordinal);
            if (last.Out.Contains("resumed", StringComparison.Ordinal)) resumed++;
            var report = await OpinionProcess.RunAsync("doctor", "--store", database, "--data", _files.Data);
            Assert.Contains("letters 3000, matters 3000", report.Out, StringComparison.Ordinal);
            Assert.Contains("no findings", report.Out, StringComparison.Ordinal);
        }

        Assert.True(killed >= rounds, $"only {killed} moves were killed before they ended");
        Assert.True(resumed > 0, "no move was taken up again");
    }

    [Fact]
    public async Task A_byte_changed_in_between_is_found_and_the_next_move_begins_anew()
    {
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(2_000)))).ExitCode);
        var database = await DatabaseAsync();
        Assert.True(await OpinionProcess.RunAndKillAsync(() => Moved(database, "letters") >= 2_000, Arguments(database)));
        await ExecuteAsync(database, "UPDATE letters SET body = overlay(body placing '二' from 2 for 1) WHERE id = (SELECT MIN(id) FROM letters)");
        var found = await MigrateAsync(database);
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("The sides differ after the move: letters (2000 rows sha256", found.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await OpinionProcess.RunAsync("doctor", "--store", database, "--data", _files.Data)).ExitCode);
        var again = await MigrateAsync(database);
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Contains("letters: 2000 rows", again.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("resumed", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_went_on_meanwhile_is_moved_as_it_is_now()
    {
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(1_500)))).ExitCode);
        var database = await DatabaseAsync();
        Assert.True(await OpinionProcess.RunAndKillAsync(() => Moved(database, "letters") >= 1_000, Arguments(database)));
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(1_700)))).ExitCode);
        var moved = await MigrateAsync(database);
        Assert.True(moved.ExitCode == 0, moved.Error);
        Assert.Contains("letters: 1700 rows", moved.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_moved_is_refused_in_words_and_the_target_stays_as_it_was()
    {
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(5)))).ExitCode);
        var database = await DatabaseAsync();
        await RefusedAsync(2, "--from takes sqlite:FILE", "migrate", "--from", _files.Data, "--to", "postgres:" + database);
        await RefusedAsync(2, "--to takes postgres:CONNECTION", "migrate", "--from", "sqlite:" + _files.Data, "--to", database);
        await RefusedAsync(2, "--to: not a connection", "migrate", "--from", "sqlite:" + _files.Data, "--to", "postgres:Password=canary-password;Wrong=1");
        await RefusedAsync(2, "there is no such file", "migrate", "--from", "sqlite:" + _files.Folder, "--to", "postgres:" + database);
        await RefusedAsync(1, "is no store that can be read", "migrate", "--from", "sqlite:" + _files.Write("text.db", new string('x', 5_000)), "--to", "postgres:" + database, "--data", _files.Data);
        Directory.Move(Path.Combine(_files.Data, "keys"), Path.Combine(_files.Folder, "keys"));
        await RefusedAsync(2, "The office's keys must lie there", Arguments(database));
        Assert.Equal(0, (await OpinionProcess.RunAsync("import", _files.Calls(1), "--channel", "hotline", "--map", _files.Map, "--data", Path.Combine(_files.Folder, "other"))).ExitCode);
        await RefusedAsync(1, "is not the key file of", [.. Arguments(database), "--data", Path.Combine(_files.Folder, "other")]);
        Assert.Equal(0L, await ExecuteAsync(database, "SELECT COUNT(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
        await ExecuteAsync(database, "CREATE TABLE of_somebody (id INTEGER)");
        await RefusedAsync(1, "is not empty (of_somebody", [.. Arguments(database), "--data", _files.Folder]);
        Assert.Equal(1L, await ExecuteAsync(database, "SELECT COUNT(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    private static TimeProvider TimeProviderOfTest { get; } = new MovedClock();

    private static string SampleTown
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Opinion.sln"))) folder = folder.Parent;
            return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("Opinion.sln is not above the tests."), "samples", "town");
        }
    }

    private static async Task<string> DatabaseAsync() => await (await PostgresCluster.Running).CreateDatabaseAsync();

    private static async Task RefusedAsync(int exitCode, string said, params string[] arguments)
    {
        var ran = await OpinionProcess.RunAsync(arguments);
        Assert.Contains(said, ran.Error, StringComparison.Ordinal);
        Assert.Equal(exitCode, ran.ExitCode);
        Assert.DoesNotContain("canary-password", ran.Error, StringComparison.Ordinal);
    }

    private static async Task<Page> FollowAsync(ServedDesk desk, string code)
    {
        using var browser = new Browser(new Uri(desk.Address));
        return await browser.SubmitAsync(await browser.GetAsync("/follow"), "form.stack", ("code", code));
    }

    private static long RowsMoved(string database) => Number(database, "SELECT COALESCE(SUM(done), 0)::bigint FROM unfinished_move_tables");

    private static long Moved(string database, string table) => Number(database, $"SELECT COALESCE((SELECT done FROM unfinished_move_tables WHERE name = '{table}'), 0)");

    // -1 where the mark does not stand.
    private static long Number(string database, string sql)
    {
        try
        {
            return (long)ExecuteAsync(database, sql).GetAwaiter().GetResult()!;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return -1;
        }
    }

    private static async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements of this test itself.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private Task<Ran> MigrateAsync(string database) => OpinionProcess.RunAsync(Arguments(database));

    private string[] Arguments(string database) => ["migrate", "--from", "sqlite:" + Path.Combine(_files.Data, "desk.db"), "--to", "postgres:" + database];

    private string Bytes() => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_files.Data, "desk.db"))));

    private sealed class MovedClock : TimeProvider;
}
