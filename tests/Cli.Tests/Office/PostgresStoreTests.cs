using Npgsql;
using Opinion.Desk.Tests.Fixture;
using Xunit;

namespace Opinion.Cli.Tests.Office;

/// <summary>The commands on a real PostgreSQL, each in a process of its own.</summary>
public sealed class PostgresStoreTests : IDisposable
{
    private readonly HotlineFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_sheet_is_taken_into_the_database_once_and_the_doctor_finds_it_there()
    {
        string connection = await (await PostgresCluster.Running).CreateDatabaseAsync();
        var settings = new NpgsqlConnectionStringBuilder(connection);
        string address = $"postgres://{settings.Username}@{settings.Host}:{settings.Port}/{settings.Database}";
        string[] import = ["import", _files.Calls(30), "--channel", "hotline", "--map", _files.Map, "--store", connection, "--data", _files.Data];
        var first = await OpinionProcess.RunAsync(import);
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains("added 30, repeated 0", first.Out, StringComparison.Ordinal);
        Assert.Contains("added 0, repeated 30", (await OpinionProcess.RunAsync(import)).Out, StringComparison.Ordinal);
        var doctor = await OpinionProcess.RunAsync("doctor", "--store", address, "--data", _files.Data);
        Assert.Equal(0, doctor.ExitCode);
        Assert.Contains("engine postgres", doctor.Out, StringComparison.Ordinal);
        Assert.Contains("letters 30, matters 30", doctor.Out, StringComparison.Ordinal);
        // The keys lie outside the database, and nothing of the store lies in the folder.
        Assert.True(File.Exists(Path.Combine(_files.Data, "keys", "office-keys.json")));
        Assert.False(File.Exists(Path.Combine(_files.Data, "desk.db")));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Host=127.0.0.1")]
    [InlineData("Host=127.0.0.1;Database=d;Password=canary-password;Wrong=1")]
    [InlineData("postgres://")]
    public async Task A_store_that_is_no_connection_ends_with_2_and_repeats_no_password(string store)
    {
        var ran = await OpinionProcess.RunAsync("doctor", "--store", store, "--data", _files.Data);
        Assert.Equal(2, ran.ExitCode);
        Assert.Contains("--store", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-password", ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_files.Data));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_ends_with_1_and_says_where_it_was_sought()
    {
        var ran = await OpinionProcess.RunAsync("doctor", "--store", "Host=127.0.0.1;Port=1;Database=d;Username=u;Password=canary-password", "--data", _files.Data);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("postgres://127.0.0.1:1/d", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-password", ran.Error, StringComparison.Ordinal);
    }
}
