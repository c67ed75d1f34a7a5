using System.Text;
using System.Text.Json;
using Xunit;

namespace Opinion.Cli.Tests.Analysis;

public sealed class TopicsCommandTests : IDisposable
{
    private const string Header = "id,title,time,body\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-topics-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_row_gets_its_topic_in_the_order_of_the_file()
    {
        Captured run = Topics(Header
            + "a,枫杨里小区停水三天没人管,2026/3/2 8:05:00,\"我们枫杨里小区已经停水三天,做饭都成问题\"\n"
            + "b,鹤鸣苑路灯坏了,2026-03-02,鹤鸣苑的路灯一盏也不亮\n"
            + "c,枫杨里小区停水何时恢复,2026-03-01T09:00:00+08:00,枫杨里停水三天了\n"
            + "d,枫杨里小区广场舞噪音扰民,2026/3/2 8:05,\"每晚广场舞音响开得很大,孩子没法写作业,老人睡不着觉\"\n");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("{\"id\":\"a\",\"topic\":\"c\"}\n{\"id\":\"b\",\"topic\":\"b\"}\n{\"id\":\"c\",\"topic\":\"c\"}\n{\"id\":\"d\",\"topic\":\"d\"}\n", run.Out);
    }

    [Fact]
    public void The_summary_has_a_line_for_each_topic_the_largest_first()
    {
        var rows = new StringBuilder("no,title,body,came,district,subject\n");
        for (int i = 0; i < 12; i++) rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"w{i},枫杨里小区停水,第{i}封信请王小明先生恢复供水,2026-03-{i + 1:00} 08:00:00,linxi,供水\n");
        rows.Append("l,鹤鸣苑路灯坏了,一盏也不亮,2026-03-20 08:00:00,wanghu,照明\n");
        string file = Write(rows.ToString());
        Captured run = Captured.Run("", "topics", "--input", file, "--id", "no", "--text", "title,body", "--time", "came", "--district", "district", "--subject", "subject", "--summary", "--format", "jsonl");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement[] lines = Lines(run);
        Assert.Equal(2, lines.Length);
        Assert.Equal(["topic", "title", "first", "last", "count"], lines[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(("w0", "2026-03-01T08:00:00", "2026-03-12T08:00:00", 12), (Text(lines[0], "topic"), Text(lines[0], "first"), Text(lines[0], "last"), lines[0].GetProperty("count").GetInt32()));
        Assert.Contains("枫杨里", Text(lines[0], "title"), StringComparison.Ordinal);
        Assert.Equal(("l", "wanghu 照明", 1), (Text(lines[1], "topic"), Text(lines[1], "title"), lines[1].GetProperty("count").GetInt32()));
        Assert.DoesNotContain("王小明", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_and_foreign_texts_are_letters_like_others()
    {
        Captured run = Topics(Header + "a,水,2026-03-02,\nb,,2026-03-02,?\nc,The lamp is broken,2026-03-02,No light at all\nd,The lamp is broken,2026-03-03,No light at all\n");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["a", "b", "c", "c"], Lines(run).Select(line => Text(line, "topic")));
    }

    [Fact]
    public void The_order_of_rows_makes_no_difference()
    {
        string[] rows = [.. Enumerable.Range(0, 40).Select(i => $"n{i:00},{(i % 3 == 0 ? "枫杨里小区停水" : "鹤鸣苑路灯坏了")},2026-03-02,第{i}封信\n")];
        string expected = string.Join('\n', Topics(Header + string.Concat(rows)).Out.Split('\n').Order(StringComparer.Ordinal));
        Assert.Contains("\"n39\"", expected, StringComparison.Ordinal);
        Assert.Equal(expected, string.Join('\n', Topics(Header + string.Concat(rows.Reverse())).Out.Split('\n').Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("", "letters.csv: the file is empty")]
    [InlineData(Header, "letters.csv: no rows")]
    [InlineData("id,title,time\na,b,2026-03-02\n", "letters.csv, row 1: no column \"body\"")]
    [InlineData("id,title,body\na,b,c\n", "letters.csv, row 1: no column \"time\"")]
    [InlineData("title,time,body\na,2026-03-02,b\n", "letters.csv, row 1: no column \"id\"")]
    [InlineData(Header + "a,b,2026-03-02,c\nb,\"x,2026-03-02,c\n", "letters.csv, row 3, column \"title\": broken quote")]
    [InlineData(Header + "a,b\"c\"d,2026-03-02,c\n", "letters.csv, row 2, column \"title\": broken quote")]
    [InlineData(Header + "a,b,2026-03-02\n", "letters.csv, row 2: 3 fields where the header has 4")]
    [InlineData(Header + "a,b,2026-03-02,c\nb,b,2026-03-02,c\na,b,2026-03-02,c\n", "letters.csv, row 4, column \"id\": \"a\" stands in row 2 already")]
    [InlineData(Header + "a,b,2026-03-02,c\n ,b,2026-03-02,c\n", "letters.csv, row 3, column \"id\": no id")]
    [InlineData(Header + "a,b,2026-03-02,c\nb,b,2026-02-30,c\n", "letters.csv, row 3, column \"time\": \"2026-02-30\" is not a time")]
    [InlineData(Header + "a,b,yesterday,c\n", "letters.csv, row 2, column \"time\": \"yesterday\" is not a time")]
    [InlineData(Header + "a,b,,c\n", "letters.csv, row 2, column \"time\": no time")]
    public void A_bad_file_is_refused_and_nothing_comes_out(string content, string reason)
    {
        Captured run = Topics(content);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_utf8_and_missing_files_are_refused()
    {
        string file = Path.Combine(_folder, "letters.csv");
        File.WriteAllBytes(file, [.. "id,title,time,body\na,b,2026-03-02,c\nb,"u8, 0xE6, 0x9E, .. ",2026-03-02,c\n"u8]);
        Captured invalid = Captured.Run("", "topics", "--input", file, "--text", "title,body");
        Assert.Equal((2, ""), (invalid.ExitCode, invalid.Out));
        Assert.Contains("letters.csv, row 3", invalid.Error, StringComparison.Ordinal);
        Captured missing = Captured.Run("", "topics", "--input", Path.Combine(_folder, "none.csv"), "--text", "title,body");
        Assert.Equal((2, ""), (missing.ExitCode, missing.Out));
        Assert.Contains("does not exist", missing.Error, StringComparison.Ordinal);
        Assert.Equal(2, Captured.Run("", "topics", "--input", file).ExitCode);
        Assert.Equal(2, Captured.Run("", "topics", "--input", file, "--text", "title,body", "--format", "xml").ExitCode);
    }

    private static JsonElement[] Lines(Captured run) => [.. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private Captured Topics(string content) => Captured.Run("", "topics", "--input", Write(content), "--text", "title,body", "--time", "time");

    private string Write(string content)
    {
        string file = Path.Combine(_folder, "letters.csv");
        File.WriteAllText(file, content, new UTF8Encoding(false));
        return file;
    }
}
