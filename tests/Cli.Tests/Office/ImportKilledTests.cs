using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Cli.Tests.Office;

/// <summary>The fault "kill -9 in an import, at random moments": run again, all rows are in, each key once.</summary>
public sealed class ImportKilledTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int Calls = 3_000;

    [Fact]
    public async Task A_killed_import_run_again_takes_every_row_once()
    {
        var rounds = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 50 : 4;
        output.WriteLine($"seed {Seed}, {rounds} rounds");
        var random = new Random(Seed);

        // The moments are measured by how far the store has grown, which is the same on a slow machine and a fast one.
        long empty, whole = 0;
        using (var files = new HotlineFiles())
        {
            Assert.Equal(0, (await OpinionProcess.RunAsync(files.Import(files.Calls(1)))).ExitCode);
            empty = SizeOf(files);
            Assert.False(await OpinionProcess.RunAndKillAsync(() => (whole = Math.Max(whole, SizeOf(files))) < 0, files.Import(files.Calls(Calls))));
            Assert.Equal(Calls, (await files.DoctorAsync())["matters"].GetInt32());
        }

        int killed = 0, halfway = 0;
        for (var round = 0; round < rounds; round++)
        {
            using var files = new HotlineFiles();
            var sheet = files.Calls(Calls, "bad,,,2025-01-01 08:00,\n");
            // Killed twice, the second time in what the first left behind.
            for (var kill = 0; kill < 2; kill++)
            {
                var from = Math.Max(empty / 2, SizeOf(files));
                var target = from + (long)((whole - from) * random.NextDouble());
                if (await OpinionProcess.RunAndKillAsync(() => SizeOf(files) >= target, files.Import(sheet))) killed++;
                var left = await files.DoctorAsync();
                var (letters, matters) = (left["letters"].GetInt32(), left["matters"].GetInt32());
                if (matters < Calls && letters > 0) halfway++;
                output.WriteLine($"round {round}: killed at {target} of {whole} bytes, {letters} letters, {matters} matters");
            }

            var again = await OpinionProcess.RunAsync(files.Import(sheet));
            Assert.True(again.ExitCode == 0, again.Error);
            var words = again.Out.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(Calls, Number("added") + Number("repeated"));
            Assert.Equal(1, Number("rejected"));
            var report = await files.DoctorAsync();
            Assert.Equal((Calls, Calls, 0, 0), (report["letters"].GetInt32(), report["matters"].GetInt32(), report["waiting"].GetInt32(), report["setAside"].GetInt32()));
            Assert.Equal(0, report["findings"].GetArrayLength());

            int Number(string name) => int.Parse(words[Array.IndexOf(words, name) + 1], CultureInfo.InvariantCulture);
        }

        Assert.True(killed >= rounds, $"only {killed} imports were killed before they ended");
        Assert.True(halfway > 0, "no import was killed half-way");
    }

    private static long SizeOf(HotlineFiles files) =>
        new[] { "desk.db", "desk.db-wal" }.Select(name => new FileInfo(Path.Combine(files.Data, name))).Sum(file => file.Exists ? file.Length : 0);
}
