using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>
/// The writer withdraws the letter, at any time: the matter is closed as withdrawn, contact data and the original words
/// are erased, and nothing of it is published. The writer may also erase only the contact data and let the matter go on.
/// </summary>
public sealed class WithdrawLetter(DeskStore store, WriterMatters writer, ChoosePublication publication, TimeProvider clock)
{
    /// <summary>Withdraws the letter.</summary>
    public async Task<Refusal?> HandleAsync(string letterId, CancellationToken cancel)
    {
        var refusal = await writer.WorkAsync(letterId, async (session, matter) =>
        {
            if (await session.ExecuteAsync("UPDATE letters SET state = 'withdrawn' WHERE id = @letter AND state <> 'withdrawn'", cancel, ("letter", letterId)) == 0) return Refusal.NotOpen;
            var now = clock.GetUtcNow();
            if (matter is not null)
            {
                await session.ExecuteAsync("UPDATE matters SET state = 'closed', disposition = 'withdrawn', closed_at = @now, contact_hold_until = NULL WHERE letter_id = @letter", cancel,
                    ("now", now.ToUnixTimeMilliseconds()), ("letter", letterId));
            }
            else
            {
                // The time of keeping runs from a matter's end; what never was a matter ends here.
                await session.ExecuteAsync("UPDATE letters SET title = NULL, place = NULL, body = NULL WHERE id = @letter", cancel, ("letter", letterId));
                await session.ExecuteAsync("UPDATE matter_events SET text = NULL WHERE letter_id = @letter AND text IS NOT NULL", cancel, ("letter", letterId));
            }

            await session.ExecuteAsync("UPDATE duty_alerts SET acknowledged_at = @now, acknowledged_by = 'writer' WHERE letter_id = @letter AND acknowledged_at IS NULL", cancel,
                ("now", now.ToUnixTimeMilliseconds()), ("letter", letterId));
            await publication.SetAsync(session, letterId, publish: false, cancel);
            await MatterHistory.AppendAsync(session, letterId, now, new HistoryEntry(HistoryKind.Withdrawn, MatterHistory.Writer, Visible: true), cancel);
            await EraseContactAsync(session, letterId, MatterHistory.Writer, cancel);
            await SealedLetters.EraseTextsAsync(session, letterId, cancel);
            return null;
        }, cancel);
        if (refusal is null) await store.ForgetSoonAsync(cancel);
        return refusal;
    }

    /// <summary>Erases the contact data and the original words; the redacted letter is worked on all the same.</summary>
    public async Task<Refusal?> EraseContactAsync(string letterId, CancellationToken cancel)
    {
        var refusal = await writer.WorkAsync(letterId, async (session, _) =>
        {
            await EraseContactAsync(session, letterId, MatterHistory.Writer, cancel);
            // Numbers in the letter's own words are contact data as well; once the twin is made nobody needs the original.
            if (await session.CountAsync("SELECT COUNT(*) FROM letters WHERE id = @letter AND body IS NOT NULL", cancel, ("letter", letterId)) > 0)
                await SealedLetters.EraseTextsAsync(session, letterId, cancel);
            return null;
        }, cancel);
        if (refusal is null) await store.ForgetSoonAsync(cancel);
        return refusal;
    }

    internal async Task EraseContactAsync(StoreSession session, string letterId, string actor, CancellationToken cancel)
    {
        if (await SealedLetters.EraseContactAsync(session, letterId, cancel))
            await MatterHistory.AppendAsync(session, letterId, clock.GetUtcNow(), new HistoryEntry(HistoryKind.ContactErased, actor, Visible: true), cancel);
    }
}
