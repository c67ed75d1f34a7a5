using Opinion.Load.Nodes;
using Xunit.Abstractions;

namespace Opinion.Load.Arrivals;

/// <summary>
/// The hardest day on record in the field is 200,000 messages to one account in a day after an earthquake. Taken here: its
/// peak hour held 12 % of it, the usual share of a busy hour in telephone traffic, so 6.7 a second; ten times that is 67.
/// </summary>
[Collection("load")]
public sealed class PeakHourTests(ITestOutputHelper output)
{
    private const double BusyHour = 0.12;
    private const double TenTimesThePeak = 10 * 200_000 * BusyHour / 3600;

    private static bool Long => Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1";

    [Fact]
    public async Task Ten_times_the_peak_hour_is_held_and_nothing_is_lost()
    {
        // The everyday run shares its machine with other tests: a sample of the way, at a rate a busy machine holds.
        var (rate, warm, span, most) = Long ? (TenTimesThePeak, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(10), 250.0) : (10.0, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20), 3_000.0);
        if (double.TryParse(Environment.GetEnvironmentVariable("OPINION_LOAD_RATE"), System.Globalization.CultureInfo.InvariantCulture, out var other)) rate = other;
        if (double.TryParse(Environment.GetEnvironmentVariable("OPINION_LOAD_SECONDS"), System.Globalization.CultureInfo.InvariantCulture, out var seconds)) span = TimeSpan.FromSeconds(seconds);
        await using var office = await LoadOffice.OpenAsync();
        var nodes = await Task.WhenAll(office.StartNodeAsync(), office.StartNodeAsync());
        await WarmAsync(nodes);
        var before = await office.CountAsync("SELECT COUNT(*) FROM letters");
        var busy = office.NodeSeconds;
        await using var bare = await BarePage.OpenAsync();
        var hour = new PeakHour(office, nodes, rate, warm, span, bare.Address);
        await hour.RunAsync();
        busy = office.NodeSeconds - busy;
        output.WriteLine(Figures.Line($"{Figures.Machine}; {rate:F1} letters a second due for {warm.TotalSeconds:F0} and {span.TotalSeconds:F0} s, {hour.Sent} sent in {hour.Seconds:F1} s: {hour.Given.Count / hour.Seconds:F1} receipts a second; all in their queues {hour.Assigned:F1} s later; the nodes used {busy / (hour.Seconds + hour.Assigned):F2} cores"));
        foreach (var latencies in new[] { hour.Receipts, hour.Form, hour.Follows, hour.Published, hour.Queue, hour.Matter, hour.Bare }) output.WriteLine(latencies.ToString());
        foreach (var problem in hour.Problems.Take(20)) output.WriteLine(problem);
        foreach (var line in office.Errors.Take(20)) output.WriteLine(line);
        Assert.Equal(0, before);
        Assert.Empty(hour.Problems);
        Assert.Empty(office.Errors);
        await hour.ProveAsync();
        output.WriteLine(Figures.Line($"every one of {hour.Given.Count} receipts finds its own letter, and there is no other letter"));
        Assert.InRange(hour.Receipts.At(0.99), 0, most);
        Assert.InRange(hour.Queue.At(0.95), 0, 2 * most);
        Assert.True(hour.Matter.Count > 0, "No officer could open a matter while letters came in.");
        Assert.InRange(hour.Matter.At(0.95), 0, 2 * most);
    }

    // A desk that has been running is measured, not its first pages.
    private static async Task WarmAsync(Uri[] nodes)
    {
        for (var i = 0; i < 40; i++)
        {
            using var visitor = new Visitor(nodes[i % nodes.Length], 61_000 + i);
            var page = await visitor.GetAsync("/write");
            // An empty letter goes the whole way of a post but for the store.
            await visitor.PostAsync("/write", [.. Visitor.HiddenOf(page.Body), ("Body", " ")]);
            foreach (var path in new[] { "/", "/answers", "/staff/sign-in" }) await visitor.GetAsync(path);
        }
    }
}
