using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Opinion.Cli.Tests.Analysis;

public sealed class MatchCommandTests : IDisposable
{
    private const string Bank = "id,question,alternatives,answer\n"
        + "lamp,路灯不亮找谁,路灯坏了怎么报修|街灯不亮,\"拨打市政热线,两个工作日内修复。\"\n"
        + "card,老年卡怎么办理,,\"年满六十五周岁,持身份证到社区窗口办理。\"\n"
        + "water,停水了怎么办,,查看供水公司的停水公告。\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-match-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_question_gets_a_line_with_its_best_answers()
    {
        Captured run = Match(Bank, "question\n街燈壞了\n\"敬老,老年卡\"\nzzz\n", "--top", "2", "--format", "jsonl");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement[] lines = Lines(run);
        Assert.Equal(["街燈壞了", "敬老,老年卡", "zzz"], lines.Select(line => line.GetProperty("question").GetString()));
        Assert.Equal(["lamp", "card"], lines.Take(2).Select(line => line.GetProperty("answers")[0].GetProperty("id").GetString()));
        Assert.All(lines, line => Assert.InRange(line.GetProperty("answers").GetArrayLength(), 0, 2));
        Assert.Equal(0, lines[2].GetProperty("answers").GetArrayLength());
        Assert.True(lines[0].GetProperty("answers")[0].GetProperty("score").GetDouble() > 0);
        Assert.Equal(["question", "answers"], lines[0].EnumerateObject().Select(property => property.Name));
        Assert.Contains("街燈壞了", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_confidence_is_given_when_asked_for()
    {
        JsonElement line = Assert.Single(Lines(Match(Bank, "question\n路灯坏了怎么报修\n", "--confidence")));
        Assert.InRange(line.GetProperty("confidence").GetDouble(), 0.8, 1);
    }

    [Fact]
    public void A_bank_of_answers_alone_is_enough()
    {
        JsonElement line = Assert.Single(Lines(Match("id,answer\na,停水公告见网站\nb,老年卡在社区办理\n", "question,answer_id\n老年卡,b\n")));
        Assert.Equal("b", line.GetProperty("answers")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void A_bank_is_read_from_a_pipe_with_all_its_columns()
    {
        string queries = Path.Combine(_folder, "queries.csv");
        File.WriteAllText(queries, "question\n街灯不亮\n老年卡怎么办理\n");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        pipe.Write(Encoding.UTF8.GetBytes(Bank));
        string end = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";
        // The command opens the reading end anew, and meets its end once every writing end is closed.
        using FileStream held = File.OpenRead(end);
        pipe.Dispose();
        Captured run = Captured.Run("", "match", "--bank", $"/proc/self/fd/{held.SafeFileHandle.DangerousGetHandle()}", "--queries", queries);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["lamp", "card"], Lines(run).Select(line => line.GetProperty("answers")[0].GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("id,text\n1,a\n", "question\nq\n", "bank.csv, row 1: no column \"answer\"")]
    [InlineData("answer\na\n", "question\nq\n", "bank.csv, row 1: no column \"id\"")]
    [InlineData("id,answer\n1,a\n2,b\n1,c\n", "question\nq\n", "bank.csv, row 4, column \"id\": \"1\" stands in row 2 already")]
    [InlineData("id,answer\n1,a\n,b\n", "question\nq\n", "bank.csv, row 3, column \"id\": no id")]
    [InlineData("id,answer\n1,a\n2, \n", "question\nq\n", "bank.csv, row 3, column \"answer\": no answer")]
    [InlineData("id,answer\n1,a\n", "text\nq\n", "queries.csv, row 1: no column \"question\"")]
    [InlineData("id,answer\n1,a\n", "question\n\"q\n", "queries.csv, row 2, column \"question\": broken quote")]
    [InlineData("id,answer\n1,a,b\n", "question\nq\n", "bank.csv, row 2: 3 fields where the header has 2")]
    [InlineData("", "question\nq\n", "bank.csv: the file is empty")]
    [InlineData("id,answer\n", "question\nq\n", "bank.csv: no rows")]
    [InlineData("id,answer\n1,a\n", "", "queries.csv: the file is empty")]
    [InlineData("id,answer\n1,a\n", "question\n", "queries.csv: no rows")]
    [InlineData("id,answer\n1,a\n2,a\"b\n", "question\nq\n", "bank.csv, row 3, column \"answer\": broken quote")]
    [InlineData("id,answer,question,question\n1,a,b,c\n", "question\nq\n", "bank.csv, row 1: two columns \"question\"")]
    public void A_bad_file_is_refused_and_nothing_comes_out(string bank, string queries, string reason)
    {
        Captured run = Match(bank, queries);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_utf8_is_refused_with_its_row()
    {
        string bank = Path.Combine(_folder, "bank.csv");
        string queries = Path.Combine(_folder, "queries.csv");
        byte[] invalid = [0xE8, 0xB7];
        foreach ((byte[] first, byte[] second, string reason) in ((byte[], byte[], string)[])
        [
            ([.. "id,answer\n1,a\n2,"u8, .. invalid, (byte)'\n'], "question\nq\n"u8.ToArray(), "bank.csv, row 3, column \"answer\": not valid UTF-8"),
            ("id,answer\n1,a\n"u8.ToArray(), [.. "question\nq\nq\n"u8, .. invalid, (byte)'\n'], "queries.csv, row 4, column \"question\": not valid UTF-8"),
        ])
        {
            File.WriteAllBytes(bank, first);
            File.WriteAllBytes(queries, second);
            Captured run = Captured.Run("", "match", "--bank", bank, "--queries", queries);
            Assert.Equal((2, ""), (run.ExitCode, run.Out));
            Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Questions_of_one_sign_and_without_Han_get_a_line_each()
    {
        Captured run = Match(Bank, "question\n灯\n?\nhello 123\n😀\n");
        Assert.Equal((0, 4), (run.ExitCode, Lines(run).Length));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    public void A_bad_number_is_refused(string top) => Assert.Equal(2, Match(Bank, "question\nq\n", "--top", top).ExitCode);

    [Fact]
    public void A_missing_file_is_refused()
    {
        Captured run = Captured.Run("", "match", "--bank", Path.Combine(_folder, "none.csv"), "--queries", Path.Combine(_folder, "none.csv"));
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("none.csv: the file does not exist", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_refused_as_a_folder()
    {
        Captured run = Captured.Run("", "match", "--bank", _folder, "--queries", _folder);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains($"{_folder}: is a folder", run.Error, StringComparison.Ordinal);
    }

    private static JsonElement[] Lines(Captured run) =>
        [.. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private Captured Match(string bank, string queries, params string[] more)
    {
        string bankFile = Path.Combine(_folder, "bank.csv");
        string queriesFile = Path.Combine(_folder, "queries.csv");
        File.WriteAllText(bankFile, bank, new UTF8Encoding(false));
        File.WriteAllText(queriesFile, queries, new UTF8Encoding(false));
        return Captured.Run("", ["match", "--bank", bankFile, "--queries", queriesFile, .. more]);
    }
}
