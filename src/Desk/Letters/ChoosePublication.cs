using Opinion.Desk.Matters;
using Opinion.Desk.Retention;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>
/// The writer chooses whether the answer may be published, at any time. Yes brings an answer that stands before the
/// editor; no takes a published one back.
/// </summary>
public sealed class ChoosePublication(WriterMatters writer, EraseLetters erase, TimeProvider clock)
{
    /// <summary>Records the choice.</summary>
    public Task<Refusal?> HandleAsync(string letterId, bool publish, CancellationToken cancel) => writer.WorkAsync(letterId, async (session, _) =>
    {
        if (publish && await session.CountAsync("SELECT COUNT(*) FROM letters WHERE id = @letter AND state = 'withdrawn'", cancel, ("letter", letterId)) > 0) return Refusal.NotOpen;
        if (publish) await AgreeAsync(session, letterId, cancel);
        else if (await session.CountAsync("SELECT publish FROM letters WHERE id = @letter", cancel, ("letter", letterId)) == 1)
            await erase.HandleAsync(session, [letterId], ErasedPart.Publication, MatterHistory.Writer, clock.GetUtcNow(), cancel);
        return null;
    }, cancel);

    private async Task AgreeAsync(StoreSession session, string letterId, CancellationToken cancel)
    {
        if (await session.ExecuteAsync("UPDATE letters SET publish = 1 WHERE id = @letter AND publish = 0", cancel, ("letter", letterId)) == 0) return;
        await MatterHistory.AppendAsync(session, letterId, clock.GetUtcNow(), new HistoryEntry(HistoryKind.PublicationChosen, MatterHistory.Writer, Visible: true, Detail: "yes"), cancel);
        // Only the last answer stands; the matter must be closed by it.
        await session.ExecuteAsync(
            """
            UPDATE answers SET review = 'waiting' WHERE review = 'not-asked' AND id = (SELECT MAX(id) FROM answers WHERE letter_id = @letter)
            AND EXISTS (SELECT 1 FROM matters WHERE letter_id = @letter AND state = 'closed')
            """, cancel, ("letter", letterId));
    }
}
