using System.Text;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Topics;
using Xunit;
using static Opinion.Analysis.Tests.Topics.InventedLetters;

namespace Opinion.Analysis.Tests.Topics;

public class TopicTitlerTests
{
    private static readonly TopicTitler Titler = new(Loaded.Segmenter, Requests.Table);

    [Fact]
    public void A_title_names_place_and_problem()
    {
        string? title = Titler.Title([.. Enumerable.Range(0, 12).Select(i => Letter($"t{i}", $"枫杨里小区停水{(i % 2 == 0 ? "三天" : "没人管")}", $"第{i}封信,盼恢复供水"))]);
        Assert.Contains("枫杨里", title, StringComparison.Ordinal);
        Assert.Contains("停水", title, StringComparison.Ordinal);
    }

    [Fact]
    public void What_fewer_than_ten_have_written_is_in_no_title()
    {
        TopicLetter[] letters = [.. Enumerable.Range(0, 30).Select(i => Letter($"t{i}", i < 9 ? "枫杨里小区欧阳建华打人" : "枫杨里小区停水", "枫杨里小区"))];
        string? title = Titler.Title(letters);
        Assert.Contains("枫杨里", title, StringComparison.Ordinal);
        Assert.DoesNotContain("欧阳", title, StringComparison.Ordinal);
        Assert.DoesNotContain("打人", title, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_topic_is_named_by_district_and_subject()
    {
        TopicLetter[] letters =
        [
            Letter("a", "枫杨里小区停水", "没有水") with { District = "临溪区", Subject = "供水" },
            Letter("b", "枫杨里小区停水", "没有水") with { District = "临溪区", Subject = "供水" },
            Letter("c", "枫杨里小区停水", "没有水") with { District = "望湖区", Subject = "物业" },
        ];
        Assert.Equal("临溪区 供水", Titler.Title(letters));
        Assert.Equal("供水", Titler.Title([letters[0] with { District = null }]));
        Assert.Null(Titler.Title([Letter("a", "枫杨里小区停水", "没有水")]));
    }

    [Fact]
    public void Labels_of_redaction_are_no_words()
    {
        string? title = Titler.Title([.. Enumerable.Range(0, 12).Select(i => Letter($"t{i}", "\u3014姓名\u3015的枫杨里小区停水", "\u3014住址\u3015"))]);
        Assert.Contains("枫杨里", title, StringComparison.Ordinal);
        Assert.DoesNotContain("姓名", title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("gram\tshare\n", "no gram")]
    [InlineData("gram\tshare\n停\t0.1\n", "not two letters or digits")]
    [InlineData("gram\tshare\n停,\t0.1\n", "not two letters or digits")]
    [InlineData("gram\tshare\n停水\t1.5\n", "not a share")]
    [InlineData("gram\tshare\n停水\t0.1\n停水\t0.1\n", "stands twice")]
    public void A_damaged_table_of_grams_is_refused(string text, string reason)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Contains(reason, Assert.Throws<DictionaryException>(() => GramTable.Load(stream)).Message, StringComparison.Ordinal);
    }
}
