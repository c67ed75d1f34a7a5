using System.Text;
using Opinion.Desk.Backups;
using Opinion.Desk.Letters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Backups;

public abstract class BackupTests(TestEngine engine) : BackupSuite(engine)
{
    [Fact]
    public async Task A_restored_office_has_the_same_rows_in_every_table_and_goes_on()
    {
        await Town.AssignAsync(Town.Letter() with { Arrived = Town.Clock.Now.AddDays(-70) });
        var filed = await Town.AnswerAsync(Town.Letter() with { Contact = Someone, Publish = true });
        await Town.FileAsync();
        Directory.CreateDirectory(Path.Combine(Town.Desk.DataFolder, "attachments", "a"));
        await File.WriteAllTextAsync(Path.Combine(Town.Desk.DataFolder, "attachments", "a", "sealed"), "sealed bytes");
        var backup = await BackUpAsync();
        var first = BackupManifest.Read(backup);
        Assert.Equal((Town.Store.Engine, Migrator.Newest), (first.Engine, first.Store.Schema));
        Assert.Equal(3, first.Store.Tables.Single(table => table.Name == "letters").Rows);
        Assert.InRange(first.Store.Tables.Count, 25, 200);
        Assert.Equal(first.Taken.AddDays(BackUpOffice.Days), first.Expires);

        var restored = await RestoreAsync(backup, Fresh("office"));
        Assert.Equal(0, restored.Erased);
        await using var again = await OpenAgainAsync(Fresh("office"));
        // Another backup of it is the same, row by row.
        var second = await again.Get<BackUpOffice>().HandleAsync(Fresh("second"), new Silence(), None);
        Assert.Equal(first.Store.Tables, second.Store.Tables);
        Assert.Equal(first.Store.Sequences, second.Store.Sequences);
        Assert.Equal(first.Store.Months, second.Store.Months);
        Assert.Equal("sealed bytes", await File.ReadAllTextAsync(Path.Combine(Fresh("office"), "attachments", "a", "sealed")));
        Assert.Empty((await again.Get<Doctor>().ExamineAsync(all: true, None)).Findings);
        Assert.Equal(["office"], Directory.GetDirectories(Fresh(".")).Select(Path.GetFileName).Where(name => name!.StartsWith("office", StringComparison.Ordinal)));

        Assert.Equal(filed.Id, await again.Get<FollowLetter>().FindAsync(filed.Receipt.Code.Text, None));
        Assert.Equal(1, await again.CarryOnAsync());
        await again.AnswerAsync(new IncomingLetter(Channel.Form, "after", again.Clock.Now, "", Town.Streetlight));
        Assert.Equal(4, await again.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task A_backup_taken_while_letters_come_in_is_of_one_moment()
    {
        for (var i = 0; i < 20; i++) await Town.FileAsync(Town.Letter() with { Contact = Someone });
        using var over = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var count = 0;
            for (; !over.IsCancellationRequested; count++) await Town.FileAsync(Town.Letter() with { Contact = Someone });
            return count;
        });
        var backup = await BackUpAsync();
        await over.CancelAsync();
        Assert.True(await writing > 0);
        var tables = BackupManifest.Read(backup).Store.Tables.ToDictionary(table => table.Name, table => table.Rows);
        Assert.InRange(tables["letters"], 20, await Town.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal((tables["letters"], tables["letters"], tables["letters"]), (tables["sealed_texts"], tables["sealed_contacts"], tables["channel_keys"]));
        await RestoreAsync(backup, Fresh("office"));
        await using var again = await OpenAgainAsync(Fresh("office"));
        Assert.Equal(tables["letters"], await again.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task No_key_no_contact_and_no_row_set_aside_is_in_a_backup()
    {
        await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        Directory.CreateDirectory(Path.Combine(Town.Desk.DataFolder, "imports"));
        await File.WriteAllTextAsync(Path.Combine(Town.Desk.DataFolder, "imports", "1-week.csv.rejected.csv"), "row 7Q9XSETASIDE");
        Directory.CreateDirectory(Path.Combine(Town.Desk.DataFolder, "keys", "web"));
        await File.WriteAllTextAsync(Path.Combine(Town.Desk.DataFolder, "keys", "web", "key.xml"), "7Q9XWEBKEY");
        var backup = await BackUpAsync();
        var keys = OfficeKeys.Load(Town.Desk.DataFolder);
        Assert.Equal(["imports", "keys"], BackupManifest.Read(backup).LeftOut);
        var files = FilesOf(backup);
        Assert.Contains(files, file => StoreBytes.Hold(file, Encoding.UTF8.GetBytes(Town.Streetlight)));
        string[] canaries = ["7Q9XSETASIDE", "7Q9XWEBKEY", Someone.Name!, Someone.Phone!, Someone.Email!, Convert.ToBase64String(keys.Current.Key), Convert.ToHexStringLower(keys.Current.Key), Convert.ToBase64String(keys.Receipts)];
        foreach (var canary in canaries) Assert.DoesNotContain(files, file => StoreBytes.Hold(file, Encoding.UTF8.GetBytes(canary)));
        Assert.DoesNotContain(files, file => StoreBytes.Hold(file, keys.Current.Key));
    }

    [Fact]
    public async Task A_changed_cut_or_missing_file_is_named_and_nothing_is_restored()
    {
        await Town.AssignAsync();
        var backup = await BackUpAsync();
        var files = FilesOf(backup).Where(file => new FileInfo(file).Length > 0 && Path.GetFileName(file) != BackupManifest.FileName).ToList();
        Assert.InRange(files.Count, 2, 200);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(file, bytes);
            await RefusedAsync(Path.GetFileName(file));
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(file, bytes[..^1]);
            await RefusedAsync(Path.GetFileName(file));
            await File.WriteAllBytesAsync(file, bytes);
        }

        var moved = files[0] + ".moved";
        File.Move(files[0], moved);
        await RefusedAsync(Path.GetFileName(files[0]));
        File.Move(moved, files[0]);

        // A table that is not what the manifest says is noticed after it was put back, and taken out again.
        var manifest = Path.Combine(backup, BackupManifest.FileName);
        var text = await File.ReadAllTextAsync(manifest);
        var letters = BackupManifest.Read(backup).Store.Tables.Single(table => table.Name == "matters");
        await File.WriteAllTextAsync(manifest, text.Replace(letters.Sha256, new string('0', 64), StringComparison.Ordinal));
        await RefusedAsync("matters");
        await File.WriteAllTextAsync(manifest, text[..^20]);
        await RefusedAsync(BackupManifest.FileName);
        await File.WriteAllTextAsync(manifest, text);
        await RestoreAsync(backup, Fresh("office"));
    }

    [Fact]
    public async Task A_backup_is_never_written_over_another_nor_restored_over_an_office_nor_past_its_end()
    {
        await Town.AssignAsync();
        var backup = await BackUpAsync();
        var before = FilesOf(backup).Length;
        await Assert.ThrowsAsync<StoreException>(() => BackUpAsync());
        Assert.Equal(before, FilesOf(backup).Length);
        await Assert.ThrowsAsync<StoreException>(() => Town.Get<BackUpOffice>().HandleAsync(Path.Combine(Town.Desk.DataFolder, "backup"), new Silence(), None));

        await RestoreAsync(backup, Fresh("office"));
        var full = await Assert.ThrowsAsync<StoreException>(() => new RestoreOffice(Town.Clock).HandleAsync(backup, Fresh("office"), Engine.StoreOf(Fresh("office")), [], false, new Silence(), None));
        Assert.Contains(Engine == TestEngine.Sqlite ? "desk.db" : "is not empty", full.Message, StringComparison.Ordinal);

        Town.Clock.Advance(TimeSpan.FromDays(BackUpOffice.Days));
        var old = await Assert.ThrowsAsync<StoreException>(async () => await new RestoreOffice(Town.Clock).HandleAsync(backup, Fresh("late"), await Engine.EmptyStoreAsync(Fresh("late")), [], false, new Silence(), None));
        Assert.Contains("--expired", old.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Fresh("late")));
        var next = await Town.Get<BackUpOffice>().HandleAsync(Fresh("next"), new Silence(), None);
        Assert.Equal([backup], Town.Get<BackUpOffice>().Expired(Fresh("next"), next));
    }

    private async Task RefusedAsync(string named)
    {
        var error = await Assert.ThrowsAsync<StoreException>(() => RestoreAsync(Fresh("backup"), Fresh("refused")));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(["keys"], Directory.GetFileSystemEntries(Fresh("refused")).Select(Path.GetFileName));
    }
}
