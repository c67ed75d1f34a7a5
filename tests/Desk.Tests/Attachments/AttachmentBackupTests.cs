using Opinion.Desk.Attachments;
using Opinion.Desk.Backups;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Backups;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Attachments;

/// <summary>Backups carry attachments, and restoring forgets again those that were erased since.</summary>
public abstract class AttachmentBackupTests(TestEngine engine) : BackupSuite(engine)
{
    [Fact]
    public async Task A_restored_office_has_its_attachments_but_those_erased_since()
    {
        var (kept, gone) = (await Town.AssignAsync(With(SampleFiles.Png())), await Town.AssignAsync(With(SampleFiles.Jpeg())));
        var backup = await BackUpAsync();
        Assert.Equal(2, BackupManifest.Read(backup).Files.Count(file => file.Path.StartsWith("files/attachments/", StringComparison.Ordinal)));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(gone.Id, None));
        Assert.Single(FilesOf(Path.Combine(Town.Desk.DataFolder, "attachments")));
        var folder = Fresh("restored");
        Assert.Equal(1, (await RestoreAsync(backup, folder, Journal)).Erased);
        Assert.Single(FilesOf(Path.Combine(folder, "attachments")));
        await using var again = await OpenAgainAsync(folder);
        Assert.Empty((await again.Get<Doctor>().ExamineAsync(all: true, None)).Findings);
        var (opened, refusal) = await again.Get<OpenAttachment>().HandleAsync(await again.StaffAsync("urban-1"), kept.Number, 1, "核对照片", None);
        Assert.Null(refusal);
        var to = new MemoryStream();
        await opened!.Content.CopyToAsync(to);
        await opened.Content.DisposeAsync();
        Assert.Equal(CleanFile.Clean(AttachmentType.Png, SampleFiles.Png()), to.ToArray());
    }

    [Fact]
    public async Task A_changed_attachment_in_a_backup_is_noticed_before_anything_is_restored()
    {
        await Town.AssignAsync(With(SampleFiles.Png()));
        var backup = await BackUpAsync();
        var file = FilesOf(Path.Combine(backup, "files", "attachments")).Single();
        var bytes = File.ReadAllBytes(file);
        bytes[9] ^= 1;
        File.WriteAllBytes(file, bytes);
        var error = await Assert.ThrowsAsync<StoreException>(() => RestoreAsync(backup, Fresh("restored")));
        Assert.Contains("its hash is not the manifest's", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Moving_to_another_folder_carries_what_is_not_there_yet()
    {
        await Town.FileAsync(With(SampleFiles.Png(), SampleFiles.Gif()));
        var there = new AttachmentFiles(Fresh("moved"), Town.Clock);
        Assert.Equal(2, await there.CarryFromAsync(Town.Desk.DataFolder, null, None));
        Assert.Equal(0, await there.CarryFromAsync(Town.Desk.DataFolder, null, None));
        foreach (var file in FilesOf(Path.Combine(Town.Desk.DataFolder, "attachments"))) Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(there.Folder, Path.GetFileName(file))));
        Assert.Equal(2, FilesOf(there.Folder).Length);
    }

    private IncomingLetter With(params byte[][] files) => Town.Letter() with { Attachments = [.. files.Select(file => new IncomingAttachment(null, file))] };
}
