using System.Diagnostics;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Topics;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Topics;

/// <summary>Time and memory on letters made of requests_2019 by perturbing. 400,000 only with OPINION_TEST_LONG=1.</summary>
[Collection(Alone.Name)]
public class TopicGrowthTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1";

    [SharedDataFact]
    public void Time_grows_hardly_faster_than_the_number_of_letters()
    {
        Group(1000, 1);
        double small = Math.Min(Group(4326, 1), Group(4326, 1));
        double middle = Group(40_000, 3);
        // Nine times the letters: quadratic work would take 85 times as long.
        Assert.InRange(middle / small, 1, 30);
        if (Long) Assert.InRange(Group(400_000, 10) / middle, 1, 25);
    }

    private double Group(int count, int towns)
    {
        var topicOf = Specification.Rows("Labels/topics.tsv", 3).ToDictionary(row => row[1], row => row[0], StringComparer.Ordinal);
        var source = new PerturbedLetters(Requests.Letters, topicOf, (a, b) => Grams.Of(a, b) is var gram && gram != 0 && Requests.Table.IsCommon(gram, out _));
        TopicLetter[] letters = [.. source.Make(count, towns)];
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        IReadOnlyList<Topic> topics = TopicIndex.Of(letters, Requests.Table).Topics();
        process.Refresh();
        double seconds = (process.TotalProcessorTime - before).TotalSeconds;
        output.WriteLine(FormattableString.Invariant($"{count} letters, {towns} towns: {seconds:0.00} s of processor time, {topics.Count} topics, the largest of {topics[0].Count}"));
        Assert.Equal(count, topics.Sum(topic => topic.Count));
        Assert.InRange(topics.Count, 100, count - 1);
        return seconds;
    }
}
