using System.Text;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Similarity;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Similarity;

public class ChineseFoldingTests
{
    private static readonly Lazy<ChineseFolding> LazyShipped = new(() => ChineseFolding.Load(DictionaryFolder.Default));

    internal static ChineseFolding Shipped => LazyShipped.Value;

    [Theory]
    [InlineData("臺灣", "台湾")]
    [InlineData("裡面與裏面", "里面与里面")]
    [InlineData("頭髮發霉", "头发发霉")]
    [InlineData("看著", "看着")]
    [InlineData("瞭解", "了解")]
    [InlineData("乾淨", "干净")]
    [InlineData("為什麼", "爲什麼")]
    [InlineData("衛生福利部", "卫生福利部")]
    [InlineData("線路維護", "线路维护")]
    public void Forms_of_a_text_fold_to_the_same(string one, string other) => Assert.Equal(Shipped.Fold(one), Shipped.Fold(other));

    [Fact]
    public void Other_characters_stay() => Assert.Equal("abc，。天地人😀１", Shipped.Fold("abc，。天地人😀１"));

    [Fact]
    public void Folding_keeps_the_length_and_folds_once() => Texts.ForAll(text =>
    {
        string folded = Shipped.Fold(text);
        Assert.Equal(text.Length, folded.Length);
        Assert.Equal(folded, Shipped.Fold(folded));
    });

    [Theory]
    [InlineData("character\tform\n臺\t台\n臺\t抬\n", 3, "twice")]
    [InlineData("character\tform\n臺\t臺\n", 2, "own form")]
    [InlineData("character\tform\n臺灣\t台\n", 2, "one character")]
    [InlineData("character\tform\n臺\t台\n台\t抬\n", 2, "folded itself")]
    [InlineData("character\tform\n臺\n", 2, "1 fields")]
    [InlineData("character\tform\n", 0, "no characters")]
    [InlineData("from\tto\n臺\t台\n", 1, "header")]
    public void A_bad_table_is_refused_with_its_line(string table, int line, string reason)
    {
        var error = Assert.Throws<DictionaryException>(() => ChineseFolding.Load(new MemoryStream(Encoding.UTF8.GetBytes(table)), "t.tsv"));
        Assert.Equal(("t.tsv", line), (error.File, error.Line));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }
}
