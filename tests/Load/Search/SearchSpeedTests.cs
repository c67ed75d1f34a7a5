using System.Diagnostics;
using System.Globalization;
using Opinion.Desk.Search;
using Opinion.Desk.Tests.Fixture;
using Opinion.Load.Letters;
using Xunit.Abstractions;

namespace Opinion.Load.Search;

/// <summary>
/// How fast an officer's search is: two words out of one sentence of a letter, by date and best first. 500,000 letters with
/// OPINION_TEST_LONG=1 (OPINION_LOAD_LETTERS sets another number), else 20,000. What it prints is in docs/benchmarks/search.md.
/// </summary>
public sealed class SearchSpeedTests(ITestOutputHelper output)
{
    private const int Searches = 300;

    private static readonly int Letters = int.TryParse(Environment.GetEnvironmentVariable("OPINION_LOAD_LETTERS"), NumberStyles.None, CultureInfo.InvariantCulture, out int set) ? set : LoadedTown.Long ? 500_000 : 20_000;

    [Fact]
    public async Task On_Postgres_inside_the_server()
    {
        var town = await Town.OpenAsync(TestEngine.Postgres);
        try
        {
            var letters = await LoadedTown.LettersForAsync(town);
            var watch = Stopwatch.StartNew();
            await letters.CopyAsync(town.Store.ConnectionString, 0, Letters, Letters);
            Print($"{Letters} letters of {letters.Source} loaded in {watch.Elapsed.TotalSeconds:F0} s");
            double rate = await LoadedTown.IndexAsync(town);
            Print($"index: {rate:F0} letters a second");
            Assert.Equal(Letters, await town.CountAsync("SELECT COUNT(*) FROM letter_search"));
            await using (var session = await town.Store.ReadAsync(default)) await session.ExecuteAsync("VACUUM (ANALYZE) letter_search", default);
            Print($"index {await SizeAsync(town)} MB");
            await ServerLog.TimeAsync(town);
            town = await LoadedTown.ReopenAsync(town, TestEngine.Postgres);
            var pairs = letters.Pairs(Searches);
            foreach (var order in new[] { SearchOrder.Newest, SearchOrder.Best })
            {
                var (found, times) = await MeasureAsync(town, pairs, order);
                Print($"{order}, {found} of {Searches} searches found letters");
                Print($"  in the index: work {LoadedTown.Percentiles(times.IndexCpu)}; time {LoadedTown.Percentiles(times.Index)}");
                Print($"  and the texts of the page: work {LoadedTown.Percentiles(times.WholeCpu)}; time {LoadedTown.Percentiles(times.Whole)}");
                Assert.InRange(found, Searches / 3, Searches);
                // The figures are in docs/benchmarks; here only what no noise explains.
                Assert.InRange(times.IndexCpu.Order().ElementAt(Searches / 2), 0.001, 20);
            }
        }
        finally
        {
            await town.DisposeAsync();
        }
    }

    [Fact]
    public async Task On_Sqlite_with_the_audit_line_of_each_search()
    {
        await using var town = await Town.OpenAsync(TestEngine.Sqlite);
        var letters = await LoadedTown.LettersForAsync(town);
        await letters.InsertAsync(town.Store.ConnectionString, Letters);
        Print($"index: {await LoadedTown.IndexAsync(town):F0} letters a second");
        var officer = await town.StaffAsync(LoadedTown.Officer);
        var audit = new List<double>();
        for (int i = 0; i < 50; i++)
        {
            var watch = Stopwatch.StartNew();
            await town.Get<Desk.Audit.AuditLog>().WriteAsync("nobody", "measured", null, null, null, default);
            audit.Add(watch.Elapsed.TotalMilliseconds);
        }

        Print($"a line of the audit log alone: {LoadedTown.Percentiles(audit)}");
        foreach (var order in new[] { SearchOrder.Newest, SearchOrder.Best })
        {
            int found = 0;
            var times = new List<double>();
            foreach (var pair in letters.Pairs(Searches))
            {
                var watch = Stopwatch.StartNew();
                var (page, _) = await town.Get<LetterSearch>().HandleAsync(officer, new LetterQuestion(pair, Order: order), default);
                times.Add(watch.Elapsed.TotalMilliseconds);
                if (page!.Letters.Count > 0) found++;
            }

            Print($"{order}: whole search with snippets {LoadedTown.Percentiles(times)}; {found} searches found letters");
            Assert.InRange(found, Searches / 3, Searches);
        }
    }

    private static async Task<(int Found, Times Times)> MeasureAsync(Town town, IReadOnlyList<string> pairs, SearchOrder order)
    {
        var officer = await town.StaffAsync(LoadedTown.Officer);
        var search = town.Get<LetterSearch>();
        foreach (var pair in pairs) await search.HandleAsync(officer, new LetterQuestion(pair, Order: order), default);
        int found = 0;
        long since = await ServerLog.EndAsync(town);
        foreach (var pair in pairs)
        {
            var (page, refusal) = await search.HandleAsync(officer, new LetterQuestion(pair, Order: order), default);
            Assert.Null(refusal);
            if (page!.Letters.Count > 0) found++;
        }

        // Every search begins with its line of the audit log; the statements until the next are its own.
        var times = new Times([], [], [], []);
        foreach (var part in await ServerLog.PartsSinceAsync(town, since))
        {
            if (part.Text.Contains("INSERT INTO audit_log", StringComparison.Ordinal))
            {
                if (part.Part == "EXECUTE") times.Begin();
            }
            else if (times.Index.Count > 0 && part.Text.Contains("letter_search", StringComparison.Ordinal))
            {
                times.Add(part, inIndex: true);
            }
            else if (times.Index.Count > 0 && part.Text.Contains("SELECT l.id, l.number, l.title", StringComparison.Ordinal))
            {
                times.Add(part, inIndex: false);
            }
        }

        Assert.Equal(pairs.Count, times.Index.Count);
        // A pair that redaction takes for a name is not searched for.
        Assert.InRange(times.Index.RemoveAll(time => time == 0), 0, pairs.Count / 20);
        times.IndexCpu.RemoveAll(time => time == 0);
        times.Whole.RemoveAll(time => time == 0);
        times.WholeCpu.RemoveAll(time => time == 0);
        return (found, times);
    }

    private sealed record Times(List<double> Index, List<double> IndexCpu, List<double> Whole, List<double> WholeCpu)
    {
        public void Begin()
        {
            foreach (var list in new[] { Index, IndexCpu, Whole, WholeCpu }) list.Add(0);
        }

        public void Add(ServerStatement part, bool inIndex)
        {
            if (inIndex)
            {
                Index[^1] += part.Milliseconds;
                IndexCpu[^1] += part.CpuMilliseconds;
            }

            Whole[^1] += part.Milliseconds;
            WholeCpu[^1] += part.CpuMilliseconds;
        }
    }

    private static Task<long> SizeAsync(Town town) => town.CountAsync("SELECT pg_total_relation_size('letter_search') / 1000000");

    private void Print(FormattableString line)
    {
        string text = line.ToString(CultureInfo.InvariantCulture);
        output.WriteLine(text);
        Console.WriteLine(text);
    }
}
