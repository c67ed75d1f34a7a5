using Opinion.Desk.Audit;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Open311;

/// <summary>What of a letter goes to another server of the office: its redacted twin. There is no field for who wrote it.</summary>
/// <param name="LetterId">Its id inside the store, for the record that it went.</param>
/// <param name="Number">Its public number.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Title">The redacted title.</param>
/// <param name="Place">The redacted place; may be empty.</param>
/// <param name="Body">The redacted text.</param>
public sealed record PeerLetter(string LetterId, string Number, string Subject, string Title, string Place, string Body);

/// <summary>
/// What was exchanged with other servers of the office: how far letters were fetched, and which twins went where. What came
/// from a server never goes back to it, a letter about a department's conduct or with urgent danger in it goes nowhere, and
/// the writer sees that a letter went and where.
/// </summary>
public sealed class PeerLetters(DeskStore store, AuditLog audit, TimeProvider clock)
{
    private const string Sent = "open311-sent";

    /// <summary>Up to when everything was fetched; null where nothing was.</summary>
    public async Task<DateTimeOffset?> FetchedToAsync(string peer, string jurisdiction, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.CountAsync("SELECT fetched_to FROM open311_cursors WHERE peer = @peer AND jurisdiction = @jurisdiction", cancel, ("peer", peer), ("jurisdiction", jurisdiction)) is not 0 and var at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }

    /// <summary>Notes up to when everything was fetched; it never goes back.</summary>
    public async Task AdvanceAsync(string peer, string jurisdiction, DateTimeOffset to, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync(
            """
            INSERT INTO open311_cursors (peer, jurisdiction, fetched_to) VALUES (@peer, @jurisdiction, @to)
            ON CONFLICT (peer, jurisdiction) DO UPDATE SET fetched_to = excluded.fetched_to WHERE excluded.fetched_to > open311_cursors.fetched_to
            """, cancel, ("peer", peer), ("jurisdiction", jurisdiction), ("to", to.ToUnixTimeMilliseconds()));
        await session.CommitAsync(cancel);
    }

    /// <summary>Whether a number of another server is a letter of this office that went there.</summary>
    public async Task<bool> IsOwnAsync(string peer, string remoteId, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.CountAsync("SELECT COUNT(*) FROM open311_sent WHERE peer = @peer AND remote_id = @remote", cancel, ("peer", peer), ("remote", remoteId)) > 0;
    }

    /// <summary>The open matters of a subject, those below it among them, whose twins did not go to a server yet, the oldest first.</summary>
    public async Task<IReadOnlyList<PeerLetter>> WaitingAsync(string peer, string subject, int most, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            """
            SELECT l.id, l.number, l.subject, l.title, l.place, l.body FROM matters m JOIN letters l ON l.id = m.letter_id
            WHERE m.state = 'open' AND m.urgent = 0 AND l.state = 'assigned' AND l.about_department IS NULL AND (l.subject = @subject OR l.subject LIKE @below)
              AND NOT EXISTS (SELECT 1 FROM open311_sent s WHERE s.letter_id = l.id AND s.peer = @peer)
              AND NOT EXISTS (SELECT 1 FROM open311_requests o WHERE o.letter_id = l.id AND o.peer = @peer)
            ORDER BY l.id LIMIT @most
            """,
            row => new PeerLetter(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)),
            cancel, ("subject", subject), ("below", subject + ".%"), ("peer", peer), ("most", (long)most));
    }

    /// <summary>Whether a letter may still go: its writer may have withdrawn it, or it was closed, since it was listed.</summary>
    public async Task<bool> MayGoAsync(string letterId, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.CountAsync("SELECT COUNT(*) FROM matters m JOIN letters l ON l.id = m.letter_id WHERE l.id = @letter AND l.state = 'assigned' AND m.state = 'open'", cancel, ("letter", letterId)) > 0;
    }

    /// <summary>Notes that a letter's twin went to a server; its history says so to the writer, and the audit log to everybody who may read that.</summary>
    public async Task NoteAsync(PeerLetter letter, string peer, string remoteId, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        if (await session.ExecuteAsync("INSERT INTO open311_sent (letter_id, peer, remote_id, sent_at) VALUES (@letter, @peer, @remote, @now) ON CONFLICT DO NOTHING", cancel,
            ("letter", letter.LetterId), ("peer", peer), ("remote", remoteId), ("now", clock.GetUtcNow().ToUnixTimeMilliseconds())) == 0) return;
        await MatterHistory.AppendAsync(session, letter.LetterId, clock.GetUtcNow(), new HistoryEntry(HistoryKind.Note, MatterHistory.Desk, Visible: true, Detail: Sent, Text: peer), cancel);
        await audit.WriteAsync(session, MatterHistory.Desk, Sent, letter.Number, null, peer, cancel);
        await session.CommitAsync(cancel);
    }
}
