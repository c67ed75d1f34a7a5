using System.Diagnostics;
using Opinion.Load.Arrivals;
using Opinion.Load.Nodes;
using Xunit.Abstractions;

namespace Opinion.Load.Ratio;

/// <summary>
/// How many letters a second become durable, measured beside what PostgreSQL does with one row of the same bytes a
/// transaction: the same server, the same number of connections, turn about in the same run.
/// </summary>
[Collection("load")]
public sealed class ReceiptRatioTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int Clients = 32;

    private static bool Long => Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1";

    private static int Seconds => Long ? 20 : 4;

    [Fact]
    public async Task Letters_become_durable_at_least_half_as_fast_as_single_rows_of_their_size()
    {
        await using var office = await LoadOffice.OpenAsync();
        var number = 0;
        await ReceiveAsync(office, 1, () => Interlocked.Increment(ref number));
        var bytes = (int)await office.CountAsync(BytesOfALetter);
        Assert.InRange(bytes, 500, 20_000);
        var raw = new RawInserts(office.Store.ConnectionString, bytes);
        await raw.MakeAsync();
        var nodes = await Task.WhenAll(office.StartNodeAsync(), office.StartNodeAsync());
        var visitors = Enumerable.Range(0, 2_000).Select(i => new Visitor(nodes[i % nodes.Length], i)).ToArray();
        var posts = 0;
        await PostAsync(visitors, 2, () => Interlocked.Increment(ref posts));
        var ratios = new List<double>();
        var web = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var (rows, rowTime, _) = await CostAsync(office, () => raw.MeasureAsync(Clients, Seconds));
            var (letters, letterTime, ownTime) = await CostAsync(office, () => ReceiveAsync(office, Seconds, () => Interlocked.Increment(ref number)));
            var busy = office.NodeSeconds;
            var (receipts, _, _) = await CostAsync(office, () => PostAsync(visitors, Seconds, () => Interlocked.Increment(ref posts)));
            output.WriteLine(Figures.Line($"CPU: the server {rowTime * 1e6:F0} us a row, {letterTime * 1e6:F0} us a letter and the desk {ownTime * 1e6:F0} us; a node {(office.NodeSeconds - busy) / (receipts * Seconds) * 1e6:F0} us a letter from the form's page to the matter"));
            ratios.Add(letters / rows);
            web.Add(receipts / rows);
            output.WriteLine(Figures.Line($"{Figures.Machine}; {Clients} connections, {bytes} bytes a letter: {rows:F0} rows, {letters:F0} letters ({letters / rows:F2}), {receipts:F0} receipts at the form through two nodes ({receipts / rows:F2}) a second"));
        }

        foreach (var visitor in visitors) visitor.Dispose();
        output.WriteLine(Figures.Line($"median of {Rounds}: letters {Median(ratios):F2} of raw rows, receipts at the form {Median(web):F2}"));
        Assert.Empty(office.Errors);
        Assert.Equal(number + posts, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        // On a machine that others keep busy, thirty-two connections of pgbench get thirty-two shares of it and the two turns of the
        // desk get two; the everyday run only sees to it that nothing has become several times slower.
        Assert.InRange(ratios.Max(), Long ? 0.5 : 0.2, 100);
    }

    // A rate, and what each piece of it cost the server and this process in CPU seconds.
    private static async Task<(double Rate, double Server, double Own)> CostAsync(LoadOffice office, Func<Task<double>> work)
    {
        using var own = Process.GetCurrentProcess();
        var (server, mine) = (await ServerTime.SecondsAsync(office.Store), own.TotalProcessorTime.TotalSeconds);
        var watch = Stopwatch.StartNew();
        var rate = await work();
        var done = rate * watch.Elapsed.TotalSeconds;
        own.Refresh();
        return (rate, (await ServerTime.SecondsAsync(office.Store) - server) / done, (own.TotalProcessorTime.TotalSeconds - mine) / done);
    }

    // Every byte a letter's rows hold in the tables, without their indexes and headers of pages.
    private const string BytesOfALetter =
        """
        SELECT ((SELECT SUM(pg_column_size(r)) FROM letters r) + (SELECT SUM(pg_column_size(r)) FROM letter_keys r) + (SELECT SUM(pg_column_size(r)) FROM channel_keys r)
             + (SELECT SUM(pg_column_size(r)) FROM sealed_texts r) + (SELECT COALESCE(SUM(pg_column_size(r)), 0) FROM sealed_contacts r) + (SELECT SUM(pg_column_size(r)) FROM matter_events r))
             / (SELECT COUNT(*) FROM letters)
        """;

    private static async Task<double> ReceiveAsync(LoadOffice office, int seconds, Func<int> next)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; watch.Elapsed.TotalSeconds < seconds; count++)
                await office.Receive.HandleAsync(MixedLetters.LetterOf(next(), Ingest.Tests.Offices.TempOffice.Now), CancellationToken.None);
            return count;
        })));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> PostAsync(Visitor[] visitors, int seconds, Func<int> next)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; watch.Elapsed.TotalSeconds < seconds; count++)
            {
                var number = next();
                var visitor = visitors[number % visitors.Length];
                var page = await visitor.GetAsync("/write");
                var answer = await visitor.PostAsync("/write", [.. Visitor.HiddenOf(page.Body), ("Title", MixedLetters.TitleOf(number)), ("Body", MixedLetters.BodyOf(number))]);
                if (Visitor.ReceiptOf(answer.Body) is null) throw new InvalidOperationException($"A letter was answered with {answer.Status} and no receipt.");
            }

            return count;
        })));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
