using FsCheck;
using FsCheck.Fluent;
using Opinion.Analysis.Suppression;
using Opinion.Analysis.Suppression.Audit;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Suppression;

public class PublicationAuditorTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    [Fact]
    public void Intervals_are_those_of_trying_every_number()
    {
        (int compared, int gaps, int narrow, int cycles) = (0, 0, 0, 0);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600).WithReplay(Seed, 1), Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
        {
            (List<PublishedCell> cells, List<CountLine> lines) = Random(seed);
            AuditReport report = PublicationAuditor.Audit(cells, lines);
            if (report.Hidden.Any(cell => cell.High is null or > 60)) return;
            Dictionary<string, SortedSet<long>> tried = Try(cells, lines);
            foreach (CellInterval interval in report.Hidden)
            {
                SortedSet<long> values = tried[interval.Key];
                Assert.Equal((values.Min, (long?)values.Max), (interval.Low, interval.High));
                Assert.Equal(Math.Min(10, values.Count), Math.Min(10, interval.Possible));
                Assert.Equal(values.Count < 10, report.Findings.Contains(new AuditFinding(AuditFault.Narrow, interval.Key)));
                compared++;
                if (values.Count < values.Max - values.Min + 1) gaps++;
                if (values.Count < 10) narrow++;
            }

            if (lines.Count > 1) cycles++;
        }));
        output.WriteLine($"seed {Seed}: {compared} intervals equal trying every number; {narrow} narrow, {gaps} with gaps; {cycles} systems of several lines");
        Assert.InRange(compared, 500, int.MaxValue);
        Assert.InRange(narrow, 100, compared);
    }

    [Fact]
    public void Values_with_gaps_are_counted_one_by_one()
    {
        // x+y, y+z and z+x are each the same hidden number n, so all are equal and n is even: p+n=q leaves n 0, 2, 4, ...
        CountLine[] lines = [new(["x", "y"], ["n"]), new(["y", "z"], ["n"]), new(["z", "x"], ["n"]), new(["p", "n"], ["q"])];
        PublishedCell[] cells = [new("x", null), new("y", null), new("z", null), new("n", null), new("p", 20), new("q", 35)];
        AuditReport report = PublicationAuditor.Audit(cells, lines);
        CellInterval n = Assert.Single(report.Hidden, cell => cell.Key == "n");
        Assert.Equal((12, 18, 4), (n.Low, n.High, n.Possible));
        Assert.Contains(new AuditFinding(AuditFault.Narrow, "n"), report.Findings);
    }

    [Fact]
    public void Every_fault_is_found()
    {
        CountLine[] line = [new(["a", "b"], ["t"])];
        Assert.Contains(new AuditFinding(AuditFault.Small, "a"), PublicationAuditor.Audit([new("a", 5)], []).Findings);
        Assert.Contains(new AuditFinding(AuditFault.NotRounded, "a"), PublicationAuditor.Audit([new("a", 12)], []).Findings);
        Assert.Contains(new AuditFinding(AuditFault.Disagreement, "a"), PublicationAuditor.Audit([new("a", 15), new("a", null)], []).Findings);
        Assert.Contains(new AuditFinding(AuditFault.Disagreement, "a"), PublicationAuditor.Audit([new("a", 15), new("a", 25)], []).Findings);
        Assert.Contains(new AuditFinding(AuditFault.Alone, "b"), PublicationAuditor.Audit([new("a", 15), new("b", null), new("t", 30)], line).Findings);
        Assert.Contains(new AuditFinding(AuditFault.Narrow, "b"), PublicationAuditor.Audit([new("a", 15), new("b", null), new("t", 20)], line).Findings);
        Assert.Contains(PublicationAuditor.Audit([new("a", 50), new("b", null), new("t", 20)], line).Findings, finding => finding.Fault == AuditFault.Contradiction);
        Assert.True(PublicationAuditor.Audit([new("a", null), new("b", null), new("t", 20), new("t", 20)], line).Passed);
        Assert.True(PublicationAuditor.Audit([], []).Passed);
    }

    // A few cells with sums over any of them, not only tables, so that values may have gaps.
    private static (List<PublishedCell> Cells, List<CountLine> Lines) Random(int seed)
    {
        var random = new Random(seed);
        var counts = new List<(string Key, long Count)>();
        for (int i = random.Next(3, 6); i > 0; i--) counts.Add(($"x{i}", random.Next(0, 16)));
        string[] parts = [.. counts.Select(cell => cell.Key)];
        var lines = new List<CountLine>();
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            random.Shuffle(parts);
            string[] chosen = parts[..random.Next(2, Math.Min(4, parts.Length) + 1)];
            long sum = counts.Where(cell => chosen.Contains(cell.Key)).Sum(cell => cell.Count);
            counts.Add(($"t{i}", sum));
            lines.Add(new CountLine(chosen, [$"t{i}"]));
        }

        return ([.. counts.Select(cell => new PublishedCell(cell.Key, cell.Count < 10 || random.Next(6) == 0 ? null : (cell.Count + 2) / 5 * 5))], lines);
    }

    // The slow oracle: every whole number for every cell but the totals, which follow.
    private static Dictionary<string, SortedSet<long>> Try(List<PublishedCell> cells, List<CountLine> lines)
    {
        var range = cells.ToDictionary(cell => cell.Key, cell => cell.Count is long v ? (Low: Math.Max(10, v - 2), High: v + 2) : (Low: 0L, High: 60L), StringComparer.Ordinal);
        string[] free = [.. cells.Select(cell => cell.Key).Where(key => lines.All(line => line.Totals[0] != key))];
        var found = cells.Where(cell => cell.Count is null).ToDictionary(cell => cell.Key, _ => new SortedSet<long>(), StringComparer.Ordinal);
        var value = new Dictionary<string, long>(StringComparer.Ordinal);
        Next(0);
        return found;

        void Next(int at)
        {
            foreach (CountLine line in lines)
            {
                long sum = line.Parts.Sum(key => value.GetValueOrDefault(key));
                if (sum > range[line.Totals[0]].High) return;
                if (line.Parts.All(value.ContainsKey) && sum < range[line.Totals[0]].Low) return;
            }

            if (at < free.Length)
            {
                for (long v = range[free[at]].Low; v <= range[free[at]].High; v++)
                {
                    value[free[at]] = v;
                    Next(at + 1);
                }

                value.Remove(free[at]);
                return;
            }

            foreach ((string key, SortedSet<long> values) in found)
            {
                values.Add(value.TryGetValue(key, out long v) ? v : lines.First(line => line.Totals[0] == key).Parts.Sum(part => value[part]));
            }
        }
    }
}
