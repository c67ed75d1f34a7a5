using Opinion.Desk.Answers;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>
/// The writer chooses whether the answer may be published, at any time. Yes brings an answer that stands before the
/// editor; no takes a published one back.
/// </summary>
public sealed class ChoosePublication(WriterMatters writer, TimeProvider clock)
{
    /// <summary>Records the choice.</summary>
    public Task<Refusal?> HandleAsync(string letterId, bool publish, CancellationToken cancel) => writer.WorkAsync(letterId, async (session, _) =>
    {
        if (publish && await session.CountAsync("SELECT COUNT(*) FROM letters WHERE id = @letter AND state = 'withdrawn'", cancel, ("letter", letterId)) > 0) return Refusal.NotOpen;
        await SetAsync(session, letterId, publish, cancel);
        return null;
    }, cancel);

    internal async Task SetAsync(StoreSession session, string letterId, bool publish, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (await session.ExecuteAsync("UPDATE letters SET publish = @publish WHERE id = @letter AND publish <> @publish", cancel, ("publish", publish ? 1 : 0), ("letter", letterId)) == 0) return;
        await MatterHistory.AppendAsync(session, letterId, now, new HistoryEntry(HistoryKind.PublicationChosen, MatterHistory.Writer, Visible: true, Detail: publish ? "yes" : "no"), cancel);
        if (publish)
        {
            // Only the last answer stands; the matter must be closed by it.
            await session.ExecuteAsync(
                """
                UPDATE answers SET review = 'waiting' WHERE review = 'not-asked' AND id = (SELECT MAX(id) FROM answers WHERE letter_id = @letter)
                AND EXISTS (SELECT 1 FROM matters WHERE letter_id = @letter AND state = 'closed')
                """, cancel, ("letter", letterId));
            return;
        }

        var taken = await PublishedAnswers.TakeBackAsync(session, letterId, cancel);
        await session.ExecuteAsync("UPDATE answers SET review = 'not-asked' WHERE letter_id = @letter AND review = 'waiting'", cancel, ("letter", letterId));
        if (taken) await MatterHistory.AppendAsync(session, letterId, now, new HistoryEntry(HistoryKind.Unpublished, MatterHistory.Desk, Visible: true), cancel);
    }
}
