using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Tests.Data;
using Xunit;

namespace Opinion.Analysis.Tests.Redaction;

/// <summary>The specification <c>redaction-cases.tsv</c>: every mark is found with its exact place and kind, and nothing else.</summary>
public class RedactionCasesTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string[] row in Specification.Rows("Redaction/redaction-cases.tsv", 2)) cases.Add(row[0], row[1]);
        return cases;
    }

    [Fact]
    public void The_specification_has_cases_of_every_kind()
    {
        string all = string.Concat(Specification.Rows("Redaction/redaction-cases.tsv", 2).Select(row => row[1]));
        foreach (PersonalKind kind in Enum.GetValues<PersonalKind>()) Assert.Contains($"⟦{kind}:", all, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Marks_are_found_exactly(string name, string marked)
    {
        (string text, List<PersonalSpan> expected) = Parse(marked);
        IReadOnlyList<PersonalSpan> actual = Loaded.Redactor.Find(text);
        Assert.True(expected.SequenceEqual(actual), $"{name}: {text}\nexpected {Show(text, expected)}\nactual   {Show(text, actual)}");
    }

    [Fact]
    public void Marks_are_replaced_by_labels() =>
        Assert.Equal("我叫〔姓名〕,电话〔手机号〕。", Loaded.Redactor.Redact("我叫王小明,电话13812345678。"));

    internal static (string Text, List<PersonalSpan> Spans) Parse(string marked)
    {
        string unescaped = Regex.Replace(marked, @"\\u([0-9A-F]{4})", m => ((char)int.Parse(m.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
        var text = new StringBuilder();
        var spans = new List<PersonalSpan>();
        int at = 0;
        foreach (Match mark in Regex.Matches(unescaped, "⟦(\\w+):(.*?)⟧"))
        {
            text.Append(unescaped, at, mark.Index - at);
            spans.Add(new PersonalSpan(text.Length, text.Length + mark.Groups[2].Length, Enum.Parse<PersonalKind>(mark.Groups[1].Value)));
            text.Append(mark.Groups[2].Value);
            at = mark.Index + mark.Length;
        }

        text.Append(unescaped, at, unescaped.Length - at);
        return (text.ToString(), spans);
    }

    private static string Show(string text, IEnumerable<PersonalSpan> spans) =>
        string.Join(" ", spans.Select(span => $"[{span.Kind} {span.Start}-{span.End} {text[span.Start..span.End]}]"));
}
