using System.Text.Json;

namespace Opinion.Cli.Tests.Office;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly HotlineFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task The_report_names_everything_in_lower_camel_case()
    {
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(5)))).ExitCode);
        var report = await _files.DoctorAsync();
        Assert.Equal(["engine", "findings", "letters", "matters", "open", "overdue", "schema", "setAside", "waiting"], report.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((5, 5, 5, 0, 0), (Number("letters"), Number("matters"), Number("open"), Number("waiting"), Number("setAside")));
        Assert.Equal("sqlite", report["engine"].GetString());
        Assert.True(Number("schema") > 0);
        Assert.Equal(JsonValueKind.Array, report["findings"].ValueKind);

        int Number(string name) => report[name].GetInt32();
    }

    [Fact]
    public async Task The_text_says_the_same()
    {
        Assert.Equal(0, (await OpinionProcess.RunAsync(_files.Import(_files.Calls(5)))).ExitCode);
        var ran = await OpinionProcess.RunAsync("doctor", "--data", _files.Data);
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("letters 5, matters 5, open 5", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_an_office_ends_with_2_and_stays_as_it_is()
    {
        Assert.Equal(2, (await OpinionProcess.RunAsync("doctor", "--data", _files.Data)).ExitCode);
        Assert.False(Directory.Exists(_files.Data));
        Assert.Equal(2, (await OpinionProcess.RunAsync("doctor", "--data", _files.Folder)).ExitCode);
        Assert.Equal(2, (await OpinionProcess.RunAsync("doctor", "--data", _files.Folder, "--format", "xml")).ExitCode);
        Assert.Equal(2, (await OpinionProcess.RunAsync("doctor")).ExitCode);
        Assert.Equal(["map.json"], Directory.GetFileSystemEntries(_files.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_ends_with_1_and_its_reason()
    {
        Directory.CreateDirectory(_files.Data);
        await File.WriteAllTextAsync(Path.Combine(_files.Data, "desk.db"), "this is no database, and long enough to be looked at as one ........................................................");
        var ran = await OpinionProcess.RunAsync("doctor", "--data", _files.Data);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("desk.db", ran.Error, StringComparison.Ordinal);
    }
}
