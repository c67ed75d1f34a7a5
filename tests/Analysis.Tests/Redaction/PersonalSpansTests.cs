using Opinion.Analysis.Redaction;
using Opinion.Analysis.Tests.Data;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Redaction;

/// <summary>
/// Recall, precision and leaked characters on the letters labelled by hand. The goals of TRUST.md are 0.90 for addresses
/// and 0.95 for names with a title or self-naming; the floors are what was reached, less room for a handful of letters.
/// </summary>
public class PersonalSpansTests(ITestOutputHelper output)
{
    [SharedDataFact]
    public void Names_and_addresses_of_labelled_letters_are_covered()
    {
        List<LabelledText> texts = PersonalLabels.Read();
        Assert.Equal(820, texts.Count);
        SortedDictionary<string, LabelMeasure> all = Show("all", texts, Loaded.Redactor.Find);
        Show("development", texts.Where(text => PersonalLabels.IsForDevelopment(text.Id)), Loaded.Redactor.Find);
        SortedDictionary<string, LabelMeasure> heldBack = Show("held back", texts.Where(text => !PersonalLabels.IsForDevelopment(text.Id)), Loaded.Redactor.Find);
        Show("regular expressions, all", texts, RegexBaseline.Find);
        Assert.True(all["address"].Spans >= 100 && all["name self"].Spans >= 85 && all["name title"].Spans >= 130 && all["plate"].Spans >= 45);
        Floor(all, "address", 0.95);
        Floor(all, "name self", 0.90);
        Floor(all, "name title", 0.95);
        Floor(all, "name bare", 0.80);
        Floor(all, "plate", 0.75);
        Floor(heldBack, "address", 0.90);
        Floor(heldBack, "name self", 0.80);
        Floor(heldBack, "name title", 0.95);
    }

    [SharedDataFact]
    public void Little_else_is_covered()
    {
        List<LabelledText> texts = PersonalLabels.Read();
        SortedDictionary<PersonalKind, (int Found, int Right)> counts = PersonalLabels.Precision(texts, Loaded.Redactor.Find);
        foreach ((PersonalKind kind, (int found, int right)) in counts) output.WriteLine($"{kind}: {right} of {found} touch a label, {(double)right / found:F3}");
        Assert.True(counts[PersonalKind.Name].Found >= 300 && counts[PersonalKind.Address].Found >= 120);
        Assert.InRange((double)counts[PersonalKind.Name].Right / counts[PersonalKind.Name].Found, 0.85, 1);
        Assert.InRange((double)counts[PersonalKind.Address].Right / counts[PersonalKind.Address].Found, 0.88, 1);
    }

    /// <summary>Prints a hundred hits on letters without labels, to be judged by hand (docs/benchmarks/redaction.md).</summary>
    [SharedDataFact]
    public void A_sample_of_hits_can_be_judged()
    {
        var labelled = PersonalLabels.Read().Select(text => text.Id).ToHashSet(StringComparer.Ordinal);
        var random = new Random(20261124);
        var letters = SharedTable.Read("letters_train.csv").Concat(SharedTable.Read("requests_2019.csv")).Where(row => !labelled.Contains(row["id"])).ToArray();
        random.Shuffle(letters);
        var hits = new List<(PersonalKind Kind, string Shown)>();
        foreach (Dictionary<string, string> letter in letters.Take(1000))
        {
            string text = letter["title"] + "\n" + letter["body"];
            foreach (PersonalSpan span in Loaded.Redactor.Find(text))
            {
                hits.Add((span.Kind, $"{letter["id"]} {text[Math.Max(0, span.Start - 12)..span.Start]}⟦{text[span.Start..span.End]}⟧{text[span.End..Math.Min(text.Length, span.End + 10)]}".Replace('\n', '/')));
            }
        }

        Assert.True(hits.Count > 800, $"only {hits.Count} hits");
        foreach ((PersonalKind kind, int most) in ((PersonalKind, int)[])[(PersonalKind.Name, 70), (PersonalKind.Address, 30)])
        {
            string[] shown = [.. hits.Where(hit => hit.Kind == kind).Select(hit => hit.Shown)];
            random.Shuffle(shown);
            foreach (string hit in shown.Take(most)) output.WriteLine($"{kind} {hit}");
        }
    }

    private static void Floor(SortedDictionary<string, LabelMeasure> measures, string kind, double least) =>
        Assert.True(measures[kind].Recall >= least, $"{kind}: recall {measures[kind].Recall:F3} is below {least}");

    private SortedDictionary<string, LabelMeasure> Show(string name, IEnumerable<LabelledText> texts, Func<string, IReadOnlyList<PersonalSpan>> find)
    {
        SortedDictionary<string, LabelMeasure> measures = PersonalLabels.Measure(texts, find);
        output.WriteLine($"{name}:");
        foreach ((string kind, LabelMeasure m) in measures)
        {
            output.WriteLine($"| {kind} | {m.Covered} / {m.Spans} | {m.Recall:F3} | {m.Leaked} / {m.Characters} | {m.LeakedShare:F3} |");
        }

        return measures;
    }
}
