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
