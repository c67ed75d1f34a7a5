using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Opinion.Analysis.Suppression;
using Opinion.Analysis.Suppression.Audit;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Analysis.Tests.Suppression;

public class CellSuppressionTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    private static readonly Arbitrary<(int Seed, TownShape Shape)> Towns = Arb.From(
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from weeks in Gen.Choose(1, 4)
        from tops in Gen.Choose(1, 4)
        from children in Gen.Choose(1, 3)
        from channels in Gen.Choose(1, 5)
        from departments in Gen.Choose(0, 4)
        from dispositions in Gen.Choose(1, 4)
        from letters in Gen.Elements(5, 30, 80, 200, 600, 3000)
        select (seed, new TownShape(weeks, tops, children, channels, departments, dispositions, letters)));

    [Fact]
    public void The_auditor_never_wins_against_the_function()
    {
        (int towns, long cells, long shown, long large) = (0, 0, 0, 0);
        ForAll(300, (seed, shape) =>
        {
            Town town = Town.Build(seed, shape);
            List<PublishedCell> published = town.Publish((_, result) => Assert.True(result.IsPublishable, string.Join(' ', result.Exposed)));
            Assert.Equal(town.Cells.Count, published.Count);
            AuditReport report = PublicationAuditor.Audit(published, town.Lines);
            Assert.True(report.Passed, string.Join(' ', report.Findings));
            Dictionary<string, long?> values = published.ToDictionary(cell => cell.Key, cell => cell.Count);
            foreach (CountCell cell in town.Cells)
            {
                long? value = values[cell.Key];
                if (cell.IsSmall) Assert.Null(value);
                else Assert.True(value is null || value == CountTable.Round(cell.Count));
            }

            towns++;
            cells += town.Cells.Count;
            large += town.Cells.Count(cell => !cell.IsSmall);
            shown += published.Count(cell => cell.Count is not null);
        });
        Assert.Equal(300, towns);
        Assert.InRange((double)shown / large, 0.5, 1);
        output.WriteLine($"seed {Seed}: {towns} towns, {cells} cells, {large} not small, {shown} shown ({(double)shown / large:P1} of those not small, {(double)shown / cells:P1} of all)");
    }

    [Fact]
    public void The_auditor_wins_against_plain_hiding_and_against_hiding_blind_to_other_weeks()
    {
        (int towns, int plain, int blind) = (0, 0, 0);
        ForAll(150, (seed, shape) =>
        {
            Town town = Town.Build(seed, shape with { Weeks = 3, Departments = Math.Max(1, shape.Departments) });
            towns++;
            if (PublicationAuditor.Audit(town.PublishPlainly(), town.Lines).Findings.Any(finding => finding.Fault == AuditFault.Narrow)) plain++;
            AuditReport report = PublicationAuditor.Audit(town.PublishBlindly(), town.Lines);
            if (report.Findings.Any(finding => finding.Fault is AuditFault.Narrow)) blind++;
        });
        output.WriteLine($"seed {Seed}: of {towns} towns the auditor wins against plain hiding in {plain} and against hiding blind to other weeks in {blind}");
        Assert.InRange(plain, 1, towns);
        Assert.InRange(blind, 1, towns);
    }

    [Fact]
    public void The_order_of_the_input_does_not_matter_and_twice_is_the_same() => ForAll(60, (seed, shape) =>
    {
        Town town = Town.Build(seed, shape);
        string week = town.Weeks[^1];
        List<PublishedCell> earlier = [.. town.Publish().Where(cell => !cell.Key.StartsWith(week, StringComparison.Ordinal))];
        SuppressionResult first = CellSuppression.Suppress(new CountCube(town.Cells, town.Lines, earlier));
        var random = new Random(seed);
        CountCell[] cells = [.. town.Cells];
        CountLine[] lines = [.. town.Lines.Select(line => new CountLine([.. line.Parts.OrderBy(_ => random.Next())], [.. line.Totals.OrderBy(_ => random.Next())]))];
        PublishedCell[] released = [.. earlier];
        random.Shuffle(cells);
        random.Shuffle(lines);
        random.Shuffle(released);
        SuppressionResult second = CellSuppression.Suppress(new CountCube(cells, lines, released));
        Assert.NotEmpty(first.Cells);
        Assert.Equal(first.Cells, second.Cells);
        Assert.Equal(first.Exposed, second.Exposed);
    });

    [Theory]
    [InlineData("the sample town", 26, 6, 4, 6, 12, 5, 400)]
    [InlineData("100,000 letters", 26, 8, 4, 8, 20, 5, 3900)]
    public void A_half_year_of_a_town_takes_seconds(string name, int weeks, int tops, int children, int channels, int departments, int dispositions, int letters)
    {
        Town town = Town.Build(Seed, new TownShape(weeks, tops, children, channels, departments, dispositions, letters));
        var watch = Stopwatch.StartNew();
        List<PublishedCell> published = town.Publish((_, result) => Assert.True(result.IsPublishable));
        TimeSpan releasing = watch.Elapsed;
        watch.Restart();
        AuditReport report = PublicationAuditor.Audit(published, town.Lines);
        TimeSpan auditing = watch.Elapsed;
        Assert.True(report.Passed, string.Join(' ', report.Findings.Take(5)));
        int shown = published.Count(cell => cell.Count is not null);
        int large = town.Cells.Count(cell => !cell.IsSmall);
        output.WriteLine($"{name}, seed {Seed}: {town.Cells.Count} cells, {town.Lines.Count} lines, {weeks} weeks released in {releasing.TotalSeconds:F1} s, audited in {auditing.TotalSeconds:F1} s; {report.Hidden.Count} hidden; shown {(double)shown / large:P1} of cells not small, {(double)shown / town.Cells.Count:P1} of all");
        Assert.InRange((double)shown / large, 0.5, 1);
    }

    [Fact]
    public void Diagnose()
    {
        (int refused, int real, int all) = (0, 0, 0);
        ForAll(300, (seed, shape) =>
        {
            Town town = Town.Build(seed, shape);
            var published = new List<PublishedCell>();
            foreach (string week in town.Weeks)
            {
                (var cells, var lines) = town.Until(week);
                var r = CellSuppression.Suppress(new CountCube(cells, lines, published));
                all++;
                if (r.IsPublishable) { published.AddRange(r.Cells); continue; }
                refused++;
                var report = PublicationAuditor.Audit([.. published, .. cells.Where(c => c.Release == week).Select(c => new PublishedCell(c.Key, null))], lines);
                if (!report.Passed) real++;
                output.WriteLine($"{shape} {week} {string.Join(' ', r.Exposed.Take(3))} {string.Join(' ', report.Findings.Take(3))}");
                break;
            }
        });
        output.WriteLine($"refused {refused} of {all}, real {real}");
    }

    private static void ForAll(int tests, Action<int, TownShape> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(Seed, 1), Prop.ForAll(Towns, town => property(town.Seed, town.Shape)));
}
