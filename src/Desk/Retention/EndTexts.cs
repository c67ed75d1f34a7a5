using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Retention;

/// <summary>
/// Data ends: the text of a letter, its original, what was said about it and the training example made from it go when the
/// office's time of keeping is over. What remains is that there was a letter, its subject and how it ended. A published
/// answer is a publication of its own and stays until its writer says otherwise.
/// </summary>
public sealed class EndTexts(DeskStore store, OfficeDirectory offices, EraseLetters erase, TimeProvider clock)
{
    // Few enough not to hold up a writer at the form; the next round takes the rest.
    private const int Most = 500;

    /// <summary>Erases the texts that are due.</summary>
    /// <returns>How many letters lost theirs; at most a few hundred a round.</returns>
    public async Task<int> HandleAsync(CancellationToken cancel)
    {
        var office = await offices.GetAsync(cancel);
        var before = clock.GetUtcNow().AddMonths(-office.Settings.TextRetentionMonths).ToUnixTimeMilliseconds();
        List<string> due;
        await using (var session = await store.WriteAsync(cancel))
        {
            due = await session.QueryAsync(
                "SELECT m.letter_id FROM matters m JOIN letters l ON l.id = m.letter_id WHERE m.closed_at < @before AND l.body <> '' ORDER BY m.closed_at LIMIT @most",
                row => row.GetString(0), cancel, ("before", before), ("most", Most));
            await erase.HandleAsync(session, due, ErasedPart.Texts, MatterHistory.Desk, clock.GetUtcNow(), cancel);
            await session.CommitAsync(cancel);
        }

        if (due.Count > 0) await store.ForgetErasedAsync(cancel);
        return due.Count;
    }
}
