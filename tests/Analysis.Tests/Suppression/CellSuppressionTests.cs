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
    [InlineData("as large as 100,000 letters in 26 weeks", 6, 8, 4, 8, 20, 5, 3900)]
    public void Weeks_of_a_town_take_seconds(string name, int weeks, int tops, int children, int channels, int departments, int dispositions, int letters)
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

    [Theory]
    [InlineData("one table", "a 12 b 3 c 40", "a+b+c=t", "t")]
    [InlineData("a campaign of one template", "a 300/1 b 40 c 40", "a+b+c=t", "t")]
    [InlineData("a total that tells", "a 12 b 11 c 3", "a+b+c=t", "t")]
    [InlineData("zeros beside one large", "a 500 b 0 c 0", "a+b+c=t", "t")]
    [InlineData("two tables of one total", "a 30 b 3 c 40 d 2 e 71", "a+b+c=t d+e=t", "t")]
    [InlineData("four cells of two ways", "a 2 b 30 c 40 d 50", "a+b=r c+d=s a+c=u b+d=v r+s=t u+v=t", "r s u v t")]
    public void Crafted_tables_hold(string name, string counts, string lines, string sums)
    {
        CountCube cube = Cube(counts, lines, sums, []);
        SuppressionResult result = CellSuppression.Suppress(cube);
        Assert.True(result.IsPublishable, name);
        Assert.True(PublicationAuditor.Audit(result.Cells, cube.Lines).Passed, name);
        Assert.False(PublicationAuditor.Audit(cube.Cells.Select(cell => new PublishedCell(cell.Key, cell.IsSmall ? null : CountTable.Round(cell.Count))), cube.Lines).Passed, name);
        Assert.Contains(result.Cells, cell => cell.Count is null);
    }

    [Fact]
    public void A_campaign_is_published_with_all_its_letters_or_hidden_never_collapsed()
    {
        SuppressionResult result = CellSuppression.Suppress(new CountCube([new CountCell("a", "w", 300, 1), new CountCell("b", "w", 300, 10), new CountCell("c", "w", 300)], [], []));
        Assert.Equal([new PublishedCell("a", null), new PublishedCell("b", 300), new PublishedCell("c", 300)], result.Cells);
    }

    [Fact]
    public void A_number_of_the_new_week_is_hidden_where_an_earlier_week_would_tell_the_other()
    {
        // 50 were open and 20 came: what was closed would tell how few are open still.
        CountCube cube = new CountCubeBuilder().Cell("1/open", "1", 50).Cell("2/in", "2", 20).Cell("2/out", "2", 68).Cell("2/open", "2", 2)
            .Stock("1/open", "2/in", "2/out", "2/open").Released([new PublishedCell("1/open", 50)]).Build();
        SuppressionResult result = CellSuppression.Suppress(cube);
        Assert.True(result.IsPublishable);
        Assert.Equal(["2/in -", "2/open -", "2/out 70"], result.Cells.Select(cell => $"{cell.Key} {cell.Count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}"));
        Assert.True(PublicationAuditor.Audit([.. result.Cells, new PublishedCell("1/open", 50)], cube.Lines).Passed);
    }

    [Fact]
    public void What_an_earlier_release_has_given_away_is_refused_by_name()
    {
        CountCube cube = Cube("a 12 b 3 c 40", "a+b+c=t", "t", [new PublishedCell("a", 10), new PublishedCell("b", null), new PublishedCell("c", 40), new PublishedCell("t", 55)]);
        SuppressionResult result = CellSuppression.Suppress(cube);
        Assert.False(result.IsPublishable);
        Assert.Equal(["b"], result.Exposed);
        Assert.Empty(result.Cells);
    }

    [Fact]
    public void Input_that_cannot_be_true_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new CountCube([new CountCell("a", "w", -1)], [], []));
        Assert.Throws<ArgumentException>(() => new CountCube([new CountCell("a", "w", 1), new CountCell("a", "w", 1)], [], []));
        Assert.Throws<ArgumentException>(() => new CountCube([new CountCell("a", "w", 1)], [new CountLine(["a"], ["b"])], []));
        Assert.Throws<ArgumentException>(() => new CountCube([new CountCell("a", "w", 1), new CountCell("b", "w", 2)], [new CountLine(["a"], ["b"])], []));
        Assert.Throws<ArgumentException>(() => new CountCube([new CountCell("a", "w", 12)], [], [new PublishedCell("a", 15)]));
        Assert.Throws<ArgumentException>(() => new CountCube([new CountCell("a", "w", 12)], [], [new PublishedCell("b", null)]));
    }

    // "a 12 b 300/1" are cells, the second with one distinct letter; "a+b=t" is a line; the sums are computed in their order.
    private static CountCube Cube(string counts, string lines, string sums, IReadOnlyList<PublishedCell> released)
    {
        string[] words = counts.Split(' ');
        var cells = new Dictionary<string, CountCell>(StringComparer.Ordinal);
        for (int i = 0; i < words.Length; i += 2)
        {
            long[] numbers = [.. words[i + 1].Split('/').Select(word => long.Parse(word, System.Globalization.CultureInfo.InvariantCulture))];
            cells[words[i]] = new CountCell(words[i], "w", numbers[0], numbers.Length > 1 ? numbers[1] : null);
        }

        CountLine[] all = [.. lines.Split(' ').Select(line => line.Split('=')).Select(sides => new CountLine(sides[0].Split('+'), sides[1].Split('+')))];
        foreach (string sum in sums.Split(' ')) cells[sum] = new CountCell(sum, "w", all.First(line => line.Totals[0] == sum).Parts.Sum(part => cells[part].Count));
        return new CountCube(cells.Values, all, released);
    }

    private static void ForAll(int tests, Action<int, TownShape> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(Seed, 1), Prop.ForAll(Towns, town => property(town.Seed, town.Shape)));
}
