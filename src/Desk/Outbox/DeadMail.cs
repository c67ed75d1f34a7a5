using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Outbox;

/// <summary>A mail that was given up, as the administrator sees it: no address and no word of it.</summary>
/// <param name="Id">Its number in the outbox.</param>
/// <param name="Kind">What it was: a reminder, due-soon or overdue, or a reply.</param>
/// <param name="Number">The public number of the letter it is about.</param>
/// <param name="QueuedAt">When it was queued.</param>
/// <param name="EndedAt">When it was given up.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Error">What went wrong.</param>
public sealed record DeadLine(long Id, string Kind, string Number, DateTimeOffset QueuedAt, DateTimeOffset EndedAt, int Attempts, string Error);

/// <summary>How many mails stand where.</summary>
public sealed record OutboxCounts(long Waiting, long Sent, long Dead);

/// <summary>The mails that were given up, and what an administrator does with them: try again, or let go. Both are audited.</summary>
public sealed class DeadMail(DeskStore store, AuditLog audit, TimeProvider clock)
{
    private const int Most = 200;

    /// <summary>The newest mails given up.</summary>
    public async Task<IReadOnlyList<DeadLine>> ListAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            "SELECT o.id, o.kind, l.number, o.queued_at, o.ended_at, o.attempts, o.error FROM outbox o JOIN letters l ON l.id = o.letter_id WHERE o.state = 'dead' ORDER BY o.id DESC LIMIT @most",
            row => new DeadLine(row.GetInt64(0), row.GetString(1), row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), row.GetInt32(5), row.IsDBNull(6) ? "" : row.GetString(6)),
            cancel, ("most", Most));
    }

    /// <summary>How many mails stand where.</summary>
    public async Task<OutboxCounts> CountAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return new OutboxCounts(await session.CountAsync("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'", cancel),
            await session.CountAsync("SELECT COUNT(*) FROM outbox WHERE state = 'sent'", cancel), await session.CountAsync("SELECT COUNT(*) FROM outbox WHERE state = 'dead'", cancel));
    }

    /// <summary>Tries a mail again from the start, or lets it go.</summary>
    /// <returns>False where it is not on the list any more.</returns>
    public async Task<bool> DecideAsync(StaffMember administrator, long id, bool again, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) throw new UnauthorizedAccessException("Only an administrator does this.");
        await using var session = await store.WriteAsync(cancel);
        var number = await session.TextAsync("SELECT l.number FROM outbox o JOIN letters l ON l.id = o.letter_id WHERE o.id = @id AND o.state = 'dead'", cancel, ("id", id));
        if (number is null) return false;
        if (again) await session.ExecuteAsync("UPDATE outbox SET state = 'waiting', ended_at = NULL, error = NULL, attempts = 0, uncertain = 0, next_at = @now WHERE id = @id", cancel, ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()), ("id", id));
        else await session.ExecuteAsync("DELETE FROM outbox WHERE id = @id", cancel, ("id", id));
        await audit.WriteAsync(session, administrator.Id, again ? "mail-again" : "mail-dropped", number, null, null, cancel);
        await session.CommitAsync(cancel);
        return true;
    }
}
