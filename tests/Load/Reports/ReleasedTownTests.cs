using System.Diagnostics;
using System.Globalization;
using Opinion.Analysis.Suppression;
using Opinion.Analysis.Suppression.Audit;
using Opinion.Desk.Reports;
using Opinion.Desk.Tests.Fixture;
using Opinion.Load.Letters;
using Xunit.Abstractions;

namespace Opinion.Load.Reports;

/// <summary>
/// A half year of a large town released week by week: how long a release takes, what it allocates, and that the auditor finds
/// nothing in all of it. 100,000 letters with OPINION_TEST_LONG=1, else 10,000.
/// </summary>
public sealed class ReleasedTownTests(ITestOutputHelper output)
{
    private static readonly int Letters = LoadedTown.Long ? 100_000 : 10_000;

    [Fact]
    public async Task On_SQLite() => await ReleaseAsync(TestEngine.Sqlite);

    [Fact]
    public async Task On_PostgreSQL() => await ReleaseAsync(TestEngine.Postgres);

    private async Task ReleaseAsync(TestEngine engine)
    {
        await using var town = await Town.OpenAsync(engine);
        var made = await LoadedTown.LettersForAsync(town);
        if (engine == TestEngine.Postgres) await made.CopyAsync(town.Store.ConnectionString, 0, Letters, Letters);
        else await made.InsertAsync(town.Store.ConnectionString, Letters);
        // The made letters all came by one door and ended one way; a town's do not.
        await town.ExecuteAsync("UPDATE letters SET channel = 'form' WHERE substr(id, 15, 1) IN ('1', '2', '3', '4', '5')");
        await town.ExecuteAsync("UPDATE letters SET channel = 'mailbox' WHERE substr(id, 15, 1) = '6'");
        await town.ExecuteAsync("UPDATE letters SET channel = 'paper' WHERE substr(id, 15, 2) = '7a'");
        await town.ExecuteAsync("UPDATE matters SET disposition = 'declined' WHERE closed_at IS NOT NULL AND substr(letter_id, 16, 1) IN ('1', '2')");
        await town.ExecuteAsync("UPDATE matters SET disposition = 'partly-solved' WHERE closed_at IS NOT NULL AND substr(letter_id, 16, 1) = '3'");
        await town.ExecuteAsync("UPDATE matters SET transfers = 2 WHERE substr(letter_id, 16, 1) IN ('a', 'b')");

        var last = IsoWeek.Of(DateOnly.FromDateTime(town.Clock.Now.Date)).Previous;
        var week = last;
        for (var i = 1; i < 26; i++) week = week.Previous;
        List<double> times = [], megabytes = [];
        var published = new List<PublishedCell>();
        for (; string.CompareOrdinal(week.ToString(), last.ToString()) <= 0; week = week.Next)
        {
            var allocated = GC.GetTotalAllocatedBytes();
            var watch = Stopwatch.StartNew();
            var report = (await town.Get<WeeklyReport>().ReleaseAsync(week, CancellationToken.None))!;
            times.Add(watch.Elapsed.TotalMilliseconds);
            megabytes.Add((GC.GetTotalAllocatedBytes() - allocated) / 1048576d);
            published.AddRange(PublishedCells.Of(report));
        }

        Assert.Equal(26, times.Count);
        Assert.InRange(published.Count(cell => cell.Count is not null), 26 * 10, int.MaxValue);
        var lines = await town.QueryAsync("SELECT parts, totals FROM released_lines ORDER BY week, position", row => new CountLine(row.GetString(0).Split('\n'), row.GetString(1).Split('\n')));
        var audit = Stopwatch.StartNew();
        var found = PublicationAuditor.Audit(published, lines);
        var hidden = published.Count(cell => cell.Count is null);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{town.Store.Engine}, {Letters} letters: a release takes {LoadedTown.Percentiles(times)}, allocates {megabytes.Average():F0} MB; {published.Count - hidden} counts shown, {hidden} hidden; audit {audit.Elapsed.TotalSeconds:F1} s"));
        Assert.Empty(found.Findings);

        // One cell of those that must be hidden is told.
        var leak = await town.QueryAsync("SELECT key FROM released_cells WHERE shown IS NULL AND true_count < 10 ORDER BY key", row => row.GetString(0));
        Assert.NotEmpty(leak);
        Assert.Contains(PublicationAuditor.Audit([.. published, new PublishedCell(leak[0], 5)], lines).Findings, finding => finding.Key == leak[0]);
    }
}
