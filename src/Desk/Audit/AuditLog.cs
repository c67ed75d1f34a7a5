using Opinion.Desk.Storage;

namespace Opinion.Desk.Audit;

/// <summary>One line of the audit log.</summary>
public sealed record AuditEntry(DateTimeOffset At, string Actor, string Action, string? Target, string? Department, string? Reason);

/// <summary>
/// What was done with accounts, settings and contact data, by whom and why. It only grows (the schema refuses changes),
/// holds no word of a letter and no contact data, and what cannot be written here is not done.
/// </summary>
public sealed class AuditLog(DeskStore store, TimeProvider clock)
{
    /// <summary>A person opened the original text and contact data of one letter.</summary>
    public const string OriginalOpened = "original-opened";

    /// <summary>The program opened one letter's e-mail address to send its writer what a department wrote.</summary>
    public const string ReplyAddressOpened = "reply-address-opened";

    /// <summary>An officer searched the own department's letters.</summary>
    public const string Searched = "searched";

    /// <summary>An administrator opened a door.</summary>
    public const string DoorOpened = "door-opened";

    /// <summary>An administrator closed a door.</summary>
    public const string DoorClosed = "door-closed";

    /// <summary>A person opened a row that had been set aside.</summary>
    public const string SetAsideOpened = "set-aside-opened";

    /// <summary>A person erased a row that had been set aside and was dealt with.</summary>
    public const string SetAsideErased = "set-aside-erased";

    /// <summary>Writes a line and makes it durable before it returns.</summary>
    public async Task WriteAsync(string actor, string action, string? target, string? department, string? reason, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        await WriteAsync(session, actor, action, target, department, reason, cancel);
        await session.CommitAsync(cancel);
    }

    /// <summary>Writes a line as part of a transaction, so that it and the deed stand or fall together.</summary>
    internal async Task WriteAsync(StoreSession session, string actor, string action, string? target, string? department, string? reason, CancellationToken cancel) =>
        await session.ExecuteAsync("INSERT INTO audit_log (at, actor, action, target, department, reason) VALUES (@at, @actor, @action, @target, @department, @reason)", cancel,
            ("at", clock.GetUtcNow().ToUnixTimeMilliseconds()), ("actor", actor), ("action", action), ("target", target), ("department", department), ("reason", reason));

    /// <summary>Reads the newest lines, newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> NewestAsync(int most, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            """
            SELECT l.at, COALESCE(a.user_name, l.actor), l.action, COALESCE(t.user_name, l.target), l.department, l.reason
            FROM audit_log l LEFT JOIN accounts a ON a.id = l.actor LEFT JOIN accounts t ON t.id = l.target
            ORDER BY l.id DESC LIMIT @most
            """,
            row => new AuditEntry(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), row.GetString(1), row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5)),
            cancel, ("most", most));
    }
}
