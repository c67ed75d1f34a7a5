using System.Text.Json.Nodes;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Sealing;

public sealed class OfficeKeysTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_key_file_is_readable_by_its_user_only_and_leaves_no_copy()
    {
        OfficeKeys.Create(_folder);
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The desk's tests run on Linux.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(OfficeKeys.PathIn(_folder)));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "keys")));
    }

    [Fact]
    public void Loaded_keys_are_the_created_ones()
    {
        var created = OfficeKeys.Create(_folder);
        var loaded = OfficeKeys.Load(_folder);
        Assert.True(created.Receipts.SequenceEqual(loaded.Receipts));
        Assert.True(created.ChannelKeys.SequenceEqual(loaded.ChannelKeys));
        Assert.Equal(created.Current.Key, loaded.Current.Key);
        Assert.False(created.Receipts.SequenceEqual(created.ChannelKeys));
    }

    [Fact]
    public void A_key_file_is_never_written_over()
    {
        OfficeKeys.Create(_folder);
        var before = File.ReadAllBytes(OfficeKeys.PathIn(_folder));
        Assert.Throws<StoreException>(() => OfficeKeys.Create(_folder));
        Assert.Equal(before, File.ReadAllBytes(OfficeKeys.PathIn(_folder)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"receipts":"AA==","channelKeys":"AA==","sealing":[]}""")]
    [InlineData("""{"receipts":"!","channelKeys":"!","sealing":[]}""")]
    [InlineData("""{"receipts":null,"channelKeys":null,"sealing":null}""")]
    [InlineData("""{"receipts":"AA==","channelKeys":"AA==","sealing":[null]}""")]
    public void A_damaged_key_file_is_named_in_a_clear_error(string content)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keys"));
        File.WriteAllText(OfficeKeys.PathIn(_folder), content);
        var error = Assert.Throws<StoreException>(() => OfficeKeys.Load(_folder));
        Assert.Contains(OfficeKeys.FileName, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("receipts")]
    [InlineData("channelKeys")]
    public void A_key_of_another_length_is_refused(string name)
    {
        OfficeKeys.Create(_folder);
        var file = JsonNode.Parse(File.ReadAllText(OfficeKeys.PathIn(_folder)))!;
        file[name] = Convert.ToBase64String(new byte[31]);
        File.WriteAllText(OfficeKeys.PathIn(_folder), file.ToJsonString());
        Assert.Throws<StoreException>(() => OfficeKeys.Load(_folder));
    }

    [Fact]
    public async Task An_office_with_letters_does_not_open_without_its_key_file()
    {
        var town = await Town.OpenAsync(TestEngine.Sqlite);
        await town.FileAsync();
        var folder = await town.StopAsync();
        var path = OfficeKeys.PathIn(folder);
        var kept = File.ReadAllBytes(path);
        File.Delete(path);
        var error = await Assert.ThrowsAsync<StoreException>(() => Town.OpenAsync(TestEngine.Sqlite, folder: folder));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path), "no new key may hide that the old one is gone");

        File.WriteAllBytes(path, kept);
        await using var again = await Town.OpenAsync(TestEngine.Sqlite, folder: folder);
        Assert.Equal(1, await again.CarryOnAsync());
    }
}
