using System.Text;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Text;
using Xunit;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>The fast segmenter against the simple one, with and without user words; the seeds are fixed.</summary>
public class SegmenterFuzzTests
{
    private const int Seed = 20261123;

    private static readonly int Rounds = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 1_000_000 : 20_000;

    /// <summary>Words that an office might add, and some that change what is known: new, taken apart, longer and shorter than known ones, given twice.</summary>
    internal const string UserDictionary =
        """
        # Words for the tests.
        玉兰里 30 ns
        玉兰里小区 5
        一件事一次办 200
        云计算 5
        北京大学 0
        研究生 0
        市民 0
        小区 99999999
        T3航站楼 40
        PM2.5监测点 8
        c++ 70
        龘龘 3
        杭研 0
        杭研 1
        水分 0
        水分 1
        低声 0
        低声 1
        台北 7
        台北 400
        大学生 0
        大学生 77
        的 2147483647
        5G+医疗 15
        A·B 9
        东街１号 9
        """;

    [Fact]
    public void Fast_equals_simple() => Compare(Loaded.Segmenter, Loaded.SimpleSegmenter, [], Seed);

    [Fact]
    public void Fast_equals_simple_with_user_words()
    {
        var userWords = UserWords.Load(new MemoryStream(Encoding.UTF8.GetBytes(UserDictionary)));
        Assert.Equal(26, userWords.Count);
        WordList words = WordList.Load(Path.Combine(DictionaryFolder.Default.Path, WordFile.Name), userWords);
        var simple = new SimpleWords(Loaded.WordTable);
        foreach (UserWord word in userWords.Words) simple.Add(word.Word, word.Frequency);
        Assert.Equal(simple.Total, words.Total);
        foreach (UserWord word in userWords.Words) Assert.Equal((word.Word, simple.Frequency(word.Word)), (word.Word, words.Frequency(word.Word)));
        Compare(new Segmenter(words), new SimpleSegmenter(simple, Loaded.HmmTables), [.. userWords.Words.Select(word => word.Word)], Seed + 1);
    }

    private static void Compare(Segmenter fast, SimpleSegmenter simple, string[] userWords, int seed)
    {
        var texts = new MixedTexts(seed, [.. Loaded.WordTable.Words.Keys], userWords);
        var tokens = new List<TextRange>();
        int compared = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string text = texts.Next();
            foreach (bool hmm in (bool[])[true, false])
            {
                tokens.Clear();
                fast.Cut(text, tokens, hmm);
                AssertSame(simple.Cut(text, hmm), tokens, text, seed, round, hmm ? "cut" : "cut without model");
                tokens.Clear();
                fast.CutForSearch(text, tokens, hmm);
                AssertSame(simple.CutForSearch(text, hmm), tokens, text, seed, round, hmm ? "search" : "search without model");
                compared += tokens.Count;
            }
        }

        Assert.InRange(compared, Rounds * 10, int.MaxValue);
    }

    private static void AssertSame(IReadOnlyList<TextRange> expected, List<TextRange> actual, string text, int seed, int round, string mode)
    {
        if (expected.SequenceEqual(actual)) return;
        Assert.Fail($"seed {seed}, round {round}, {mode}, {Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}: "
            + $"{string.Join('|', actual.Select(token => token.Of(text)))} where {string.Join('|', expected.Select(token => token.Of(text)))} is right");
    }
}
