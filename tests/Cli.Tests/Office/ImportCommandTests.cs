using System.Globalization;
using System.Text.RegularExpressions;

namespace Opinion.Cli.Tests.Office;

public sealed partial class ImportCommandTests : IDisposable
{
    private readonly HotlineFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_sheet_is_taken_once_however_often_it_is_imported()
    {
        var sheet = _files.Calls(1_000);
        var first = await OpinionProcess.RunAsync(_files.Import(sheet));
        Assert.True(first.ExitCode == 0, first.Error);
        var line = SummaryLine().Match(first.Out);
        Assert.True(line.Success, first.Out);
        Assert.Equal(["1000", "1000", "0", "0"], line.Groups.Values.Skip(1).Take(4).Select(group => group.Value));
        // The bar is 300 a second; a machine shared with others gets a generous part of it off.
        Assert.True(double.Parse(line.Groups[5].Value, CultureInfo.InvariantCulture) > 30, first.Out);

        var second = await OpinionProcess.RunAsync(_files.Import(sheet));
        Assert.Equal(0, second.ExitCode);
        Assert.StartsWith("read 1000, added 0, repeated 1000, rejected 0, seconds ", second.Out, StringComparison.Ordinal);
        var report = await _files.DoctorAsync();
        Assert.Equal(1_000, report["letters"].GetInt32());
        Assert.Equal(1_000, report["matters"].GetInt32());
    }

    [Fact]
    public async Task Rows_that_cannot_be_taken_are_set_aside_and_the_file_is_named()
    {
        var ran = await OpinionProcess.RunAsync(_files.Import(_files.Calls(3, "bad,,,2025-01-01 08:00,13800006001\n")));
        Assert.True(ran.ExitCode == 0, ran.Error);
        Assert.StartsWith("read 4, added 3, repeated 0, rejected 1, seconds ", ran.Out, StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_files.Data, "imports")));
        Assert.Contains(file, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("13800006001", ran.Error + await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sheet_of_which_no_row_can_be_taken_is_a_failure()
    {
        var ran = await OpinionProcess.RunAsync(_files.Import(_files.Write("calls.csv", "id,title,body,time,phone\n1,,x,5 March,\n")));
        Assert.Equal(1, ran.ExitCode);
        Assert.StartsWith("read 1, added 0, repeated 0, rejected 1", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_nobody_named_are_a_warning()
    {
        var ran = await OpinionProcess.RunAsync(_files.Import(_files.Write("calls.csv", "id,title,body,time,phone,备注\n1,,x,2025-01-01 08:00,,\n")));
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("warning: calls.csv, column 备注", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("calls.csv", "id,title,body,phone\n1,,x,\n", "time (received); the sheet has: id, title, body, phone")]
    [InlineData("calls.csv", "", "calls.csv: the file is empty")]
    [InlineData("calls.csv", "id,title,body,time,phone\n1,,x,2025-01-01 08:00,\n2,,\"x,2025-01-01 08:00,\n", "calls.csv, row 3: a quotation mark")]
    [InlineData("calls.xlsx", "PK\u0003\u0004 no workbook", "calls.xlsx: the workbook is broken")]
    public async Task A_file_that_cannot_be_used_stores_nothing(string name, string text, string reason)
    {
        var ran = await OpinionProcess.RunAsync(_files.Import(_files.Write(name, text)));
        Assert.Equal(2, ran.ExitCode);
        Assert.Contains(reason, ran.Error, StringComparison.Ordinal);
        Assert.Empty(ran.Out);
        Assert.False(Directory.Exists(_files.Data));
    }

    [Fact]
    public async Task Wrong_arguments_end_with_2()
    {
        var sheet = _files.Calls(1);
        string[][] wrong =
        [
            [], ["nonsense"], ["import"], ["import", sheet], ["import", sheet, "--channel", "weibo", "--map", _files.Map, "--data", _files.Data],
            _files.Import(Path.Combine(_files.Folder, "no.csv")), _files.Import(_files.Folder),
            ["import", sheet, "--channel", "hotline", "--map", Path.Combine(_files.Folder, "no.json"), "--data", _files.Data],
            ["import", sheet, "--channel", "hotline", "--map", sheet, "--data", _files.Data],
        ];
        foreach (var arguments in wrong)
        {
            var ran = await OpinionProcess.RunAsync(arguments);
            Assert.True(ran.ExitCode == 2, $"{string.Join(' ', arguments)}: {ran.ExitCode} {ran.Error}");
            Assert.NotEmpty(ran.Error);
        }

        Assert.False(Directory.Exists(_files.Data));
    }

    [GeneratedRegex(@"^read (\d+), added (\d+), repeated (\d+), rejected (\d+), seconds [0-9.]+, letters per second (\d+)\s*$")]
    private static partial Regex SummaryLine();
}
