using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Text;
using Xunit;

namespace Opinion.Analysis.Tests.Text;

public class NormalizedTextTests
{
    [Theory]
    [InlineData("１３８ＡＢＣ", "138ABC")]
    [InlineData("13\u200B8\uFEFF", "138")]
    [InlineData("①㎏", "1kg")]
    [InlineData("٣", "3")]
    [InlineData("：，（", ":,(")]
    [InlineData("路灯。", "路灯。")]
    [InlineData("𝟏𝟑", "13")]
    [InlineData("\uD800", "\uD800")]
    public void Forms_are_those_of_NFKC(string text, string expected) => Assert.Equal(expected, NormalizedText.Of(text).Value);

    [Fact]
    public void A_range_maps_back_over_what_was_dropped()
    {
        NormalizedText text = NormalizedText.Of("a\u200B１\u200B２\u200Bb");
        Assert.Equal("a12b", text.Value);
        Assert.Equal(new TextRange(2, 5), text.ToOriginal(new TextRange(1, 3)));
    }

    [Fact]
    public void An_expanded_character_maps_back_whole()
    {
        NormalizedText text = NormalizedText.Of("1㎏");
        Assert.Equal(new TextRange(1, 2), text.ToOriginal(new TextRange(2, 3)));
    }

    [Fact]
    public void Offsets_are_monotone_and_inside() => Texts.ForAll(text =>
    {
        NormalizedText normalized = NormalizedText.Of(text);
        int last = 0;
        for (int i = 0; i < normalized.Value.Length; i++)
        {
            TextRange range = normalized.ToOriginal(new TextRange(i, i + 1));
            Assert.True(range.Start >= last && range.Length > 0 && range.End <= text.Length);
            last = range.Start;
        }

        Assert.Equal(text, normalized.Original);
    });

    [Fact]
    public void A_range_outside_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalizedText.Of("ab").ToOriginal(new TextRange(1, 3)));
}
