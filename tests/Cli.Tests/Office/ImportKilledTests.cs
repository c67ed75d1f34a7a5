using System.Globalization;
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

        TimeSpan whole;
        using (var files = new HotlineFiles())
        {
            var begun = System.Diagnostics.Stopwatch.StartNew();
            Assert.Equal(0, (await OpinionProcess.RunAsync(files.Import(files.Calls(Calls)))).ExitCode);
            whole = begun.Elapsed;
        }

        var killed = 0;
        for (var round = 0; round < rounds; round++)
        {
            using var files = new HotlineFiles();
            var sheet = files.Calls(Calls, "bad,,,2025-01-01 08:00,\n");
            // Killed twice, the second time in what the first left behind.
            for (var kill = 0; kill < 2; kill++)
            {
                // First while rows come in, then at any moment.
                var after = whole * (0.08 + (kill == 0 ? 0.4 : 0.85) * random.NextDouble());
                if (await OpinionProcess.RunAndKillAsync(after, files.Import(sheet))) killed++;
                output.WriteLine($"round {round}: killed after {after.TotalMilliseconds:F0} of {whole.TotalMilliseconds:F0} ms, letters {(File.Exists(Path.Combine(files.Data, "desk.db")) ? (await files.DoctorAsync())["letters"].GetInt32() : 0)}");
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
    }
}
