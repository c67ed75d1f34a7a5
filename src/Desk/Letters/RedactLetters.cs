using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>
/// The second step of a letter's way: its redacted twin is made before anything else reads it. A letter whose redaction
/// fails is tried again, at last set aside for a person, and the others go on; without a redactor all of them wait where they are.
/// </summary>
public sealed class RedactLetters(DeskStore store, SealedLetters sealedLetters, LetterReader reader, StuckLetters stuck)
{
    /// <summary>Redacts the oldest letters that wait.</summary>
    /// <returns>How many were tried.</returns>
    public async Task<int> HandleAsync(int most, CancellationToken cancel) => !reader.CanRedact ? 0 : await stuck.TakeOnAsync(
        letter => RedactAsync(letter, most, cancel),
        async () =>
        {
            await using var session = await store.ReadAsync(cancel);
            return await WaitingAsync(session, null, most, cancel);
        },
        StuckLetters.RedactionFailed, cancel);

    private Task<List<string>> WaitingAsync(StoreSession session, string? letter, int most, CancellationToken cancel) => session.QueryAsync(
        "SELECT id FROM letters WHERE state = 'received' AND (CAST(@letter AS TEXT) IS NULL OR id = @letter)" + StuckLetters.MayTry + "ORDER BY id LIMIT @most",
        row => row.GetString(0), cancel, [("letter", letter), ("most", most), .. stuck.Now]);

    private async Task<int> RedactAsync(string? letter, int most, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        var waiting = await WaitingAsync(session, letter, most, cancel);
        if (waiting.Count == 0) return 0;
        var texts = await SealedLetters.ReadTextsAsync(session, [.. waiting], cancel);
        var twins = waiting.AsParallel().AsOrdered().Select(id => (Id: id, Twin: Open(id, texts.GetValueOrDefault(id)) is { } original ? TwinOf(original) : null)).ToList();
        await session.Batch().AddRows(
            "UPDATE letters SET state = @state, title = @title, place = @place, body = @body WHERE id = @id",
            """
            UPDATE letters SET state = rows.state, title = rows.title, place = rows.place, body = rows.body
            FROM unnest(@id, @state, @title, @place, @body) AS rows (id, state, title, place, body)
            WHERE letters.id = rows.id AND letters.id >= (@id)[1] AND letters.id <= (@id)[cardinality(@id)]
            """,
            ("id", twins.Select(letter => letter.Id).ToArray()), ("state", twins.Select(letter => letter.Twin is null ? "set-aside" : "redacted").ToArray()),
            ("title", twins.Select(letter => letter.Twin?.Title).ToArray()), ("place", twins.Select(letter => letter.Twin?.Place).ToArray()), ("body", twins.Select(letter => letter.Twin?.Body).ToArray()))
            .ExecuteAsync(cancel);
        foreach (var (id, twin) in twins)
        {
            if (twin is null) await stuck.SetAsideAsync(session, id, StuckLetters.SealBroken, null, cancel);
        }

        await StuckLetters.ForgetMovedAsync(session, cancel);
        await session.CommitAsync(cancel);
        return twins.Count;
    }

    private OriginalText? Open(string id, SealedBox? box)
    {
        try
        {
            return box is null ? null : sealedLetters.OpenText(id, box);
        }
        catch (SealBrokenException)
        {
            return null;
        }
    }

    // Null only without a redactor. What it throws on is no twin either: the letter must not move on unredacted.
    private OriginalText? TwinOf(OriginalText original) =>
        reader.Redact(original.Title) is { } title && reader.Redact(original.Place) is { } place && reader.Redact(original.Body) is { } body
            ? new OriginalText(title, place, body)
            : null;
}
