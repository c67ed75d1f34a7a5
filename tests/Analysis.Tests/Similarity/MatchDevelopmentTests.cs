using System.Diagnostics;
using System.Text;
using Opinion.Analysis.Similarity;
using Opinion.Analysis.Tests.Data;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Similarity;

/// <summary>Figures on match_dev: 1,875 questions to a city, put to its answers alone.</summary>
[Collection(Alone.Name)]
public class MatchDevelopmentTests(ITestOutputHelper output)
{
    [SharedDataFact]
    public void Questions_find_their_answers_as_often_as_promised()
    {
        AnswerIndex index = AnswerIndex.Build(Bank(), Loaded.Segmenter, ChineseFoldingTests.Shipped);
        List<string[]> questions = Read("match_dev_queries.csv");
        Assert.Equal((1875, 1875), (index.Count, questions.Count));
        var judged = questions.ConvertAll(row =>
        {
            MatchResult match = index.Match(row[0], 5);
            return (match.Confidence, Place: match.Answers.Select(answer => answer.Id).ToList().IndexOf(row[1]));
        });
        double first = judged.Count(j => j.Place == 0) / (double)judged.Count;
        double five = judged.Count(j => j.Place >= 0) / (double)judged.Count;
        // Expected calibration error over ten bands of confidence (Naeini, Cooper, Hauskrecht 2015).
        double gap = judged.GroupBy(j => Math.Min(9, (int)(j.Confidence * 10))).Sum(band => Math.Abs(band.Sum(j => j.Confidence) - band.Count(j => j.Place == 0))) / judged.Count;
        output.WriteLine($"top-1 {first:F4}, top-5 {five:F4}, calibration gap {gap:F4}");
        foreach (double bound in (double[])[0.8, 0.85, 0.9, 0.95])
        {
            var sent = judged.Where(j => j.Confidence >= bound).ToList();
            output.WriteLine($"at confidence {bound}: {sent.Count} sent, {sent.Count(j => j.Place == 0)} right");
        }

        Assert.True(first >= 0.501, $"top-1 {first:F4}");
        Assert.True(five >= 0.75, $"top-5 {five:F4}");
        Assert.True(gap <= 0.05, $"calibration gap {gap:F4}");
        var atOnce = judged.Where(j => j.Confidence >= MatchResult.SentAtOnce).ToList();
        Assert.InRange(atOnce.Count, 30, judged.Count);
        Assert.True(atOnce.Count(j => j.Place == 0) >= 0.98 * atOnce.Count, $"{atOnce.Count(j => j.Place == 0)} of {atOnce.Count} sent at once are right");
    }

    [SharedDataFact]
    public void The_index_equals_the_plain_scan_and_is_many_times_faster()
    {
        List<AnswerEntry> bank = Bank();
        AnswerIndex index = AnswerIndex.Build(bank, Loaded.Segmenter, ChineseFoldingTests.Shipped);
        var scan = new LinearMatch(bank, ChineseFoldingTests.Shipped);
        string[] questions = [.. Read("match_dev_queries.csv").Where((_, i) => i % 38 == 0).Select(row => row[0])];
        Assert.Equal(50, questions.Length);
        foreach (string question in questions) AnswerIndexTests.AssertEqual(scan.Match(question, 5), index.Match(question, 5));
        double slow = Best(() => Array.ForEach(questions, question => scan.Match(question, 5)));
        double fast = Best(() => Array.ForEach(questions, question => index.Match(question, 5)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Array.ForEach(questions, question => index.Match(question, 5));
        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / questions.Length;
        output.WriteLine($"{fast / questions.Length:F3} ms and {bytes} bytes for a question, {slow / fast:F1} times as fast as the scan");
        Assert.True(slow / fast >= 4, $"{slow / fast:F1} times as fast as the scan");
        Assert.InRange(bytes, 0, 60_000);
        // The promise is 1 ms; the machine is shared, so the best of five rounds counts.
        Assert.InRange(fast / questions.Length, 0, 1);
    }

    private static double Best(Action action)
    {
        double best = double.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return best;
    }

    private static List<AnswerEntry> Bank() => Read("match_dev_bank.csv").ConvertAll(row => new AnswerEntry(row[0], "", [], row[1]));

    private static List<string[]> Read(string file)
    {
        var rows = new List<string[]>();
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        string text = File.ReadAllText(SharedData.Path(file));
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
            else if (c == '"') quoted = !quoted;
            else if (quoted || (c != ',' && c != '\n')) field.Append(c);
            else
            {
                fields.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (c == ',') continue;
                rows.Add([.. fields]);
                fields.Clear();
            }
        }

        return rows[1..];
    }
}
