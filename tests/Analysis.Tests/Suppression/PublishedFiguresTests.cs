using Opinion.Analysis.Suppression;
using Xunit;

namespace Opinion.Analysis.Tests.Suppression;

public class PublishedFiguresTests
{
    [Fact]
    public void A_rate_comes_from_what_is_published()
    {
        Assert.Equal(0.25, PublishedFigures.Rate(10, 40));
        Assert.Null(PublishedFigures.Rate(null, 40));
        Assert.Null(PublishedFigures.Rate(10, null));
        Assert.Throws<ArgumentException>(() => PublishedFigures.Rate(12, 40));
        Assert.Throws<ArgumentException>(() => PublishedFigures.Rate(10, 5));
    }

    [Fact]
    public void A_median_needs_ten_matters_and_a_count_that_is_shown()
    {
        double[] ten = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
        Assert.Equal(5.5, PublishedFigures.Median(ten, 10));
        Assert.Null(PublishedFigures.Median(ten, null));
        Assert.Null(PublishedFigures.Median(ten[..9], 10));
    }

    [Fact]
    public void A_quantile_needs_ten_matters_on_its_thinner_side()
    {
        double[] hundred = [.. Enumerable.Range(1, 100).Select(i => (double)i)];
        Assert.Equal(90, PublishedFigures.Quantile(hundred, 0.9, 100));
        Assert.Null(PublishedFigures.Quantile(hundred[..99], 0.9, 100));
        Assert.Null(PublishedFigures.Quantile(hundred, 0.9, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => PublishedFigures.Quantile(hundred, 1, 100));
    }
}
