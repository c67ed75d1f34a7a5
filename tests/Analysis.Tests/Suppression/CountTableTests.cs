using FsCheck;
using FsCheck.Fluent;
using Opinion.Analysis.Suppression;
using Xunit;

namespace Opinion.Analysis.Tests.Suppression;

public class CountTableTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("3", "-")]
    [InlineData("12 13 17", "10 15 15")]
    [InlineData("0 0 40", "- - 40")]
    [InlineData("9 10 55", "- - 55")]
    [InlineData("9 12 12 55", "- - 10 55")]
    [InlineData("10 11", "10 10")]
    [InlineData("0 500", "- -")]
    public void Small_counts_are_hidden_and_never_one_alone(string counts, string expected)
    {
        long[] numbers = [.. counts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, System.Globalization.CultureInfo.InvariantCulture))];
        IReadOnlyList<PublishedCount> published = CountTable.Suppress([.. numbers.Select((n, i) => new TrueCount($"k{i}", n))]);
        Assert.Equal(expected, string.Join(' ', published.Select(row => row.Count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-")));
    }

    [Fact]
    public void No_table_shows_a_small_count_or_hides_one_line_alone() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261122, 1),
            Prop.ForAll(Arb.From(Gen.Choose(0, 60).ListOf()), counts =>
            {
                TrueCount[] rows = [.. counts.Select((count, i) => new TrueCount($"k{i}", count))];
                IReadOnlyList<PublishedCount> published = CountTable.Suppress(rows);
                Assert.Equal(rows.Select(row => row.Key), published.Select(row => row.Key));
                int hidden = published.Count(row => row.Count is null);
                Assert.True(hidden != 1 || rows.Length == 1);
                for (int i = 0; i < rows.Length; i++)
                {
                    if (rows[i].Count < 10) Assert.Null(published[i].Count);
                    if (published[i].Count is not long shown) continue;
                    Assert.Equal(0, shown % 5);
                    Assert.InRange(shown - rows[i].Count, -2, 2);
                }

                if (rows.All(row => row.Count >= 10)) Assert.Equal(0, hidden);
            }));

    [Fact]
    public void A_negative_count_and_a_repeated_key_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CountTable.Suppress([new TrueCount("a", -1)]));
        Assert.Throws<ArgumentException>(() => CountTable.Suppress([new TrueCount("a", 1), new TrueCount("a", 2)]));
    }
}
