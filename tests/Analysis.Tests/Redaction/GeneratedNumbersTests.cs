using System.Text.RegularExpressions;
using Opinion.Analysis.Tests.Data;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Redaction;

/// <summary>
/// Numbers made up for the test, put into real letters: where the makers of the data masked something, and between
/// clauses. The goal of TRUST.md is a recall of 0.999 of every kind.
/// </summary>
public partial class GeneratedNumbersTests(ITestOutputHelper output)
{
    private const int Seed = 20261123;
    private const double Goal = 0.999;

    private static int Rounds => Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 10_000 : 1_000;

    [SharedDataFact]
    public void Numbers_of_every_kind_are_covered_whole()
    {
        List<string> frames = Frames();
        Assert.True(frames.Count > 2000, $"only {frames.Count} places");
        var factory = new NumberFactory(Seed);
        var missed = new List<string>();
        foreach ((string kind, Func<string> make) in factory.Kinds)
        {
            var random = new Random(Seed);
            (int whole, int baseline, int leaked, int characters) = (0, 0, 0, 0);
            for (int round = 0; round < Rounds; round++)
            {
                (string text, int start, int end) = Insert(frames[random.Next(frames.Count)], make());
                bool[] covered = PersonalLabels.Covered(text, Loaded.Redactor.Find(text));
                int open = covered[start..end].Count(c => !c);
                leaked += open;
                characters += end - start;
                whole += open == 0 ? 1 : 0;
                if (open > 0 && missed.Count(m => m.StartsWith(kind, StringComparison.Ordinal)) < 8) missed.Add($"{kind}: {text[Math.Max(0, start - 14)..start]}⟦{text[start..end]}⟧{text[end..Math.Min(text.Length, end + 8)]}");
                baseline += PersonalLabels.Covered(text, RegexBaseline.Find(text))[start..end].All(c => c) ? 1 : 0;
            }

            output.WriteLine($"| {kind} | {Rounds} | {(double)whole / Rounds:F4} | {(double)leaked / characters:F4} | {(double)baseline / Rounds:F3} |");
            if (whole < Goal * Rounds) missed.Add($"{kind}: recall {(double)whole / Rounds:F4}");
        }

        foreach (string line in missed) output.WriteLine(line);
        Assert.DoesNotContain(missed, line => line.Contains(": recall", StringComparison.Ordinal));
    }

    [SharedDataFact]
    public void Look_alikes_stay_readable()
    {
        // Not where a number was masked: after 身份证: and 电话: any number is taken for one, on purpose.
        List<string> frames = Frames(masked: false);
        var factory = new NumberFactory(Seed);
        foreach ((string kind, Func<string> make) in factory.LookAlikes)
        {
            var random = new Random(Seed);
            int touched = 0;
            int baseline = 0;
            var examples = new List<string>();
            for (int round = 0; round < Rounds; round++)
            {
                (string text, int start, int end) = Insert(frames[random.Next(frames.Count)], make());
                bool hit = PersonalLabels.Covered(text, Loaded.Redactor.Find(text))[start..end].Any(c => c);
                touched += hit ? 1 : 0;
                baseline += PersonalLabels.Covered(text, RegexBaseline.Find(text))[start..end].Any(c => c) ? 1 : 0;
                if (hit && examples.Count < 5) examples.Add($"  {text[Math.Max(0, start - 14)..start]}⟦{text[start..end]}⟧{text[end..Math.Min(text.Length, end + 8)]}");
            }

            output.WriteLine($"| {kind} | {Rounds} | {(double)touched / Rounds:F4} | {(double)baseline / Rounds:F3} |");
            foreach (string example in examples) output.WriteLine(example);
            Assert.True(touched <= Rounds / 50, $"{kind}: {touched} of {Rounds} covered");
        }
    }

    private static (string Text, int Start, int End) Insert(string frame, string marked)
    {
        string text = frame.Replace("\uE000", marked, StringComparison.Ordinal);
        int start = text.IndexOf('⟦', StringComparison.Ordinal);
        int end = text.IndexOf('⟧', StringComparison.Ordinal) - 1;
        return (text.Remove(end + 1, 1).Remove(start, 1), start, end);
    }

    // A stretch of a letter with U+E000 where a number goes: in the place of a masked one, or after a clause.
    private static List<string> Frames(bool masked = true)
    {
        const int Around = 40;
        var frames = new List<string>();
        foreach (Dictionary<string, string> letter in SharedTable.Read("requests_2019.csv"))
        {
            string body = letter["body"];
            if (body.AsSpan().ContainsAny('⟦', '⟧', '\uE000')) continue;
            Match number = Masked().Match(body);
            Match clause = Clause().Match(body, Math.Min(body.Length, letter["id"].Sum(c => c) % 97));
            foreach (Match place in masked ? (Match[])[number, clause] : [clause])
            {
                if (!place.Success) continue;
                int from = Math.Max(0, place.Index - Around);
                int to = Math.Min(body.Length, place.Index + place.Length + Around);
                string before = body[from..place.Index] + (place == clause ? place.Value : ",");
                string after = body[(place.Index + place.Length)..to];
                // What was masked there was a sum of money.
                if (after.StartsWith('元') || after.StartsWith('万')) continue;
                // Digits and letters beside the place would make another number of it.
                bool open = after.Length == 0 || !(char.IsAsciiLetterOrDigit(after[0]) || after[0] is '*' or '-' or (>= '\uFF01' and <= '\uFF5A'));
                frames.Add($"{before}\uE000{(open ? "" : ",")}{after}");
            }
        }

        return frames;
    }

    [GeneratedRegex(@"\*{6,}|〔号码〕|[xX×]{6,}")]
    private static partial Regex Masked();

    [GeneratedRegex("[，。；！？]")]
    private static partial Regex Clause();
}
