using System.Text;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Segmentation;
using Xunit;

namespace Opinion.Cli.Tests.Analysis;

/// <summary>However the bytes arrive and wherever lines end, <c>opinion segment</c> gives what the segmenter gives line by line.</summary>
public class SegmentStreamTests
{
    private static readonly string[] Pieces =
    [
        "路灯坏了半个月", "\uFF0C", "\u3002", "\u300A", "网易杭研大厦", "中国科学院计算所", "PM2.5", "a,b;c!d?", " ", "\t", "\r", "\r\n", "\n", "\n\n", "\u2028", "\uFFFD", "\uD842\uDFB7", "\uD83D\uDE00",
        "\u00E9", "\u0663", "\0", "\u9FD6", "0731-88888888", "--", "\uFEFF", "\u0085", "\u3400", "\uF8FF",
    ];

    private static readonly Segmenter Segmenter = DictionaryFolder.Default.LoadSegmenter();

    [Theory]
    [InlineData(1, 40, 3_000)]
    [InlineData(2, 70_000, 20_000)]
    [InlineData(3, 1_000_000, 60_000)]
    public void Arrival_makes_no_difference(int seed, int mostRead, int pieces)
    {
        var random = new Random(seed);
        string text = string.Concat(Enumerable.Range(0, pieces).Select(_ => Pieces[random.Next(Pieces.Length)]));
        AssertSame(text, random, mostRead, lines: pieces / 14);
    }

    [Theory]
    [InlineData("路灯坏了", 100_000, "")]
    [InlineData("路灯坏了\uFF0C", 100_000, "\n好")]
    [InlineData("路灯坏了 ", 50_000, "\r\n好\n")]
    [InlineData("\uD842\uDFB7", 40_000, "\n")]
    [InlineData("\r", 70_000, "\n\r\n")]
    [InlineData("a,", 70_000, "\r\n")]
    public void A_line_longer_than_any_buffer_is_cut_as_one(string piece, int times, string end) =>
        AssertSame(string.Concat(Enumerable.Repeat(piece, times)) + end, new Random(4), 1 << 17, lines: 1);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("\u001F")]
    [InlineData(" \u2502 ")]
    public void Any_separator_is_written(string separator) => AssertSame("路灯坏了\r\n\n好的", new Random(5), 100, 1, separator);

    [Theory]
    [InlineData("好\n好\n", new byte[] { 0xFF }, "\n好\n", 3)]
    [InlineData("", new byte[] { 0xE4, 0xB8 }, "\n", 1)]
    [InlineData("好\n", new byte[] { 0xE4, 0xB8 }, "", 2)]
    [InlineData("好\n", new byte[] { 0xED, 0xA0, 0x80 }, "\n", 2)]
    [InlineData("\n\n\n", new byte[] { 0xC0, 0xAF }, "\n", 4)]
    public void Invalid_utf8_is_named_by_its_line(string before, byte[] invalid, string after, int line)
    {
        string many = string.Concat(Enumerable.Repeat("路灯坏了\uFF0C\n", 30_000));
        foreach ((string head, int number) in ((string, int)[])[("", line), (many, line + 30_000)])
        {
            Captured run = Captured.Run([.. Encoding.UTF8.GetBytes(head + before), .. invalid, .. Encoding.UTF8.GetBytes(after)], "segment");
            Assert.Equal((2, $"opinion: standard input, line {number}: not valid UTF-8\n"), (run.ExitCode, run.Error));
        }
    }

    [Fact]
    public void Invalid_utf8_far_into_a_long_line_is_named_by_that_line()
    {
        byte[] line = Encoding.UTF8.GetBytes("好\n" + string.Concat(Enumerable.Repeat("路灯坏了\uFF0C", 30_000)));
        Captured run = Captured.Run([.. line, 0xE8, (byte)'\n'], "segment");
        Assert.Equal((2, "opinion: standard input, line 2: not valid UTF-8\n"), (run.ExitCode, run.Error));
    }

    private static void AssertSame(string text, Random random, int mostRead, int lines, string separator = "|")
    {
        foreach (bool search in (bool[])[false, true])
        {
            foreach (bool hmm in (bool[])[true, false])
            {
                string[] parts = text.Split('\n');
                // A last line without line end gets one; after a last line end there is no line.
                if (parts[^1].Length == 0) parts = parts[..^1];
                Assert.InRange(parts.Length, lines, int.MaxValue);
                string expected = string.Concat(parts.Select(line =>
                    string.Join(separator, (search ? Segmenter.CutForSearch(line, hmm) : Segmenter.Cut(line, hmm)).Select(token => token.Of(line))) + "\n"));
                using var output = new MemoryStream();
                using var error = new StringWriter();
                string[] options = [.. search ? ["--search"] : Array.Empty<string>(), .. hmm ? Array.Empty<string>() : ["--no-hmm"]];
                int exit = OpinionCommand.Run(["segment", "--separator", separator, .. options], new CommandStreams(new Trickle(Encoding.UTF8.GetBytes(text), random, mostRead), output, error));
                Assert.Equal((0, ""), (exit, error.ToString()));
                Assert.True(expected == Encoding.UTF8.GetString(output.ToArray()), $"search {search}, model {hmm}: the output differs");
            }
        }
    }

    /// <summary>Gives its bytes in portions of random size, as a pipe does.</summary>
    private sealed class Trickle(byte[] bytes, Random random, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, most)));
    }
}
