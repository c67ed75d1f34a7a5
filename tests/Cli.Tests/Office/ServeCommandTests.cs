using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace Opinion.Cli.Tests.Office;

public sealed class ServeCommandTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("opinion-serve-").FullName;

    [Fact]
    public async Task A_set_up_that_was_killed_leaves_no_half_of_a_town()
    {
        var log = new FileInfo(Path.Combine(_data, ".setting-up", "desk.db-wal"));
        bool Halfway()
        {
            log.Refresh();
            return log.Exists && log.Length > 500_000;
        }

        Assert.True(await OpinionProcess.RunAndKillAsync(Halfway, Serve(SampleTown)));
        Assert.False(File.Exists(Path.Combine(_data, "desk.db")));

        Assert.True(await OpinionProcess.RunAndKillAsync(() => File.Exists(Path.Combine(_data, "desk.db")), Serve(SampleTown)));
        var doctor = await OpinionProcess.RunAsync("doctor", "--data", _data, "--format", "json");
        using var report = JsonDocument.Parse(doctor.Out);
        Assert.True(report.RootElement.GetProperty("letters").GetInt32() >= 200, doctor.Out);
        Assert.Equal(0, report.RootElement.GetProperty("waiting").GetInt32());
        Assert.Equal(0, report.RootElement.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task A_town_with_a_file_that_cannot_be_used_puts_nothing_into_the_data_folder()
    {
        var town = Directory.CreateDirectory(Path.Combine(_data, "town")).FullName;
        foreach (var file in Directory.EnumerateFiles(SampleTown)) File.Copy(file, Path.Combine(town, Path.GetFileName(file)));
        await File.AppendAllTextAsync(Path.Combine(town, "casework.csv"), "L001,170,sing,,\n");
        var office = Path.Combine(_data, "office");
        var ran = await OpinionProcess.RunAsync("serve", "--data", office, "--port", "0", "--samples", town);
        Assert.Equal(2, ran.ExitCode);
        Assert.Contains("the action sing is not known", ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(office, "desk.db")));
    }

    [Fact]
    public async Task A_missing_town_and_a_taken_port_are_told_in_words()
    {
        var missing = await OpinionProcess.RunAsync(Serve(Path.Combine(_data, "nowhere")));
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("There is no sample town", missing.Error, StringComparison.Ordinal);

        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var taken = await OpinionProcess.RunAsync("serve", "--data", _data, "--port", port);
        Assert.Equal(2, taken.ExitCode);
        Assert.Contains($"Port {port} of 127.0.0.1 is taken", taken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_english_texts_come_with_the_command() =>
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "en", "Opinion.Dashboard.resources.dll")));

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static string SampleTown
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Opinion.sln"))) folder = folder.Parent;
            return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("Opinion.sln is not above the tests."), "samples", "town");
        }
    }

    private string[] Serve(string samples) => ["serve", "--data", _data, "--port", "0", "--samples", samples];
}
