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
        var originals = new List<(string Id, OriginalText? Text)>(waiting.Count);
        foreach (var id in waiting) originals.Add((id, await OpenAsync(session, id, cancel)));
        var twins = originals.AsParallel().AsOrdered().Select(original => (original.Id, Twin: original.Text is null ? null : TwinOf(original.Text))).ToList();
        foreach (var (id, twin) in twins)
        {
            await session.ExecuteAsync("UPDATE letters SET state = @state, title = @title, place = @place, body = @body WHERE id = @id", cancel,
                ("state", twin is null ? "set-aside" : "redacted"), ("title", twin?.Title), ("place", twin?.Place), ("body", twin?.Body), ("id", id));
            if (twin is null) await stuck.SetAsideAsync(session, id, StuckLetters.SealBroken, null, cancel);
        }

        await StuckLetters.ForgetMovedAsync(session, cancel);
        await session.CommitAsync(cancel);
        return twins.Count;
    }

    private async Task<OriginalText?> OpenAsync(StoreSession session, string id, CancellationToken cancel)
    {
        try
        {
            return await sealedLetters.OpenTextsAsync(session, id, cancel) is [var letter, ..] ? letter : null;
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
