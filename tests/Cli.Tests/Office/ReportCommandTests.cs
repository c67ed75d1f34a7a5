using System.Text;
using System.Text.Json;
using Xunit;

namespace Opinion.Cli.Tests.Office;

public sealed class ReportCommandTests : IDisposable
{
    private readonly HotlineFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_past_week_that_was_never_released_is_made_from_imported_history_and_stays_as_it_is()
    {
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(60)))).ExitCode);
        var json = await ReportAsync("json");
        using var report = JsonDocument.Parse(json);
        Assert.Equal("2025-W01", report.RootElement.GetProperty("week").GetString());
        Assert.Equal(["week", "released", "received", "tables", "measures", "errata"], report.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.InRange(report.RootElement.GetProperty("measures").GetArrayLength(), 10, 100);
        Assert.Contains(report.RootElement.GetProperty("measures").EnumerateArray(), measure => measure.GetProperty("name").GetString() == "open-in-time" && measure.GetProperty("value").ValueKind == JsonValueKind.Number);
        Assert.Equal(json, await ReportAsync("json"));
        Assert.StartsWith("part,table,key,value,label,state,formula\r\n", await ReportAsync("csv"), StringComparison.Ordinal);
        Assert.Contains("## received-by-subject", await ReportAsync("md"), StringComparison.Ordinal);
        Assert.Contains("<td>", await ReportAsync("html"), StringComparison.Ordinal);

        var to = Path.Combine(_files.Folder, "week.pdf");
        Assert.Equal(0, (await OpinionProcess.RunAsync("report", "--week", "2025-W01", "--format", "pdf", "--out", to, "--data", _files.Data)).ExitCode);
        Assert.Equal("%PDF-", Encoding.ASCII.GetString((await File.ReadAllBytesAsync(to)).AsSpan(0, 5)));
        Assert.False(File.Exists(to + ".part"));
    }

    [Fact]
    public async Task The_web_serves_the_same_bytes()
    {
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(60)))).ExitCode);
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var form in new[] { "json", "csv", "md" }) forms[form] = await ReportAsync(form);
        var served = new Dictionary<string, string>(StringComparer.Ordinal);
        await using (var node = await ServedNode.StartAsync(null, _files.Data))
        {
            foreach (var form in forms.Keys) served[form] = await node.ReadAsync($"/open-data/weeks/2025-W01.{form}");
        }

        Assert.Equal(forms, served);
    }

    [Fact]
    public async Task An_unfinished_week_and_what_is_no_week_end_with_2()
    {
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(5)))).ExitCode);
        foreach (var (week, words) in new[] { ("2099-W01", "has not ended"), ("2026-W99", "not an ISO week"), ("next", "not an ISO week") })
        {
            var ran = await OpinionProcess.RunAsync("report", "--week", week, "--data", _files.Data);
            Assert.Equal(2, ran.ExitCode);
            Assert.Contains(words, ran.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await OpinionProcess.RunAsync("report", "--data", _files.Data)).ExitCode);
        Assert.Equal(2, (await OpinionProcess.RunAsync("report", "--week", "2025-W01", "--format", "docx", "--data", _files.Data)).ExitCode);
        Assert.Equal(2, (await OpinionProcess.RunAsync("report", "--week", "2025-W01", "--data", Path.Combine(_files.Folder, "nowhere"))).ExitCode);
    }

    private async Task<string> ReportAsync(string format)
    {
        var ran = await OpinionProcess.RunAsync("report", "--week", "2025-W01", "--format", format, "--data", _files.Data);
        Assert.True(ran.ExitCode == 0, ran.Error);
        return ran.Out;
    }
}
