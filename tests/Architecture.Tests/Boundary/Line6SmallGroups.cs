using Opinion.Analysis.Suppression;
using Opinion.Architecture.Tests.Sources;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>
/// Line 6: small groups stay hidden. The rule audits one table; tables that share totals and those of several weeks get
/// theirs with the suppression that makes them.
/// </summary>
public class Line6SmallGroups
{
    private const int Seed = 20261119;

    [Fact]
    public void Every_small_table_of_counts_is_published_without_telling_a_small_one()
    {
        long[] counts = [0, 1, 4, 5, 9, 10, 11, 12, 13, 50];
        var tables = 0;
        foreach (var first in counts)
        {
            foreach (var second in counts)
            {
                foreach (var third in counts)
                {
                    tables++;
                    AssertSafe([first, second, third], CountTable.Suppress);
                }
            }
        }

        Assert.Equal(1000, tables);
    }

    [Fact]
    public void Random_tables_too()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 2000; round++) AssertSafe([.. Enumerable.Range(0, random.Next(1, 15)).Select(_ => (long)random.Next(random.Next(1, 60)))], CountTable.Suppress);
    }

    [Fact]
    public void A_table_that_shows_small_counts_is_noticed() =>
        Assert.NotEmpty(Told([3, 40, 50], rows => [.. rows.Select(row => new PublishedCount(row.Key, CountTable.Round(row.Count)))]));

    [Fact]
    public void A_table_with_a_single_hidden_line_is_noticed() =>
        Assert.NotEmpty(Told([3, 40, 50], rows => [.. rows.Select(row => new PublishedCount(row.Key, row.Count < 10 ? null : CountTable.Round(row.Count)))]));

    [Fact]
    public void A_table_that_shows_exact_counts_is_noticed() =>
        Assert.NotEmpty(Told([3, 4, 51], rows => [.. rows.Select(row => new PublishedCount(row.Key, row.Count < 10 ? null : row.Count))]));

    [Fact]
    public void A_table_that_leaves_lines_out_is_noticed() =>
        Assert.NotEmpty(Told([3, 4, 50], rows => [.. CountTable.Suppress(rows).Where(row => row.Count is not null)]));

    [Fact]
    public void Reports_count_nothing_without_the_suppression()
    {
        var reports = Repository.Sources.Where(file => file.Path.StartsWith("src/Desk/Reports/", StringComparison.Ordinal)).ToList();
        Assert.Contains(reports, file => file.Text.Contains("COUNT(", StringComparison.Ordinal));
        Assert.Empty(reports.Where(CountsOpenly).Select(file => file.Path));
        Assert.True(CountsOpenly(new SourceFile("src/Desk/Reports/Bad.cs", "var n = session.CountAsync(\"SELECT COUNT(*) FROM letters\", cancel);")));
    }

    [Fact]
    public void A_section_states_true_counts_and_makes_nothing_that_is_published()
    {
        var sections = Repository.Sources.Where(file => file.Path.StartsWith("src/Desk/Reports/Sections/", StringComparison.Ordinal) && !file.Path.EndsWith("/WeekCount.cs", StringComparison.Ordinal)).ToList();
        Assert.InRange(sections.Count, 6, 100);
        Assert.Empty(sections.Where(Publishes).Select(file => file.Path));
        Assert.True(Publishes(new SourceFile("src/Desk/Reports/Sections/Bad.cs", "tables.Add(new ReportTable(\"mine\", rows));")));
    }

    private static void AssertSafe(long[] counts, Func<IReadOnlyList<TrueCount>, IReadOnlyList<PublishedCount>> publish)
    {
        var told = Told(counts, publish).ToList();
        Assert.True(told.Count == 0, $"seed {Seed}, [{string.Join(", ", counts)}]: {string.Join("; ", told)}");
    }

    // A reader knows the rules: a visible line stands for the five counts that round to it, a hidden one for any.
    private static IEnumerable<string> Told(long[] counts, Func<IReadOnlyList<TrueCount>, IReadOnlyList<PublishedCount>> publish)
    {
        var rows = counts.Select((count, i) => new TrueCount("k" + i, count)).ToList();
        var published = publish(rows);
        if (!rows.Select(row => row.Key).SequenceEqual(published.Select(row => row.Key))) yield return "lines are missing, which tells that they are small";
        foreach (var (key, shown) in published)
        {
            var count = rows.Single(row => row.Key == key).Count;
            if (shown is null) continue;
            if (count < 10) yield return $"{key} is below ten and shown";
            if (shown % 5 != 0 || Math.Abs(shown.Value - count) > 2) yield return $"{key} is not rounded to five";
        }

        if (rows.Count > 1 && published.Count(row => row.Count is null) == 1) yield return "a single hidden line can be had by subtraction";
    }

    private static bool CountsOpenly(SourceFile file) => CSharpTokens.Texts(file.Text).Any(text => text.Value.Contains("COUNT(", StringComparison.OrdinalIgnoreCase))
        && !CSharpTokens.Of(file.Text).Any(token => token is { Kind: TokenKind.Word, Value: "CountTable" or "WeekCount" or "CountCube" });

    private static bool Publishes(SourceFile file) => CSharpTokens.Of(file.Text).Any(token => token is { Kind: TokenKind.Word, Value: "ReportTable" or "ReportRow" or "ReportMeasure" or "PublishedCell" });
}
