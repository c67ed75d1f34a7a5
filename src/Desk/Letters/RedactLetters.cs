using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>
/// The second step of a letter's way: its redacted twin is made before anything else reads it. A letter whose redaction
/// fails is set aside for a person and the others go on; without a redactor all of them wait where they are.
/// </summary>
public sealed class RedactLetters(DeskStore store, SealedLetters sealedLetters, LetterReader reader)
{
    /// <summary>Redacts the oldest letters that wait.</summary>
    /// <returns>How many left the state of waiting.</returns>
    public async Task<int> HandleAsync(int most, CancellationToken cancel)
    {
        if (!reader.CanRedact) return 0;
        await using var session = await store.WriteAsync(cancel);
        var waiting = await session.QueryAsync("SELECT id FROM letters WHERE state = 'received' ORDER BY id LIMIT @most", row => row.GetString(0), cancel, ("most", most));
        if (waiting.Count == 0) return 0;
        var originals = new List<(string Id, OriginalText? Text)>(waiting.Count);
        foreach (var id in waiting) originals.Add((id, await OpenAsync(session, id, cancel)));
        var twins = originals.AsParallel().AsOrdered().Select(original => (original.Id, Twin: original.Text is null ? null : TwinOf(original.Text))).ToList();
        foreach (var (id, twin) in twins)
        {
            await session.ExecuteAsync("UPDATE letters SET state = @state, title = @title, place = @place, body = @body WHERE id = @id", cancel,
                ("state", twin is null ? "set-aside" : "redacted"), ("title", twin?.Title), ("place", twin?.Place), ("body", twin?.Body), ("id", id));
        }

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

    private OriginalText? TwinOf(OriginalText original)
    {
        try
        {
            return reader.Redact(original.Title) is { } title && reader.Redact(original.Place) is { } place && reader.Redact(original.Body) is { } body
                ? new OriginalText(title, place, body)
                : null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever went wrong, the letter must not move on unredacted, and must not hold up the others.
            return null;
        }
    }
}
