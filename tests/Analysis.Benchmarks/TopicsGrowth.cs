using System.Diagnostics;
using System.Globalization;
using Opinion.Analysis.Tests.Topics;
using Opinion.Analysis.Topics;

namespace Opinion.Analysis.Benchmarks;

/// <summary>
/// Groups letters made of requests_2019 by perturbing, once, in a process of its own, and prints what it took:
/// <c>dotnet run -c Release --project tests/Analysis.Benchmarks -- topics COUNT TOWNS</c>.
/// </summary>
internal static class TopicsGrowth
{
    internal static void Run(int count, int towns)
    {
        var source = new PerturbedLetters(Requests.Letters, new Dictionary<string, string>(), (a, b) => Grams.Of(a, b) is var gram && gram != 0 && Requests.Table.IsCommon(gram, out _));
        TopicLetter[] letters = [.. source.Make(count, towns)];
        // The compiler's work is not the method's.
        TopicIndex.Of(letters[..Math.Min(500, count)], Requests.Table);
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        double textMegabytes = process.WorkingSet64 / 1e6;
        TimeSpan before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        IReadOnlyList<Topic> topics = TopicIndex.Of(letters, Requests.Table).Topics();
        watch.Stop();
        process.Refresh();
        TimeSpan processor = process.TotalProcessorTime - before;
        // A family is the copies of one letter in one town.
        var parts = topics.SelectMany((topic, i) => topic.Letters.Select(id => (Family: Family(id), Town: Town(id), Topic: i))).ToList();
        int together = parts.GroupBy(part => part.Family).Sum(family => family.GroupBy(part => part.Topic).Max(part => part.Count()));
        int strangers = parts.GroupBy(part => part.Topic).Sum(topic => topic.Count() - topic.GroupBy(part => part.Town).Max(town => town.Count()));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"letters\": {count}, \"towns\": {towns}, \"seconds\": {watch.Elapsed.TotalSeconds:0.00}, \"processor seconds\": {processor.TotalSeconds:0.00}, \"megabytes of letters\": {textMegabytes:0}, \"peak megabytes\": {process.PeakWorkingSet64 / 1e6:0}, \"topics\": {topics.Count}, \"largest\": {topics[0].Count}, \"copies kept together\": {together / (double)count:0.000}, \"letters among another town's\": {strangers / (double)count:0.000}}}"));
    }

    private static string Family(string id) => id[..id.LastIndexOf('.')];

    private static string Town(string id) => id.Split('.')[1];
}
