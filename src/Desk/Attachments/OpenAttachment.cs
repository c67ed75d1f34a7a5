using Opinion.Desk.Accounts;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Attachments;

/// <summary>An attachment, opened. Disposing ends the reading.</summary>
/// <param name="Name">The name it is served under, made of the letter's number and its own.</param>
/// <param name="Type">Its type.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Content">Its bytes, unsealed as they are read.</param>
public sealed record OpenedAttachment(string Name, AttachmentType Type, long Bytes, Stream Content);

/// <summary>
/// Opens one attachment of an open letter for the officer who answers it, on the same terms as the original text: with a
/// reason, on record before anything is read, and seen by the writer.
/// </summary>
public sealed class OpenAttachment(DeskStore store, OpenOriginal original, SealedAttachments attachments)
{
    /// <summary>Opens it.</summary>
    /// <param name="officer">The officer of the responsible department.</param>
    /// <param name="number">The letter's number.</param>
    /// <param name="which">Which of its attachments, counted from 1.</param>
    /// <param name="reason">Why it must be opened; goes to the audit log.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<(OpenedAttachment? Attachment, Refusal? Refusal)> HandleAsync(StaffMember officer, string number, int which, string? reason, CancellationToken cancel)
    {
        var (letterId, refusal) = await original.PutOnRecordAsync(officer, number, reason, session => SealedAttachments.HasAsync(session, number, which, cancel), which.ToString(System.Globalization.CultureInfo.InvariantCulture), cancel);
        if (letterId is null) return (null, refusal);
        try
        {
            await using var session = await store.ReadAsync(cancel);
            return await attachments.OpenAsync(session, letterId, number, which, cancel) is { } opened ? (opened, null) : (null, Refusal.NotFound);
        }
        catch (SealBrokenException)
        {
            return (null, Refusal.SealBroken);
        }
    }
}
