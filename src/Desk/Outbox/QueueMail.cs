using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Outbox;

/// <summary>Puts mail into the outbox, in the transaction of what it tells about: both are stored, or neither.</summary>
internal static class QueueMail
{
    /// <summary>Queues a repeat of what was written to the writer, where the letter has a contact.</summary>
    public static async Task ReplyAsync(StoreSession session, string letterId, long eventId, DateTimeOffset at, CancellationToken cancel)
    {
        if (!await SealedLetters.HasContactAsync(session, letterId, cancel)) return;
        await session.ExecuteAsync("INSERT INTO outbox (message_id, kind, letter_id, event_id, queued_at, next_at) VALUES (@message, 'reply', @letter, @event, @at, @at)", cancel,
            ("message", NewId()), ("letter", letterId), ("event", eventId), ("at", at.ToUnixTimeMilliseconds()));
    }

    /// <summary>Queues a reminder to every officer of a department who has an address.</summary>
    public static async Task RemindAsync(StoreSession session, string letterId, string kind, string department, DateTimeOffset at, CancellationToken cancel)
    {
        var officers = await session.QueryAsync(
            """
            SELECT a.id FROM accounts a JOIN role_grants g ON g.account_id = a.id AND g.confirmed_at IS NOT NULL AND g.ended_at IS NULL
            WHERE a.disabled = 0 AND a.email IS NOT NULL AND a.email <> '' AND g.role = 'officer' AND g.department = @department ORDER BY a.id
            """, row => row.GetString(0), cancel, ("department", department));
        foreach (var officer in officers)
        {
            await session.ExecuteAsync("INSERT INTO outbox (message_id, kind, letter_id, officer, queued_at, next_at) VALUES (@message, @kind, @letter, @officer, @at, @at)", cancel,
                ("message", NewId()), ("kind", kind), ("letter", letterId), ("officer", officer), ("at", at.ToUnixTimeMilliseconds()));
        }
    }

    /// <summary>Queues the receipt of a letter that came by mail; the caller sees to it that there is only one.</summary>
    public static async Task ReceiptAsync(StoreSession session, string letterId, DateTimeOffset at, CancellationToken cancel) =>
        await session.ExecuteAsync("INSERT INTO outbox (message_id, kind, letter_id, queued_at, next_at) VALUES (@message, 'receipt', @letter, @at, @at)", cancel,
            ("message", NewId()), ("letter", letterId), ("at", at.ToUnixTimeMilliseconds()));

    private static string NewId() => Guid.NewGuid().ToString("N");
}
