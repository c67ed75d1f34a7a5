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

    [Fact]
    public void Many_threads_at_once_do_not_disturb_each_other()
    {
        var mixed = new MixedTexts(20261128, [.. Loaded.WordTable.Words.Keys], []);
        string[] texts = [.. Enumerable.Range(0, 2000).Select(_ => mixed.Next())];
        IReadOnlyList<TextRange>[] expected = [.. texts.Select(text => Loaded.SimpleSegmenter.CutForSearch(text))];
        int compared = 0;
        Parallel.For(0, 8 * texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            Assert.Equal(expected[i % texts.Length], Loaded.Segmenter.CutForSearch(texts[i % texts.Length]));
            Interlocked.Increment(ref compared);
        });
        Assert.Equal(16_000, compared);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_allocated_once_the_lists_have_grown(bool hmm)
    {
        var mixed = new MixedTexts(20261129, [.. Loaded.WordTable.Words.Keys], []);
        string[] texts = [.. Enumerable.Range(0, 500).Select(_ => mixed.Next())];
        var tokens = new List<TextRange>();
        int count = 0;
        void CutAll()
        {
            foreach (string text in texts)
            {
                tokens.Clear();
                Loaded.Segmenter.Cut(text, tokens, hmm);
                Loaded.Segmenter.CutForSearch(text, tokens, hmm);
                count += tokens.Count;
            }
        }

        CutAll();
        long before = GC.GetAllocatedBytesForCurrentThread();
        CutAll();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(count, 20_000, int.MaxValue);
    }

    [Fact]
    public void Tokens_are_appended_to_the_callers_list()
    {
        List<TextRange> tokens = [new TextRange(7, 9)];
        Loaded.Segmenter.Cut("路灯坏了", tokens);
        Loaded.Segmenter.CutForSearch("路灯", tokens);
        Assert.Equal([new(7, 9), new(0, 2), new(2, 3), new(3, 4), new(0, 2)], tokens);
    }
}
