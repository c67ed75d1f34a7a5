using System.Globalization;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>Where a letter stands, in the words of its writer.</summary>
public enum LetterStage
{
    /// <summary>It has arrived and waits to be sorted.</summary>
    Received,

    /// <summary>A department is working on it.</summary>
    Open,

    /// <summary>It was answered and closed.</summary>
    Closed,
}

/// <summary>A letter as its writer sees it. Words are the redacted twin's; departments act, not persons.</summary>
/// <param name="LetterId">The letter's id inside the store, kept in the writer's follow session.</param>
/// <param name="Number">Its public number, good for speaking about it on the telephone; it opens nothing.</param>
/// <param name="Stage">Where it stands.</param>
/// <param name="Title">The redacted title; empty before redaction.</param>
/// <param name="Place">The redacted place.</param>
/// <param name="Body">The redacted text; null before redaction.</param>
/// <param name="Arrived">When it arrived.</param>
/// <param name="Subject">The subject it was given.</param>
/// <param name="Need">What the desk took the writer to need.</param>
/// <param name="Department">The department responsible.</param>
/// <param name="Deadline">The day by whose end it is to be answered.</param>
/// <param name="Overdue">Whether that day is past and there is no answer.</param>
/// <param name="Disposition">How it ended.</param>
/// <param name="Publish">Whether the writer agreed to publication.</param>
/// <param name="PublishedAs">The public number of the published answer.</param>
/// <param name="HasContact">Whether contact data is kept.</param>
/// <param name="Attachments">How many files are kept with it.</param>
/// <param name="HoldUntil">Until when the new department cannot open contact data; null where it can.</param>
/// <param name="MayDispute">Whether the writer may dispute the answer.</param>
/// <param name="History">What happened, oldest first.</param>
public sealed record FollowedLetter(
    string LetterId, string Number, LetterStage Stage, string Title, string Place, string? Body, DateTimeOffset Arrived, string? Subject, string? Need, string? Department,
    DateOnly? Deadline, bool Overdue, string? Disposition, bool Publish, string? PublishedAs, bool HasContact, int Attachments, DateTimeOffset? HoldUntil, bool MayDispute,
    IReadOnlyList<HistoryLine> History);

/// <summary>Lets a writer follow the own letter. The receipt code is the only key; without it there is no way in.</summary>
public sealed class FollowLetter(DeskStore store, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>Finds the letter a receipt code belongs to; null for a wrong code. A malformed code costs the same look-up.</summary>
    /// <param name="typed">The code as typed.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<string?> FindAsync(string? typed, CancellationToken cancel)
    {
        var hash = ReceiptCode.TryParse(typed, out var code) ? code.Hash : new byte[32];
        await using var session = await store.ReadAsync(cancel);
        return session.IsPostgres
            ? await session.TextAsync("SELECT letter_id FROM letter_keys WHERE receipt_hash = @hash", cancel, ("hash", hash))
            : await session.TextAsync("SELECT id FROM letters WHERE receipt_hash = @hash", cancel, ("hash", hash));
    }

    /// <summary>Reads the letter; null where it is gone.</summary>
    public async Task<FollowedLetter?> ReadAsync(string letterId, CancellationToken cancel)
    {
        var office = await offices.GetAsync(cancel);
        await using var session = await store.ReadAsync(cancel);
        var history = await MatterHistory.ReadAsync(session, letterId, forWriter: true, cancel);
        var hasContact = await SealedLetters.HasContactAsync(session, letterId, cancel);
        var attachments = (await SealedAttachments.ListAsync(session, letterId, cancel)).Count;
        var now = clock.GetUtcNow();
        return await session.FirstAsync(
            """
            SELECT l.title, l.place, l.body, l.arrived_at, l.subject, l.need, l.publish, m.department, m.state, m.deadline, m.deadline_at, m.disposition, m.closed_at, m.contact_hold_until, l.state, l.number,
                   (SELECT p.number FROM published_answers p JOIN answers a ON a.id = p.answer_id WHERE a.letter_id = l.id ORDER BY a.id DESC LIMIT 1)
            FROM letters l LEFT JOIN matters m ON m.letter_id = l.id WHERE l.id = @letter
            """,
            row =>
            {
                string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
                DateTimeOffset? Moment(int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
                var withdrawn = Text(14) == "withdrawn";
                var stage = Text(8) switch { _ when withdrawn => LetterStage.Closed, null => LetterStage.Received, "open" => LetterStage.Open, _ => LetterStage.Closed };
                var closed = Moment(12);
                return new FollowedLetter(letterId, row.GetString(15), stage, Text(0) ?? "", Text(1) ?? "", Text(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), Text(4), Text(5), Text(7),
                    Text(9) is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
                    stage == LetterStage.Open && Moment(10) <= now, withdrawn ? "withdrawn" : Text(11), row.GetInt64(6) == 1, Text(16), hasContact, attachments,
                    Moment(13) is { } hold && hold > now && hasContact && stage == LetterStage.Open ? hold : null,
                    stage == LetterStage.Closed && !withdrawn && closed is { } at && DisputeAnswer.MayStill(office, at, now), history);
            }, cancel, ("letter", letterId));
    }
}
