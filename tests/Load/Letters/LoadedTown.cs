using System.Diagnostics;
using System.Globalization;
using Opinion.Desk.Search;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Load.Letters;

/// <summary>An office full of made letters.</summary>
public static class LoadedTown
{
    /// <summary>Whether the long tests run.</summary>
    public static bool Long => Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1";

    /// <summary>The officer who searches and lists: of the busiest department.</summary>
    public const string Officer = "urban-1";

    public static async Task<ManyLetters> LettersForAsync(Town town)
    {
        var departments = await town.QueryAsync("SELECT code FROM departments WHERE kind = 'line' ORDER BY code = 'urban' DESC, position", row => row.GetString(0));
        var subjects = await town.QueryAsync("SELECT code FROM subjects WHERE parent IS NOT NULL ORDER BY code", row => row.GetString(0));
        return new ManyLetters(departments, subjects);
    }

    /// <summary>Makes the search index of what is not in it yet.</summary>
    /// <returns>Letters a second.</returns>
    public static async Task<double> IndexAsync(Town town, string? cursor = null)
    {
        var rebuild = town.Get<RebuildLetterSearch>();
        var watch = Stopwatch.StartNew();
        long added = 0;
        do
        {
            var step = await rebuild.HandleAsync(cursor, 2_000, CancellationToken.None);
            added += step.Added;
            cursor = step.Cursor;
        }
        while (cursor is not null);
        return added / watch.Elapsed.TotalSeconds;
    }

    /// <summary>The office opened again, with connections that know what was set for its database.</summary>
    public static async Task<Town> ReopenAsync(Town town, TestEngine engine)
    {
        var folder = await town.StopAsync();
        return await Town.OpenAsync(engine, folder: folder);
    }

    public static string Percentiles(IReadOnlyCollection<double> times)
    {
        double[] sorted = [.. times.Order()];
        return string.Create(CultureInfo.InvariantCulture, $"p50 {At(0.5):F2} ms, p95 {At(0.95):F2} ms, p99 {At(0.99):F2} ms of {sorted.Length}");

        double At(double share) => sorted[(int)((sorted.Length - 1) * share)];
    }
}
