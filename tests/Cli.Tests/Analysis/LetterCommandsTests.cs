using System.Diagnostics;
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
        foreach (string part in (string[])["letters\t30", "accuracy\t1.0000", "macro-F1\t1.0000\t95% interval 1.0000 to 1.0000", "share at or above 0.8", "calibration error\t0.", "right \\ given"])
        {
            Assert.Contains(part, evaluate.Out, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("id,title,label\n1,a,x\n", "no column \"body\"")]
    [InlineData("id,title,body,body,label\n1,a,b,c,x\n", "two columns \"body\"")]
    [InlineData("id,title,body,label\n1,a,b,x\n2,\"a,b,x\n", "row 3")]
    [InlineData("id,title,body,label\n1,a\"b,b,x\n2,a\"b,b,x\n", "row 2, column \"title\": broken quote")]
    [InlineData("id,title,body,label\n1,\"a\"b,b,x\n2,\"a\",b,x\n", "row 2, column \"title\": broken quote")]
    [InlineData("id,title,body,label\n1,a,b,x\n2,\"a,b,x\n3,c\"d,e,y\n", "row 3, column \"title\": broken quote")]
    [InlineData("id,title,body,label\n1,a,b,x\n2,a,\"b", "row 3, column \"body\": broken quote: it is opened and never closed")]
    [InlineData("id,\"title,body,label\n", "row 1, column 2: broken quote")]
    [InlineData("id,title,body,label\n1,a,b,x\n2,a,b,\"x\ny\"\n", "row 3, column \"label\": the label holds a control character")]
    [InlineData("id,title,body,label\r\n1,a,b,x\r\n\r\n2,a,b\r\n", "row 4: 3 fields where the header has 4")]
    [InlineData("\uFEFF", "empty")]
    [InlineData("\n\n", "no header")]
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
        Refused(file, "row 3, column \"title\": not valid UTF-8");
    }

    [Fact]
    public void Classify_and_evaluate_write_nothing_when_a_late_row_is_bad()
    {
        string model = Path.Combine(_folder, "model");
        Assert.Equal(0, Captured.Run("", "train", "--input", Letters(), "--text", "title,body", "--label", "label", "--model", model).ExitCode);
        string good = string.Concat(Enumerable.Range(0, 5000).Select(i => $"n{i},路灯不亮,第{i}次来信,照明\n"));
        (byte[] Tail, string Reason)[] tails =
        [
            ("x,a\"b,c,照明\n"u8.ToArray(), "row 5002, column \"title\": broken quote"),
            ("x,a,\"c,照明\n"u8.ToArray(), "row 5002, column \"body\": broken quote: it is opened and never closed"),
            ("x,a,c\n"u8.ToArray(), "row 5002: 3 fields where the header has 4"),
            ([.. "x,a,c"u8, 0xE8, 0xB7, .. ",照明\n"u8], "row 5002, column \"body\": not valid UTF-8"),
        ];
        foreach ((byte[] tail, string reason) in tails)
        {
            string file = Path.Combine(_folder, "late.csv");
            File.WriteAllBytes(file, [.. Encoding.UTF8.GetBytes("id,title,body,label\n" + good), .. tail]);
            foreach (string[] command in (string[][])[["classify"], ["evaluate", "--label", "label"]])
            {
                Captured run = Captured.Run("", [.. command, "--model", model, "--input", file, "--text", "title,body"]);
                Assert.Equal((2, ""), (run.ExitCode, run.Out));
                Assert.Contains($"{file}, {reason}", run.Error, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("id,title,body,label\n", "no rows after the header")]
    [InlineData("id,title,label\n1,a,b\n", "row 1: no column \"body\" (there are id, title, label)")]
    public void Classify_and_evaluate_refuse_a_file_without_letters(string content, string reason)
    {
        string model = Path.Combine(_folder, "model");
        Assert.Equal(0, Captured.Run("", "train", "--input", Letters(), "--text", "title,body", "--label", "label", "--model", model).ExitCode);
        string file = Path.Combine(_folder, "bad.csv");
        File.WriteAllText(file, content);
        foreach (string[] command in (string[][])[["classify"], ["evaluate", "--label", "label"]])
        {
            Captured run = Captured.Run("", [.. command, "--model", model, "--input", file, "--text", "title,body"]);
            Assert.Equal((2, ""), (run.ExitCode, run.Out));
            Assert.Contains($"{file}", run.Error, StringComparison.Ordinal);
            Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Letters_of_one_sign_or_none_or_without_Han_are_sorted_like_any()
    {
        string model = Path.Combine(_folder, "model");
        Assert.Equal(0, Captured.Run("", "train", "--input", Letters(), "--text", "title,body", "--label", "label", "--model", model).ExitCode);
        string file = Path.Combine(_folder, "odd.csv");
        File.WriteAllText(file, "title,body\n灯,\n,\n,x\nhello,world 123\n😀,\"\"\"\"\n\"路灯\n不亮\",\"a,b\"\n");
        Captured run = Captured.Run("", "classify", "--model", model, "--input", file, "--text", "title,body");
        string[] lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 6), (run.ExitCode, lines.Length));
        for (int i = 0; i < lines.Length; i++)
        {
            using JsonDocument line = JsonDocument.Parse(lines[i]);
            Assert.Equal(i.ToString(System.Globalization.CultureInfo.InvariantCulture), line.RootElement.GetProperty("id").GetString());
            Assert.InRange(line.RootElement.GetProperty("confidence").GetDouble(), 0.3, 1);
        }

        Assert.Contains("照明", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_ids_that_was_named_must_be_there()
    {
        string model = Path.Combine(_folder, "model");
        Assert.Equal(0, Captured.Run("", "train", "--input", Letters(), "--text", "title,body", "--label", "label", "--model", model).ExitCode);
        string[] command = ["classify", "--model", model, "--input", Letters(), "--text", "title,body", "--id"];
        Captured run = Captured.Run("", [.. command, "number"]);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("row 1: no column \"number\"", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("{\"id\":\"路灯不亮\"", Captured.Run("", [.. command, "title"]).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_and_empty_names_are_refused()
    {
        string letters = Letters();
        string[] train = ["train", "--text", "title,body", "--label", "label"];
        string[] classify = ["classify", "--text", "title,body"];
        (string[] Command, string Reason)[] cases =
        [
            ([.. train, "--input", _folder, "--model", Path.Combine(_folder, "m")], $"{_folder}: is a folder"),
            ([.. train, "--input", letters, "--model", _folder], $"{_folder}: is a folder"),
            ([.. train, "--input", letters, "--model", ""], "the name of the file to write is empty"),
            ([.. train, "--input", letters, "--model", Path.Combine(_folder, "no", "m")], $"{Path.Combine(_folder, "no", "m")}: its folder does not exist"),
            ([.. classify, "--input", letters, "--model", _folder], $"{_folder}: is a folder"),
            ([.. classify, "--input", "", "--model", "m"], "a file name is empty"),
        ];
        foreach ((string[] command, string reason) in cases)
        {
            Captured run = Captured.Run("", command);
            Assert.Equal((2, ""), (run.ExitCode, run.Out));
            Assert.Equal($"opinion: {reason}\n", run.Error);
        }

        Assert.Equal([letters], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_link_to_a_model_stays_a_link_and_a_pipe_stays_a_pipe()
    {
        string[] train = ["train", "--input", Letters(), "--text", "title,body", "--label", "label", "--model"];
        string model = Path.Combine(_folder, "model");
        string link = Path.Combine(_folder, "link");
        File.WriteAllText(model, "old");
        File.CreateSymbolicLink(link, model);
        Assert.Equal(0, Captured.Run("", [.. train, link]).ExitCode);
        Assert.Equal(model, new FileInfo(link).LinkTarget);
        Assert.StartsWith("OPINSORT", File.ReadAllText(model, Encoding.Latin1), StringComparison.Ordinal);

        string ahead = Path.Combine(_folder, "ahead");
        File.CreateSymbolicLink(ahead, "later");
        Assert.Equal(0, Captured.Run("", [.. train, Path.GetRelativePath(Environment.CurrentDirectory, ahead)]).ExitCode);
        Assert.Equal("later", new FileInfo(ahead).LinkTarget);
        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(Path.Combine(_folder, "later")));

        string pipe = Path.Combine(_folder, "pipe");
        using (Process make = Process.Start("mkfifo", [pipe])) await make.WaitForExitAsync();
        // Opened for both, a pipe makes nobody wait; the model fits into it only as it is read.
        using var end = new FileStream(pipe, FileMode.Open, FileAccess.Read | FileAccess.Write);
        Task<Captured> run = Task.Run(() => Captured.Run("", [.. train, pipe]));
        byte[] whole = new byte[new FileInfo(model).Length];
        await end.ReadExactlyAsync(whole);
        Assert.Equal(0, (await run).ExitCode);
        Assert.Equal(File.ReadAllBytes(model), whole);
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));
    }

    [Fact]
    public void Several_files_train_one_model()
    {
        string more = Path.Combine(_folder, "more.csv");
        File.WriteAllText(more, "id,title,body,label\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"m{i},噪音扰民,夜里施工{i},环保\n")));
        string model = Path.Combine(_folder, "model");
        Captured train = Captured.Run("", "train", "--input", Letters(), "--input", more, "--text", "title,body", "--label", "label", "--model", model);
        Assert.Equal(0, train.ExitCode);
        Assert.Contains("40 letters, 4 labels", train.Error, StringComparison.Ordinal);
        Captured classify = Captured.Run("", "classify", "--model", model, "--input", more, "--text", "title,body");
        Assert.Equal(10, classify.Out.Split("环保").Length - 1);
    }

    [Theory]
    [InlineData("--input, --data or --store is needed")]
    [InlineData("--text and --label name the columns of --input", "--input", "x.csv", "--text", "title")]
    [InlineData("there is no such folder", "--data", "/nonexistent-office")]
    public void Training_on_nothing_is_a_bad_argument(string reason, params string[] arguments)
    {
        Captured run = Captured.Run("", ["train", "--model", Path.Combine(_folder, "m"), .. arguments]);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_model_of_another_version_is_named()
    {
        string model = Path.Combine(_folder, "model");
        Assert.Equal(0, Captured.Run("", "train", "--input", Letters(), "--text", "title,body", "--label", "label", "--model", model).ExitCode);
        byte[] bytes = File.ReadAllBytes(model);
        bytes[8]--;
        File.WriteAllBytes(model, bytes);
        foreach (string[] command in (string[][])[["classify"], ["evaluate", "--label", "label"]])
        {
            Captured run = Captured.Run("", [.. command, "--model", model, "--input", Letters(), "--text", "title,body"]);
            Assert.Equal((2, ""), (run.ExitCode, run.Out));
            Assert.Contains($"{model}: version 1 of the model file", run.Error, StringComparison.Ordinal);
        }
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
