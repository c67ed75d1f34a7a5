using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Text;
using Xunit;

namespace Opinion.Analysis.Tests.Segmentation;

public class SegmentationProperties
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tokens_tile_the_text_and_split_no_surrogate_pair(bool hmm) => Texts.ForAll(text =>
    {
        int at = 0;
        foreach (TextRange token in Loaded.Segmenter.Cut(text, hmm))
        {
            Assert.Equal(at, token.Start);
            Assert.True(token.Length > 0);
            at = token.End;
            Assert.False(at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]), "a surrogate pair is split");
        }

        Assert.Equal(text.Length, at);
    });

    [Fact]
    public void Search_tokens_lie_inside_the_text_and_hold_every_token() => Texts.ForAll(text =>
    {
        IReadOnlyList<TextRange> search = Loaded.Segmenter.CutForSearch(text);
        foreach (TextRange token in search) Assert.True(token.Start >= 0 && token.Length > 0 && token.End <= text.Length);
        Assert.Empty(Loaded.Segmenter.Cut(text).Except(search));
    });

    [Fact]
    public async Task One_segmenter_serves_many_threads()
    {
        const string Text = "我来到北京清华大学,他来到了网易杭研大厦。";
        IReadOnlyList<TextRange> expected = Loaded.Segmenter.Cut(Text);
        IReadOnlyList<TextRange>[] results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => Loaded.Segmenter.Cut(Text))));
        Assert.All(results, result => Assert.Equal(expected, result));
    }
}
