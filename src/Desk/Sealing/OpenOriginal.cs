using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>The words of one letter as written, and how its writer can be reached.</summary>
public sealed record Original(IReadOnlyList<OriginalText> Texts, Contact? Contact);

/// <summary>
/// Opens the original text and contact data of one open letter for the officer who answers it. The audit line is durable
/// before anything is read; if it cannot be written, nothing is read. The writer sees that it was opened.
/// </summary>
public sealed class OpenOriginal(DeskStore store, SealedLetters sealedLetters, LetterReader reader, AuditLog audit, TimeProvider clock)
{
    /// <summary>Opens the original.</summary>
    /// <param name="officer">The officer of the responsible department.</param>
    /// <param name="number">The letter's number.</param>
    /// <param name="reason">Why it must be opened; goes to the audit log.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<(Original? Original, Refusal? Refusal)> HandleAsync(StaffMember officer, string number, string? reason, CancellationToken cancel)
    {
        var (letterId, refusal) = await PutOnRecordAsync(officer, number, reason, null, null, cancel);
        if (letterId is null) return (null, refusal);
        try
        {
            await using var session = await store.ReadAsync(cancel);
            return (new Original(await sealedLetters.OpenTextsAsync(session, letterId, cancel), await sealedLetters.OpenContactAsync(session, letterId, cancel)), null);
        }
        catch (SealBrokenException)
        {
            return (null, Refusal.SealBroken);
        }
    }

    /// <summary>Writes down that an officer opens something of a letter that is sealed, where the officer may; durable when it returns.</summary>
    /// <param name="officer">The officer of the responsible department.</param>
    /// <param name="number">The letter's number.</param>
    /// <param name="reason">Why it must be opened; goes to the audit log.</param>
    /// <param name="isThere">Whether there is anything to open; null where that is sure.</param>
    /// <param name="detail">The number of the attachment that is opened; null for the text and contact data.</param>
    /// <param name="cancel">Cancels it.</param>
    internal async Task<(string? LetterId, Refusal? Refusal)> PutOnRecordAsync(StaffMember officer, string number, string? reason, Func<StoreSession, Task<bool>>? isThere, string? detail, CancellationToken cancel)
    {
        if (Refusals.ForText(reason, LetterText.TitleLimit) is { } wrong) return (null, wrong);
        // The reason is read by the writer and in the audit log, which holds no contact data.
        if (reader.RedactInside(reason!.Trim()) is not { } words) return (null, Refusal.CannotRedact);
        await using var session = await store.WriteAsync(cancel);
        var matter = await OpenMatters.FindAsync(session, number, cancel);
        if (matter is null) return (null, Refusal.NotFound);
        if (OpenMatters.MayOpen(officer, matter) is { } refusal) return (null, refusal);
        if (!matter.Open) return (null, Refusal.NotOpen);
        if (matter.HoldUntil > clock.GetUtcNow() && !await IsDangerAsync(session, matter, cancel)) return (null, Refusal.ContactOnHold);
        if (isThere is not null && !await isThere(session)) return (null, Refusal.NotFound);
        await audit.WriteAsync(session, officer.Id, AuditLog.OriginalOpened, matter.Number, officer.Department, words, cancel);
        await MatterHistory.AppendAsync(session, matter.LetterId, clock.GetUtcNow(), new HistoryEntry(HistoryKind.OriginalOpened, officer.Id, Visible: true, officer.Department, detail, words), cancel);
        await session.CommitAsync(cancel);
        return (matter.LetterId, null);
    }

    // Urgent danger exists to send help first: then the writer may have to be called at once. Danger that the receiving
    // department itself declared after the transfer does not count, or the waiting time could be talked away.
    private static async Task<bool> IsDangerAsync(StoreSession session, MatterHead matter, CancellationToken cancel) => matter.Urgent && await session.CountAsync(
        """
        SELECT COUNT(*) FROM matter_events WHERE letter_id = @letter AND kind = 'alert-raised'
        AND (actor = 'desk' OR id < (SELECT MAX(id) FROM matter_events WHERE letter_id = @letter AND kind = 'transferred'))
        """, cancel, ("letter", matter.LetterId)) > 0;
}
