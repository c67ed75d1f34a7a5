using System.Diagnostics;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Redaction;

[Collection(Alone.Name)]
public class RedactionProperties
{
    [Fact]
    public void Spans_lie_inside_the_text_in_order_without_overlap() => Texts.ForAll(text =>
    {
        int last = 0;
        foreach (PersonalSpan span in Loaded.Redactor.Find(text))
        {
            Assert.True(span.Start >= last && span.End > span.Start && span.End <= text.Length);
            last = span.End;
        }
    });

    [Fact]
    public void What_was_covered_is_gone() => Texts.ForAll(text =>
    {
        IReadOnlyList<PersonalSpan> spans = Loaded.Redactor.Find(text);
        string redacted = Redactor.Redact(text, spans);
        Assert.Equal(text.Length - spans.Sum(s => s.End - s.Start) + spans.Sum(s => Redactor.Label(s.Kind).Length), redacted.Length);
        Assert.Equal(redacted, Loaded.Redactor.Redact(text));
    });

    [Fact]
    public void A_number_is_found_whatever_stands_around_it()
    {
        string[] around = ["", "我", "a", " ", ":", "。", "\u200B", "（", "\n", "号", "@"];
        int checks = 0;
        foreach (string before in around)
        {
            foreach (string after in around)
            {
                string text = before + "13812345678" + after;
                IReadOnlyList<PersonalSpan> found = Loaded.Redactor.Find(text);
                Assert.True(found.Any(span => span.Start <= before.Length && span.End >= before.Length + 11), text);
                checks++;
            }
        }

        Assert.Equal(121, checks);
    }

    // A megabyte each of what makes backtracking matchers slow. The bound is loose for a shared machine; quadratic time would be minutes.
    [Theory]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("13 8-")]
    [InlineData("a@")]
    [InlineData("a.")]
    [InlineData("@")]
    [InlineData("我叫")]
    [InlineData("王先生")]
    [InlineData("5栋")]
    [InlineData("路1-")]
    [InlineData("微信")]
    [InlineData("qq ")]
    [InlineData("湘A")]
    [InlineData("一")]
    [InlineData("\u200B")]
    [InlineData("㎏")]
    [InlineData("身份证1 ")]
    public void Hostile_input_takes_linear_time(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, (1 << 20) / piece.Length));
        long start = Stopwatch.GetTimestamp();
        _ = Loaded.Redactor.Find(text);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
    }
}
