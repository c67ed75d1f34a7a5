using Opinion.Desk.Attachments;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Retention;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Attachments;

/// <summary>Files that come with letters: sealed outside the store, opened on record, gone with the letter.</summary>
public abstract class AttachmentTests(TestEngine engine) : DeskSuite(engine)
{
    private string Folder => Path.Combine(Town.Desk.DataFolder, AttachmentFiles.FolderName);

    private string[] Files => Directory.Exists(Folder) ? Directory.GetFiles(Folder) : [];

    [Fact]
    public async Task Files_lie_sealed_under_random_names_and_open_clean_for_the_officer_on_record()
    {
        var filed = await Town.AssignAsync(With(SampleFiles.Jpeg(), SampleFiles.Mp3()));
        Assert.Equal(2, Files.Length);
        Assert.All(Files, file =>
        {
            Assert.Matches("^[0-9a-f]{32}$", Path.GetFileName(file));
            var bytes = File.ReadAllBytes(file);
            Assert.True(SampleFiles.IndexOf(bytes, "CANARY") < 0 && bytes.AsSpan().IndexOf(SampleFiles.Scan) < 0);
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        });
        Assert.Equal(2, (await Town.FollowAsync(filed)).Attachments);
        var officer = await Town.StaffAsync("urban-1");
        var (view, _) = await Town.Get<ViewMatter>().HandleAsync(officer, filed.Number, None);
        Assert.Equal([(1, AttachmentType.Jpeg), (2, AttachmentType.Mp3)], view!.Attachments.Select(attachment => (attachment.Number, attachment.Type)));
        var (opened, refusal) = await OpenAsync(filed, 1);
        Assert.Null(refusal);
        Assert.Equal($"{filed.Number}-1.jpg", opened!.Name);
        Assert.Equal(CleanFile.Clean(AttachmentType.Jpeg, SampleFiles.Jpeg()), await ReadAsync(opened));
        var line = (await Town.Get<AuditLog>().NewestAsync(1, None))[0];
        Assert.Equal((AuditLog.OriginalOpened, filed.Number, "核对照片"), (line.Action, line.Target, line.Reason));
        Assert.Equal(HistoryKind.OriginalOpened, (await Town.HistoryAsync(filed))[^1]);
        Assert.Empty((await Town.Get<Doctor>().ExamineAsync(all: true, None)).Findings);
    }

    [Fact]
    public async Task Nobody_else_opens_one_and_a_refusal_leaves_no_record()
    {
        var filed = await Town.AssignAsync(With(SampleFiles.Png()));
        Assert.Equal(Refusal.OtherDepartment, (await OpenAsync(filed, 1, "water-1")).Refusal);
        foreach (var login in new[] { "admin-1", "analyst-1", "editor-1" }) Assert.NotNull((await OpenAsync(filed, 1, login)).Refusal);
        Assert.Equal(Refusal.Empty, (await OpenAsync(filed, 1, reason: " ")).Refusal);
        Assert.Equal(Refusal.NotFound, (await OpenAsync(filed, 2)).Refusal);
        Assert.Equal(Refusal.NotFound, (await OpenAsync(filed, -1)).Refusal);
        Assert.DoesNotContain(await Town.Get<AuditLog>().NewestAsync(50, None), line => line.Action == AuditLog.OriginalOpened);
        await Town.RefuseAuditAsync();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => OpenAsync(filed, 1));
    }

    [Fact]
    public async Task A_letter_that_comes_again_keeps_the_files_it_has_and_the_same_picture_twice_is_two_files()
    {
        var letter = With(SampleFiles.Png());
        await Town.FileAsync(letter);
        var first = Files.Single();
        Assert.True((await Town.Get<ReceiveLetter>().HandleAsync(letter, None)).Repeated);
        Assert.True((await Town.Get<ReceiveLetter>().HandleAsync([letter, letter], None)).All(receipt => receipt.Repeated));
        Assert.Equal([first], Files);
        await Town.FileAsync(With(SampleFiles.Png()));
        Assert.Equal(2, Files.Length);
        Assert.NotEqual(File.ReadAllBytes(Files[0]), File.ReadAllBytes(Files[1]));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM (SELECT name FROM sealed_attachments GROUP BY name HAVING COUNT(*) > 1) twice"));
    }

    [Fact]
    public async Task The_same_letter_at_once_many_times_is_one_letter_with_one_file()
    {
        var letter = With(SampleFiles.Jpeg());
        var receipts = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Town.Get<ReceiveLetter>().HandleAsync(letter, None)));
        Assert.Single(receipts, receipt => !receipt.Repeated);
        Assert.Single(Files);
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Empty((await Town.Get<Doctor>().ExamineAsync(all: true, None)).Findings);
    }

    [Fact]
    public async Task What_cannot_be_taken_stores_nothing()
    {
        var error = await Assert.ThrowsAsync<AttachmentRefusedException>(() => Town.Get<ReceiveLetter>().HandleAsync(With(SampleFiles.Png(), SampleFiles.Png()[..^3]), None));
        Assert.Equal(new AttachmentProblem(2, AttachmentFault.Broken), error.Problem);
        await Assert.ThrowsAsync<AttachmentRefusedException>(() => Town.Get<ReceiveLetter>().HandleAsync([Town.Letter(), With("words"u8.ToArray())], None));
        Assert.Empty(Files);
        // No folder can be made where a file is.
        File.WriteAllText(Folder, "");
        await Assert.ThrowsAsync<StoreException>(() => Town.Get<ReceiveLetter>().HandleAsync(With(SampleFiles.Png()), None));
        File.Delete(Folder);
        Assert.Equal(0, await Town.CountAsync("SELECT (SELECT COUNT(*) FROM letters) + (SELECT COUNT(*) FROM channel_keys) + (SELECT COUNT(*) FROM sealed_attachments)"));
    }

    [Fact]
    public async Task A_changed_cut_swapped_or_missing_file_does_not_open_and_the_doctor_counts_it()
    {
        var big = SampleFiles.Wav(200_000);
        var filed = await Town.AssignAsync(With(big, big));
        var (one, two) = (Path.Combine(Folder, (await Town.TextAsync("SELECT name FROM sealed_attachments WHERE number = 1"))!), Path.Combine(Folder, (await Town.TextAsync("SELECT name FROM sealed_attachments WHERE number = 2"))!));
        var (first, second) = (File.ReadAllBytes(one), File.ReadAllBytes(two));
        var part = (64 << 10) + 16;
        foreach (var broken in new byte[][] { [.. first[..^1], (byte)(first[^1] ^ 1)], first[..^20], first[..(5 + part)], [.. first[..5], .. first[(5 + part)..(5 + (2 * part))], .. first[5..(5 + part)], .. first[(5 + (2 * part))..]], second, [], [.. first, 0] })
        {
            File.WriteAllBytes(one, broken);
            Assert.Equal(Refusal.SealBroken, (await OpenAsync(filed, 1)).Refusal);
            Assert.Contains("1 attachments do not open although their key is here: their files were changed.", (await Town.Get<Doctor>().ExamineAsync(all: true, None)).Findings);
        }

        File.Delete(one);
        Assert.Equal(Refusal.NotFound, (await OpenAsync(filed, 1)).Refusal);
        Assert.Contains((await Town.Get<Doctor>().ExamineAsync(None)).Findings, finding => finding.StartsWith("1 attachments have no file", StringComparison.Ordinal));
        Assert.Equal(big, await ReadAsync((await OpenAsync(filed, 2)).Attachment!));
    }

    [Fact]
    public async Task Withdrawing_erasing_the_contact_and_the_end_of_keeping_take_the_files_with_them()
    {
        var withdrawn = await Town.AssignAsync(With(SampleFiles.Jpeg()));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(withdrawn.Id, None));
        Assert.Empty(Files);
        var waiting = await Town.FileAsync(With(SampleFiles.Jpeg()));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(waiting.Id, None));
        Assert.Empty(Files);
        var erased = await Town.AssignAsync(With(SampleFiles.Jpeg()) with { Contact = Someone });
        Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(erased.Id, None));
        Assert.Empty(Files);
        await Town.AnswerAsync(With(SampleFiles.Jpeg()));
        Assert.Single(Files);
        Town.Clock.Advance(TimeSpan.FromDays(5 * 365));
        // The answered one, and the withdrawn and the erased ones that were matters.
        Assert.InRange(await Town.Get<EndTexts>().HandleAsync(None), 1, 3);
        Assert.Empty(Files);
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM sealed_attachments"));
    }

    [Fact]
    public async Task What_is_erased_only_in_a_transaction_that_fails_stays()
    {
        var filed = await Town.AssignAsync(With(SampleFiles.Jpeg()));
        await Town.RefuseHistoryAsync();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.Single(Files);
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM sealed_attachments"));
    }

    [Fact]
    public async Task Files_a_crash_left_behind_are_removed_after_an_hour_and_no_others()
    {
        await Town.FileAsync(With(SampleFiles.Jpeg()));
        var kept = Files.Single();
        var (orphan, unfinished, foreign) = (Path.Combine(Folder, new string('a', 32)), Path.Combine(Folder, new string('b', 32) + ".part"), Path.Combine(Folder, "README"));
        foreach (var path in new[] { orphan, unfinished, foreign })
        {
            File.WriteAllText(path, "left behind");
            File.SetLastWriteTimeUtc(path, Town.Clock.Now.UtcDateTime);
        }

        Assert.Equal(0, await Town.Get<SweepAttachments>().HandleAsync(None));
        Town.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Contains((await Town.Get<Doctor>().ExamineAsync(None)).Findings, finding => finding.StartsWith("2 files in ", StringComparison.Ordinal));
        Assert.Equal(2, await Town.Get<SweepAttachments>().HandleAsync(None));
        Assert.Equal(new[] { foreign, kept }.Order(StringComparer.Ordinal), Files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task After_rotation_and_rewrapping_attachments_open_by_the_new_key()
    {
        var filed = await Town.AssignAsync(With(SampleFiles.Png()));
        OfficeKeys.Rotate(Town.Desk.DataFolder);
        Assert.Equal(2, await Town.Get<RewrapSeals>().HandleAsync(new Progress<StepProgress>(), None));
        Assert.Equal("k2", await Town.TextAsync("SELECT key_id FROM sealed_attachments"));
        Assert.Equal(CleanFile.Clean(AttachmentType.Png, SampleFiles.Png()), await ReadAsync((await OpenAsync(filed, 1)).Attachment!));
    }

    private IncomingLetter With(params byte[][] files) => Town.Letter() with { Attachments = [.. files.Select(file => new IncomingAttachment("IMG_0001 张三.jpg", file))] };

    private async Task<(OpenedAttachment? Attachment, Refusal? Refusal)> OpenAsync(Filed filed, int which, string login = "urban-1", string reason = "核对照片") =>
        await Town.Get<OpenAttachment>().HandleAsync(await Town.StaffAsync(login), filed.Number, which, reason, None);

    private static async Task<byte[]> ReadAsync(OpenedAttachment opened)
    {
        await using var content = opened.Content;
        var to = new MemoryStream();
        await content.CopyToAsync(to);
        Assert.Equal(opened.Bytes, to.Length);
        return to.ToArray();
    }
}
