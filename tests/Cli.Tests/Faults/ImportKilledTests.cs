using System.Globalization;
using System.Text;
using Npgsql;
using Opinion.Cli.Tests.Office;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Faults;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Tests.Tables;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Cli.Tests.Faults;

/// <summary>The fault "kill -9 in an import, at random moments": run again, all rows are in, each key once; on both engines, for both kinds of sheet.</summary>
public sealed class ImportKilledTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int Calls = 3_000;
    private static readonly bool Long = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1";

    [Theory]
    [InlineData(false, false, 2, 50)]
    [InlineData(false, true, 1, 13)]
    [InlineData(true, false, 2, 50)]
    [InlineData(true, true, 1, 13)]
    public async Task A_killed_import_run_again_takes_every_row_once(bool postgres, bool workbook, int everyday, int whole)
    {
        var rounds = Long ? whole : everyday;
        output.WriteLine($"seed {Seed}, {rounds} rounds");
        var random = new Random(Seed);
        int killed = 0, halfway = 0;
        for (var round = 0; round < rounds; round++)
        {
            using var files = new HotlineFiles();
            var connection = postgres ? await (await PostgresCluster.Running).CreateDatabaseAsync() : null;
            var sheet = workbook ? Workbook(files) : files.Calls(Calls, "bad,,,2025-01-01 08:00,\n");
            string[] import = [.. files.Import(sheet), .. connection is null ? Array.Empty<string>() : ["--store", connection]];
            // An office there is before the first kill, so that what it left can be looked at.
            Assert.Equal(0, (await OpinionProcess.RunAsync([.. files.Import(files.Write("first.csv", "id,title,body,time,phone\nfirst,来电,路灯不亮，请维修。,2025-01-01 08:00,\n")), .. connection is null ? Array.Empty<string>() : ["--store", connection]])).ExitCode);
            using var store = connection is null ? DeskStore.OnSqlite(files.Data) : DeskStore.OnPostgres(connection);
            var held = await Invariants.RememberAsync(store);
            // Killed twice, the second time in what the first left behind. The moments are measured by how far the work has
            // come, letters and matters together, which is the same on a slow machine and a fast one.
            for (var kill = 0; kill < 2; kill++)
            {
                var done = Done(store);
                var target = done + (long)(((2 * Calls) + 2 - done) * random.NextDouble());
                if (await OpinionProcess.RunAndKillAsync(() => Done(store) >= target, import)) killed++;
                await WaitForTheDeadAsync(connection);
                var left = Done(store);
                if (left is > 2 and < (2 * Calls) + 2) halfway++;
                output.WriteLine($"round {round}: killed at {target}, left {left} letters and matters of {(2 * Calls) + 2}");
                await held.HoldAsync(store, []);
                held = await Invariants.RememberAsync(store);
            }

            var again = await OpinionProcess.RunAsync(import);
            Assert.True(again.ExitCode == 0, again.Error);
            var words = again.Out.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(Calls, Number("added") + Number("repeated"));
            Assert.Equal(1, Number("rejected"));
            await held.HoldAsync(store, [], Calls + 1);
            Assert.Equal((2 * Calls) + 2, Done(store));
            var doctor = await OpinionProcess.RunAsync(["doctor", "--data", files.Data, .. connection is null ? Array.Empty<string>() : ["--store", connection]]);
            Assert.True(doctor.ExitCode == 0, doctor.Out + doctor.Error);

            int Number(string name) => int.Parse(words[Array.IndexOf(words, name) + 1], CultureInfo.InvariantCulture);
        }

        Assert.True(killed >= rounds, $"only {killed} imports were killed before they ended");
        Assert.True(halfway > 0, "no import was killed half-way");
    }

    private static long Done(DeskStore store)
    {
        return Task.Run(async () =>
        {
            await using var session = await store.ReadAsync(CancellationToken.None);
            return await session.CountAsync("SELECT (SELECT COUNT(*) FROM letters) + (SELECT COUNT(*) FROM matters)", CancellationToken.None);
        }).GetAwaiter().GetResult();
    }

    // PostgreSQL notices a client's death when it next speaks to it; until then a transaction of the dead may still commit.
    private static async Task WaitForTheDeadAsync(string? connection)
    {
        if (connection is null) return;
        var settings = new NpgsqlConnectionStringBuilder(connection);
        for (var tries = 0; tries < 300; tries++)
        {
            var busy = await (await PostgresCluster.Running).ExecuteAsync($"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{settings.Database}' AND application_name = 'opinion' AND state <> 'idle'");
            if (busy is 0L) return;
            await Task.Delay(100);
        }

        throw new InvalidOperationException("A transaction of a killed import goes on and on.");
    }

    private static string Workbook(HotlineFiles files)
    {
        List<object?[]> rows = [.. File.ReadAllLines(files.Calls(Calls), Encoding.UTF8).Select(line => line.Split(',').Cast<object?>().ToArray()), ["bad", null, null, "2025-01-01 08:00", null]];
        var path = Path.Combine(files.Folder, "calls.xlsx");
        File.WriteAllBytes(path, Workbooks.Make([.. rows]));
        return path;
    }
}
