using System.Text;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Similarity;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Classification;

public class NeedSorterTests
{
    public static TheoryData<Need, string> Cases()
    {
        var cases = new TheoryData<Need, string>();
        foreach (string[] row in Specification.Rows("Classification/need-cases.tsv", 2)) cases.Add(Enum.Parse<Need>(row[0]), row[1]);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Needs_are_as_specified(Need need, string text)
    {
        NeedResult result = Loaded.Needs.Classify(text);
        Assert.True(need == result.Need, $"{text}: {result.Need}, because of {string.Join(" ", result.Reasons.Select(r => r.Word))}");
        Assert.NotEmpty(result.Reasons);
        Assert.All(result.Reasons, reason => Assert.Equal(reason.Word, reason.Range.Of(text)));
        Assert.InRange(result.Confidence, 0.25, 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("。")]
    [InlineData("东风路")]
    [InlineData("12345")]
    public void A_text_that_says_no_need_is_left_to_a_person(string text) => Assert.InRange(Loaded.Needs.Classify(text).Confidence, 0.25, 0.75);

    [Theory]
    [InlineData("楼道里很浓的煤气味,请马上派人", "樓道裡很濃的煤氣味,請馬上派人")]
    [InlineData("有人掉进河里了,快来救人", "有人掉進河裡了,快來救人")]
    [InlineData("请问怎么申请补助?", "請問怎麼申請補助?")]
    public void Traditional_and_simplified_Chinese_are_read_alike(string simplified, string traditional)
    {
        NeedResult expected = Loaded.Needs.Classify(simplified);
        NeedResult actual = Loaded.Needs.Classify(traditional);
        Assert.Equal(expected.Need, actual.Need);
        Assert.Equal(expected.Confidence, actual.Confidence);
    }

    [Fact]
    public void The_needs_are_these_five() =>
        Assert.Equal(["Question", "Complaint", "Suggestion", "Thanks", "UrgentDanger"], Enum.GetNames<Need>());

    [Fact]
    public void Reasons_lie_inside_any_text() => Texts.ForAll(text =>
    {
        foreach (SortReason reason in Loaded.Needs.Classify(text).Reasons) Assert.Equal(reason.Word, reason.Range.Of(text));
    });

    [Theory]
    [InlineData("cue\tneed\tweight\n火\tmood\t1\n", 2, "mood")]
    [InlineData("cue\tneed\tweight\n火\tdanger\t1\n", 2, "danger")]
    [InlineData("cue\tneed\tweight\n问\tquestion\t-1\n", 2, "-1")]
    [InlineData("cue\tneed\tweight\n问\tquestion\t1\n問\tquestion\t2\n", 3, "twice")]
    [InlineData("cue\tneed\tweight\n问\tquestion\t1\n", 0, "complaint")]
    [InlineData("cue\tneed\tweight\n问\tquestion\n", 2, "2 fields")]
    public void Broken_cues_name_line_and_reason(string content, int line, string reason) => Broken(NeedCues.Read, content, line, reason);

    [Theory]
    [InlineData("kind\tcue\tweight\nmood\t火\t1\n", 2, "mood")]
    [InlineData("kind\tcue\tweight\nevent\t火\t11\n", 2, "11")]
    [InlineData("kind\tcue\tweight\nevent\t火\t1\nevent\t火\t2\n", 3, "twice")]
    [InlineData("kind\tcue\tweight\nevent\t(火\t1\n", 2, "not closed")]
    [InlineData("kind\tcue\tweight\nevent\t火~\t1\n", 2, "end")]
    [InlineData("kind\tcue\tweight\nevent\t(|火)烟\t1\n", 2, "begin")]
    [InlineData("kind\tcue\tweight\nevent\t火(a(b))\t1\n", 2, "inside")]
    [InlineData("kind\tcue\tweight\nevent\t<gas>漏\t1\n", 2, "not known")]
    [InlineData("kind\tcue\tweight\nset\tgas\t0\n", 2, "set")]
    [InlineData("kind\tcue\tweight\nnow\t现在\t1\n", 0, "event")]
    public void Broken_cues_of_danger_name_line_and_reason(string content, int line, string reason) => Broken(DangerCues.Read, content, line, reason);

    [Theory]
    [InlineData("need\ttext\nmood\t好\n", 2, "mood")]
    [InlineData("need\ttext\nquestion\t请问\nquestion\t请问\n", 3, "twice")]
    [InlineData("need\ttext\nquestion\t12\n", 2, "no letters")]
    [InlineData("need\ttext\nquestion\t请问\n", 0, "complaint")]
    public void Broken_samples_name_line_and_reason(string content, int line, string reason) => Broken(NeedSamples.Read, content, line, reason);

    private static void Broken<T>(Func<Stream, string, Func<string, string>, T> read, string content, int line, string reason)
    {
        ChineseFolding folding = ChineseFolding.Load(DictionaryFolder.Default);
        var error = Assert.Throws<DictionaryException>(() => read(new MemoryStream(Encoding.UTF8.GetBytes(content)), "table", text => folding.Fold(PhraseFinder.Form(text))));
        Assert.Equal(line, error.Line);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }
}
