using System.Text;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Text;
using Opinion.DictionaryBuilder;
using Xunit;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>The specification <c>segmentation-cases.tsv</c> and the bounds of its methods.</summary>
public class SegmentationCasesTests
{
    public static TheoryData<string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (string[] row in Specification.Rows("Segmentation/segmentation-cases.tsv", 3)) cases.Add(row[0], row[1], row[2]);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Tokens_are_as_specified(string name, string mode, string tokens)
    {
        // The search tokens repeat parts of the text; the text is what the longest tokens tile.
        string text = mode == "search" ? "小明硕士毕业于中国科学院计算所" : tokens.Replace("|", "", StringComparison.Ordinal);
        IReadOnlyList<TextRange> ranges = mode == "search" ? Loaded.Segmenter.CutForSearch(text) : Loaded.Segmenter.Cut(text, hmm: mode == "cut");
        Assert.Equal((name, tokens), (name, string.Join('|', ranges.Select(range => range.Of(text)))));
    }

    [Fact]
    public void Nothing_gives_no_tokens() => Assert.Empty(Loaded.Segmenter.Cut(""));

    [Fact]
    public void Carriage_return_and_line_feed_are_one_token()
    {
        IReadOnlyList<TextRange> tokens = Loaded.Segmenter.Cut("好\r\n好");
        Assert.Equal([new TextRange(0, 1), new TextRange(1, 3), new TextRange(3, 4)], tokens);
    }

    [Fact]
    public void A_long_run_of_unknown_characters_takes_linear_time()
    {
        string text = string.Concat(Enumerable.Repeat("囧槑", 100_000));
        Assert.Equal(text.Length, Loaded.Segmenter.Cut(text).Sum(token => token.Length));
    }

    [Theory]
    [InlineData("的 5 uj\n错", 2, "not \"word frequency tag\"")]
    [InlineData("的 5 uj\n错 x n\n", 2, "is not a positive whole number")]
    [InlineData("的 0 uj\n", 1, "is not a positive whole number")]
    [InlineData("的 5  uj\n", 1, "not \"word frequency tag\"")]
    [InlineData("", 0, "empty")]
    [InlineData("的 99999999999 uj\n", 1, "is not a positive whole number")]
    public void A_broken_word_list_names_file_line_and_reason(string content, int line, string reason)
    {
        var error = Assert.Throws<Analysis.Dictionaries.DictionaryException>(() => WordTable.Load(Utf8(content), "broken.txt"));
        Assert.Equal(("broken.txt", line), (error.File, error.Line));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_utf8_in_a_word_list_names_the_line()
    {
        var error = Assert.Throws<Analysis.Dictionaries.DictionaryException>(
            () => WordTable.Load(new MemoryStream([.. "的 5 uj\n"u8, 0xFF, 0xFE, .. " 1 n\n"u8]), "broken.txt"));
        Assert.Equal(2, error.Line);
    }

    [Theory]
    [InlineData("table\tfrom\tto\tlog_probability\nstart\tB\t\tx\n", 2)]
    [InlineData("table\tfrom\tto\tlog_probability\nstart\tQ\t\t-1\n", 2)]
    [InlineData("table\tfrom\tto\tlog_probability\nemit\tB\t一二\t-1\n", 2)]
    [InlineData("table\tfrom\tto\n", 1)]
    [InlineData("table\tfrom\tto\tlog_probability\nstart\tB\t\t-1\n", 0)]
    public void Broken_tables_name_the_line(string content, int line)
    {
        var error = Assert.Throws<Analysis.Dictionaries.DictionaryException>(() => HmmTables.Load(Utf8(content), "broken.tsv"));
        Assert.Equal(line, error.Line);
    }

    private static MemoryStream Utf8(string content) => new(Encoding.UTF8.GetBytes(content));
}
