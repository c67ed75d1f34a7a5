using Opinion.Desk.Tests.Fixture;
using Xunit;

namespace Opinion.Cli.Tests.Office;

/// <summary>Backup, restore and rotation as an operator runs them, on both engines.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly HotlineFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_office_is_backed_up_and_restored_with_the_journal_the_command_asks_for(bool postgres)
    {
        string[] office = [.. await StoreAsync(postgres), "--data", _files.Data];
        Assert.Equal(0, (await OpinionProcess.RunAsync(["import", _files.Calls(30), "--channel", "hotline", "--map", _files.Map, .. office])).ExitCode);
        var backup = Path.Combine(_files.Folder, "backup");
        var ran = await OpinionProcess.RunAsync(["backup", backup, .. office]);
        Assert.True(ran.ExitCode == 0, ran.Error);
        Assert.Contains("keep until", ran.Out, StringComparison.Ordinal);
        Assert.Contains("the keys are in no backup", ran.Error, StringComparison.Ordinal);
        Assert.Contains("counting and hashing tables", ran.Error + (postgres ? "counting and hashing tables" : ""), StringComparison.Ordinal);
        Assert.Equal(2, (await OpinionProcess.RunAsync(["backup", backup, .. office])).ExitCode);

        var fresh = Path.Combine(_files.Folder, "fresh");
        string[] place = [.. await StoreAsync(postgres), "--data", fresh];
        var asked = await OpinionProcess.RunAsync(["restore", backup, .. place]);
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("--without-erasures", asked.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fresh));
        var restored = await OpinionProcess.RunAsync(["restore", backup, "--without-erasures", .. place]);
        Assert.True(restored.ExitCode == 0, restored.Error);
        Assert.Contains("counts and hashes are equal", restored.Out, StringComparison.Ordinal);
        Assert.Contains("is there again", restored.Error, StringComparison.Ordinal);

        var closed = await OpinionProcess.RunAsync(["doctor", .. place]);
        Assert.Equal(1, closed.ExitCode);
        Assert.Contains("office-keys.json is missing", closed.Error, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(fresh, "keys"));
        File.Copy(Path.Combine(_files.Data, "keys", "office-keys.json"), Path.Combine(fresh, "keys", "office-keys.json"));
        var rotated = await OpinionProcess.RunAsync(["keys", "rotate", "--rewrap", .. place]);
        Assert.True(rotated.ExitCode == 0, rotated.Error);
        Assert.Contains("sealing key k2", rotated.Out, StringComparison.Ordinal);
        var doctor = await OpinionProcess.RunAsync(["doctor", "--all", .. place]);
        Assert.True(doctor.ExitCode == 0, doctor.Out + doctor.Error);
        Assert.Contains("letters 30, matters 30", doctor.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_backup_ends_with_1_or_2_and_leaves_nothing()
    {
        Assert.Equal(2, (await OpinionProcess.RunAsync("restore", Path.Combine(_files.Folder, "nothing"), "--data", _files.Data)).ExitCode);
        Directory.CreateDirectory(Path.Combine(_files.Folder, "empty"));
        var ran = await OpinionProcess.RunAsync("restore", Path.Combine(_files.Folder, "empty"), "--data", _files.Data);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("manifest.json", ran.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await OpinionProcess.RunAsync("backup", Path.Combine(_files.Folder, "b"), "--data", _files.Data)).ExitCode);
        Assert.False(Directory.Exists(_files.Data));
    }

    private static async Task<string[]> StoreAsync(bool postgres) => postgres ? ["--store", await (await PostgresCluster.Running).CreateDatabaseAsync()] : [];
}
