using System.Diagnostics;
using System.Text;
using Opinion.Analysis.Redaction;
using Opinion.Analysis.Tests.Data;
using Opinion.Analysis.Text;
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
    public void Redacting_twice_changes_nothing() => Texts.ForAll(text =>
    {
        string redacted = Loaded.Redactor.Redact(text);
        Assert.Empty(Loaded.Redactor.Find(redacted));
    });

    [Fact]
    public void Redacting_a_long_text_twice_changes_nothing()
    {
        string[] pieces =
        [
            "我叫王小明,", "余建军", "高峰、", "电话", "13812345678", "138****1234", " ", "(0731)", "8888", "-", "微信", "abc123", "湘A12345", "5栋3单元", "502室", "幸福路12号",
            "李国强先生", "您好!", "\n", "此致敬礼", "身份证", "110105", "19491231002X", "和", "的", "小区", "路灯坏了。", "邮箱a@b.cn", "姓刘的", "联系人:", "一三八", "转", "。", "2019年3月5日",
        ];
        for (int seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            while (text.Length < 200_000) text.Append(pieces[random.Next(pieces.Length)]);
            string redacted = Loaded.Redactor.Redact(text.ToString());
            Assert.True(redacted.Length > 65_536 && redacted.Contains("〔姓名〕", StringComparison.Ordinal));
            IReadOnlyList<PersonalSpan> again = Loaded.Redactor.Find(redacted);
            Assert.True(again.Count == 0, $"seed {seed}: {again.Count} found again");
        }
    }

    [Fact]
    public void Every_part_of_a_normalised_text_comes_from_its_place() => Texts.ForAll(text =>
    {
        NormalizedText normalized = NormalizedText.Of(text);
        int last = 0;
        for (int i = 0; i < normalized.Value.Length; i++)
        {
            TextRange origin = normalized.ToOriginal(new TextRange(i, i + 1));
            // In order, inside the text, and what stands there normalises to a text with this character in it.
            Assert.True(origin.Start >= last && origin.End > origin.Start && origin.End <= text.Length);
            Assert.Contains(normalized.Value[i], NormalizedText.Of(text[origin.Start..origin.End]).Value);
            last = origin.Start;
        }
    });

    [Fact]
    public void Traditional_characters_and_hidden_ones_change_no_mark()
    {
        string[] pairs =
        [
            "我叫王小明,電話138\u200B1234\u200B5678", "我叫王小明,电话13812345678",
            "聯繫人:劉偉，住芙蓉路12號幸福小區5棟3單元502", "联系人:刘伟，住芙蓉路12号幸福小区5栋3单元502",
            "趙曉紅女士", "赵晓红女士",
        ];
        for (int i = 0; i < pairs.Length; i += 2)
        {
            string written = pairs[i];
            IEnumerable<PersonalKind> kinds = Loaded.Redactor.Find(written).Select(span => span.Kind);
            Assert.NotEmpty(kinds);
            Assert.Equal(Loaded.Redactor.Find(pairs[i + 1]).Select(span => span.Kind), kinds);
        }
    }

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

    // A megabyte each of what makes backtracking matchers slow. What a letter of a thirtieth of the length needs must not
    // grow faster than the length does; the bound in seconds is loose for a shared machine, the goal is half of one.
    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_input_takes_linear_time(string piece)
    {
        const int Bytes = 1 << 20;
        string text = string.Concat(Enumerable.Repeat(piece, Bytes / Encoding.UTF8.GetByteCount(piece)));
        _ = Loaded.Redactor.Find(text[..Math.Min(text.Length, 4096)]);
        double part = Seconds(text[..(text.Length / 8)]);
        double whole = Seconds(text);
        // Eight times the text: eight times the time, and room for a busy machine and a collection.
        Assert.True(whole < Math.Max(0.5, part * 32), $"{whole:F2} s for the whole, {part:F3} s for an eighth of it");
        Assert.InRange(whole, 0, 3);
    }

    public static TheoryData<string> Hostile() =>
    [
        "1", "1 ", "1 2-", "13 8-", "138", "1\u200B", "1 \u200B", "一", "一三八 ", "a", "a@", "a.", "@", "a@b.", "我叫", "我叫王", "王", "王李", "李、", "王先生", "王某", "小王",
        "5栋", "1、", "1、2栋", "路1-", "路", "号", "号1", "微信", "微信a", "qq ", "湘A", "湘", "湘A1", "使1", "WJ", "\u200B", "㎏", "身份证1 ", "1*", "*", "1x", "138****", "王*", "·", "艾·",
        "〔", "〔姓名〕", "（", "(0731)", "+86", "0", "0731-", "转", "转1", "的", "着火了", "\n", "😀", "E1 ", "电话1", "A-1", "敬礼", "您好", "张三您好", "张 三 ", "姓", "、", "3.1", "2019.1.1-", "305业主", "書號樓",
    ];

    private static double Seconds(string text)
    {
        double best = double.MaxValue;
        int rounds = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 3 : 1;
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            _ = Loaded.Redactor.Find(text);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }
}
