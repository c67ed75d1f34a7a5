using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Opinion.Cli.Tests.Analysis;

public class LineCommandsTests
{
    [Fact]
    public void Segment_gives_a_line_of_tokens_for_every_line()
    {
        Captured run = Captured.Run("我来到北京清华大学\n\n他来到了网易杭研大厦", "segment");
        Assert.Equal((0, "我 来到 北京 清华大学\n\n他 来到 了 网易 杭研 大厦\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public void Segment_takes_search_hmm_and_separator()
    {
        Assert.Equal("中国|科学|学院|科学院|中国科学院\n", Captured.Run("中国科学院\n", "segment", "--search", "--separator", "|").Out);
        Assert.Equal("网易|杭|研|大厦\n", Captured.Run("网易杭研大厦\n", "segment", "--no-hmm", "--separator", "|").Out);
    }

    [Fact]
    public void Lines_are_split_at_line_feed_alone()
    {
        Captured run = Captured.Run("路灯\r坏了\u2028真的\u0085吗\n好\r\n", "segment", "--separator", "|");
        Assert.Equal("路灯|\r|坏|了|\u2028|真的|\u0085|吗\n好|\r\n", run.Out);
    }

    [Fact]
    public void A_line_longer_than_the_buffer_comes_out_whole()
    {
        string line = string.Concat(Enumerable.Repeat("路灯坏了。", 30_000));
        Captured run = Captured.Run(line + "\n" + line, "segment", "--separator", "");
        Assert.Equal(line + "\n" + line + "\n", run.Out);
    }

    [Fact]
    public void Empty_input_gives_empty_output() => Assert.Equal((0, ""), (Captured.Run("", "segment").ExitCode, Captured.Run("", "segment").Out));

    [Fact]
    public void Invalid_utf8_is_refused_with_its_line()
    {
        Captured run = Captured.Run([.. "好\n"u8, 0xFF, (byte)'\n'], "redact");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("line 2, byte 1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Redact_of_nothing_gives_nothing()
    {
        Assert.Equal((0, "", ""), (Captured.Run("", "redact").ExitCode, Captured.Run("", "redact").Out, Captured.Run("", "redact").Error));
        Assert.Equal("", Captured.Run("", "redact", "--spans").Out);
        Assert.Equal("\n\n", Captured.Run("\n\n", "redact").Out);
    }

    [Fact]
    public void Redact_takes_a_line_of_megabytes()
    {
        string line = string.Concat(Enumerable.Repeat("路灯坏了,", 300_000));
        string covered = line + "电话〔手机号〕";
        Captured run = Captured.Run(line + "电话13812345678\n好\n", "redact");
        Assert.True((run.ExitCode, run.Out) == (0, covered + "\n好\n"), run.Error);
    }

    [Theory]
    [InlineData("灯\n", "灯\n")]
    [InlineData("?\n\nhello, world 123\n😀\n", "?\n\nhello, world 123\n😀\n")]
    public void Short_and_foreign_lines_pass_through(string text, string redacted)
    {
        Assert.Equal((0, redacted, ""), (Captured.Run(text, "redact").ExitCode, Captured.Run(text, "redact").Out, Captured.Run(text, "redact").Error));
        Captured segment = Captured.Run(text, "segment", "--separator", "");
        Assert.Equal((0, text, ""), (segment.ExitCode, segment.Out, segment.Error));
    }

    [Fact]
    public void Redact_covers_marks() =>
        Assert.Equal("电话〔手机号〕\n无\n", Captured.Run("电话13812345678\n无\n", "redact").Out);

    [Fact]
    public void Redact_spans_gives_one_json_line_for_every_line()
    {
        Captured run = Captured.Run("😀电话138\u200B12345678\n\n湘A12345\n", "redact", "--spans");
        string[] lines = run.Out.Split('\n');
        Assert.Equal(4, lines.Length);
        using JsonDocument first = JsonDocument.Parse(lines[0]);
        Assert.Equal(0, first.RootElement.GetProperty("line").GetInt32());
        JsonElement span = Assert.Single(first.RootElement.GetProperty("spans").EnumerateArray());
        Assert.Equal((4, 16, "mobile"), (span.GetProperty("start").GetInt32(), span.GetProperty("end").GetInt32(), span.GetProperty("type").GetString()));
        Assert.Equal("""{"line":1,"spans":[]}""", lines[1]);
        Assert.Equal("""{"line":2,"spans":[{"start":0,"end":7,"type":"plate"}]}""", lines[2]);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("segment", "--frobnicate")]
    [InlineData("segment", "extra")]
    [InlineData("segment", "--separator")]
    [InlineData("train")]
    [InlineData("classify", "--input", "x.csv", "--text", "title", "--model", "m", "--format", "xml")]
    [InlineData("evaluate", "--input", "x.csv", "--text", "t", "--label", "l", "--model", "m", "--threshold", "7")]
    public void A_bad_argument_ends_with_two_and_says_why(params string[] args)
    {
        Captured run = Captured.Run("", args);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("opinion: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("segment")]
    [InlineData("redact")]
    public void Input_that_cannot_be_read_is_named(string command)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(2, OpinionCommand.Run([command], new CommandStreams(new BrokenStream(), output, error)));
        Assert.Equal(("opinion: standard input: Is a directory\n", 0L), (error.ToString(), output.Length));
    }

    [Fact]
    public async Task The_program_itself_reads_and_writes_its_streams()
    {
        // The built program beside this test: exit code, streams and dictionaries as a user meets them.
        string program = Path.Combine(AppContext.BaseDirectory, "opinion.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "segment", "--separator", "/"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        })!;
        await process.StandardInput.WriteAsync("来到北京\n");
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, "来到/北京\n", ""), (process.ExitCode, output, error));
    }

    /// <summary>Standard input that is a folder, as in <c>opinion segment &lt; folder</c>.</summary>
    private sealed class BrokenStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => throw new IOException("Is a directory");
    }
}
