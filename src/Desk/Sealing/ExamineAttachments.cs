using System.Globalization;
using Opinion.Desk.Attachments;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>For the doctor: whether every attachment has its file, every file its attachment, and whether they open. Nothing opened is kept or shown.</summary>
public sealed class ExamineAttachments(DeskStore store, SealedAttachments attachments, AttachmentFiles files, OfficeKeys keys, TimeProvider clock)
{
    private const int Page = 200;

    /// <summary>Looks for every file; opens the first few hundred, or all.</summary>
    /// <returns>What is wrong, in words.</returns>
    internal async Task<IReadOnlyList<string>> HandleAsync(bool all, CancellationToken cancel)
    {
        var findings = new List<string>();
        await using var session = await store.ReadAsync(cancel);
        var (missing, broken, opened) = (0, 0, 0);
        var after = "";
        for (List<SealedAttachment> page; (page = await SealedAttachments.PageAsync(session, after, Page, cancel)).Count > 0; after = page[^1].Name)
        {
            foreach (var row in page)
            {
                try
                {
                    if (!files.Exists(row.Name)) missing += await IsNamedAsync(session, row.Name, cancel) ? 1 : 0;
                    else if (keys.Find(row.KeyId) is not null && (all || opened++ < Page)) await attachments.OpensAsync(row, cancel);
                }
                catch (SealBrokenException)
                {
                    broken++;
                }
            }
        }

        if (missing > 0) findings.Add(string.Create(CultureInfo.InvariantCulture, $"{missing} attachments have no file in {files.Folder}."));
        if (broken > 0) findings.Add(string.Create(CultureInfo.InvariantCulture, $"{broken} attachments do not open although their key is here: their files were changed."));
        if ((await SweepAttachments.LeftBehindAsync(files, store, clock.GetUtcNow() - SweepAttachments.Age, cancel)).Count is > 0 and var left)
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{left} files in {files.Folder} belong to no letter; the hourly job removes them."));
        return findings;
    }

    // Erased since its page was read, its file is rightly gone.
    private static async Task<bool> IsNamedAsync(StoreSession session, string name, CancellationToken cancel) =>
        await session.CountAsync("SELECT COUNT(*) FROM sealed_attachments WHERE name = @name", cancel, ("name", name)) > 0;
}
