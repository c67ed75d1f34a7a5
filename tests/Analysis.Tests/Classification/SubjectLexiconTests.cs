using System.Text;
using Opinion.Analysis.Classification;
using Opinion.Analysis.Dictionaries;
using Xunit;

namespace Opinion.Analysis.Tests.Classification;

public class SubjectLexiconTests
{
    private const string Content =
        "# 本项目自写\nword\tsubject\tweight\n物业\thousing.property\t3\n物业费\thousing.property.fees\t5\n公交\ttransport.bus\t4\n路灯\troads.lights\t4.5\n";

    [Fact]
    public void The_longest_word_decides_and_is_named()
    {
        const string Text = "公示物业费,再谈物业费";
        SortResult result = Load(Content).Classify(Text);
        Assert.Equal("housing.property.fees", result.Label);
        SortReason reason = Assert.Single(result.Reasons);
        Assert.Equal("物业费", reason.Range.Of(Text));
        Assert.Equal(2, reason.Range.Start);
        Assert.Equal(1, result.Probabilities.Sum(p => p.Probability), 9);
        Assert.Equal(result.Confidence, result.Probabilities[0].Probability);
        Assert.True(result.Confidence > 0.9);
    }

    [Fact]
    public void A_text_without_listed_words_has_no_certain_subject()
    {
        SortResult result = Load(Content).Classify("您好");
        Assert.Equal(0.25, result.Confidence, 9);
        Assert.Empty(result.Reasons);
    }

    [Fact]
    public void Probabilities_stand_in_the_order_of_the_subjects()
    {
        SubjectLexicon lexicon = Load(Content);
        double[] probabilities = lexicon.Probabilities("路灯");
        Assert.Equal(["housing.property", "housing.property.fees", "roads.lights", "transport.bus"], lexicon.Subjects);
        Assert.Equal(2, Array.IndexOf(probabilities, probabilities.Max()));
    }

    [Theory]
    [InlineData("word\tsubject\tweight\n", 0)]
    [InlineData("word\tsubject\n", 1)]
    [InlineData("word\tsubject\tweight\n\ta\t1\n", 2)]
    [InlineData("word\tsubject\tweight\n灯\t\t1\n", 2)]
    [InlineData("word\tsubject\tweight\n灯\ta\t0\n", 2)]
    [InlineData("word\tsubject\tweight\n灯\ta\tNaN\n", 2)]
    [InlineData("word\tsubject\tweight\n灯\ta\t1\n灯\ta\t2\n", 3)]
    [InlineData("word\tsubject\tweight\r\n灯\ta\t1\r\n", 1)]
    public void A_broken_lexicon_names_the_line(string content, int line) =>
        Assert.Equal(line, Assert.Throws<DictionaryException>(() => Load(content)).Line);

    private static SubjectLexicon Load(string content) => SubjectLexicon.Load(new MemoryStream(Encoding.UTF8.GetBytes(content)), "lexicon");
}
