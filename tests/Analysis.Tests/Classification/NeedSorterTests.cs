using System.Text;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
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

    [Fact]
    public void A_text_without_cues_is_left_to_a_person()
    {
        NeedResult result = Loaded.Needs.Classify("东风路");
        Assert.Equal(0.25, result.Confidence, 6);
        Assert.Empty(result.Reasons);
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
    [InlineData("cue\tneed\tweight\n火\tdanger\t-1\n", 2, "-1")]
    [InlineData("cue\tneed\tweight\n火\tdanger\t1\n火\tdanger\t2\n", 3, "twice")]
    [InlineData("cue\tneed\tweight\n问\tquestion\t1\n", 0, "danger")]
    [InlineData("cue\tneed\tweight\n火\tdanger\n", 2, "2 fields")]
    public void Broken_cues_name_line_and_reason(string content, int line, string reason)
    {
        var error = Assert.Throws<DictionaryException>(() => NeedSorter.Load(new MemoryStream(Encoding.UTF8.GetBytes(content)), "cues"));
        Assert.Equal(line, error.Line);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }
}
