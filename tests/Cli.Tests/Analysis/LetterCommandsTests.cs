using System.Text;
using System.Text.Json;
using Xunit;

namespace Opinion.Cli.Tests.Analysis;

public sealed class LetterCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_model_is_trained_used_and_measured()
    {
        string letters = Letters();
        string model = Path.Combine(_folder, "model");
        Captured train = Captured.Run("", "train", "--input", letters, "--text", "title,body", "--label", "label", "--model", model);
        Assert.Equal((0, ""), (train.ExitCode, train.Out));
        Assert.Equal(["letters.csv", "model"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Captured classify = Captured.Run("", "classify", "--model", model, "--input", letters, "--text", "title,body", "--format", "jsonl");
        string[] lines = classify.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 30), (classify.ExitCode, lines.Length));
        using JsonDocument first = JsonDocument.Parse(lines[0]);
        Assert.Equal("n0", first.RootElement.GetProperty("id").GetString());
        Assert.Equal("照明", first.RootElement.GetProperty("label").GetString());
        Assert.InRange(first.RootElement.GetProperty("confidence").GetDouble(), 0.34, 1);

        Captured evaluate = Captured.Run("", "evaluate", "--model", model, "--input", letters, "--text", "title,body", "--label", "label");
        Assert.Equal(0, evaluate.ExitCode);
        foreach (string part in (string[])["letters\t30", "accuracy\t1.0000", "macro-F1\t1.0000\t95% interval 1.0000 to 1.0000", "share at or above 0.8", "right \\ given"])
        {
            Assert.Contains(part, evaluate.Out, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("id,title,label\n1,a,x\n", "no column \"body\"")]
    [InlineData("id,title,body,body,label\n1,a,b,c,x\n", "two columns \"body\"")]
    [InlineData("id,title,body,label\n1,a,b,x\n2,\"a,b,x\n", "row 3")]
    [InlineData("id,title,body,label\n1,a\"b,b,x\n2,a\"b,b,x\n", "row 2, column \"title\": broken quote")]
    [InlineData("id,title,body,label\n1,a,b\n", "row 2: 3 fields where the header has 4")]
    [InlineData("id,title,body,label\n1,a,b,x\n2,a,b,\n", "row 3, column \"label\": no label")]
    [InlineData("id,title,body,label\n1,a,b,x\n2,a,b,x\n", "at least two")]
    [InlineData("id,title,body,label\n", "no rows")]
    [InlineData("", "empty")]
    public void A_bad_file_is_refused_with_file_row_and_reason(string content, string reason)
    {
        string file = Path.Combine(_folder, "bad.csv");
        File.WriteAllText(file, content, new UTF8Encoding(false));
        Refused(file, reason);
    }

    [Fact]
    public void Invalid_utf8_is_refused_with_its_row()
    {
        string file = Path.Combine(_folder, "bad.csv");
        File.WriteAllBytes(file, [.. "id,title,body,label\n1,a,\"b\nb\",x\n2,"u8, 0xC3, 0x28, .. ",b,y\n"u8]);
        Refused(file, "row 3: not valid UTF-8");
    }

    [Fact]
    public void A_missing_file_is_refused() => Refused(Path.Combine(_folder, "none.csv"), "does not exist");

    [Fact]
    public void A_byte_order_mark_and_quoted_line_ends_are_read()
    {
        string file = Path.Combine(_folder, "letters.csv");
        File.WriteAllText(file, "id,title,body,label\r\n1,\"a,\"\"b\",\"c\nd\",x\r\n2,b,c,y\r\n", new UTF8Encoding(true));
        Assert.Equal(0, Captured.Run("", "train", "--input", file, "--text", "title,body", "--label", "label", "--model", Path.Combine(_folder, "m")).ExitCode);
    }

    [Fact]
    public void A_damaged_model_is_refused_and_nothing_comes_out()
    {
        string model = Path.Combine(_folder, "model");
        File.WriteAllText(model, "OPINSORT");
        Captured run = Captured.Run("", "classify", "--model", model, "--input", Letters(), "--text", "title");
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("cut short", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_training_leaves_the_old_model_alone()
    {
        string model = Path.Combine(_folder, "model");
        File.WriteAllText(model, "old");
        string file = Path.Combine(_folder, "bad.csv");
        File.WriteAllText(file, "id,title,body,label\n");
        Assert.Equal(2, Captured.Run("", "train", "--input", file, "--text", "title", "--label", "label", "--model", model).ExitCode);
        Assert.Equal("old", File.ReadAllText(model));
        Assert.Equal(2, Captured.Run("", "train", "--input", Letters(), "--text", "title", "--label", "label", "--model", Path.Combine(_folder, "no", "model")).ExitCode);
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder).Length);
    }

    private void Refused(string file, string reason)
    {
        string model = Path.Combine(_folder, "m");
        Captured run = Captured.Run("", "train", "--input", file, "--text", "title,body", "--label", "label", "--model", model);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(file, run.Error, StringComparison.Ordinal);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(model));
    }

    private string Letters()
    {
        string file = Path.Combine(_folder, "letters.csv");
        var rows = new StringBuilder("id,title,body,label\n");
        for (int i = 0; i < 30; i++)
        {
            (string title, string label) = (i % 3) switch { 0 => ("路灯不亮", "照明"), 1 => ("公交晚点", "交通"), _ => ("垃圾成堆", "环卫") };
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"n{i},{title},\"请尽快处理,第{i}次来信\",{label}\n");
        }

        File.WriteAllText(file, rows.ToString());
        return file;
    }
}
