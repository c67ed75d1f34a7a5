using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Doors;

/// <summary>
/// Which doors are open. An administrator opens and closes them, and the audit log says so. A door nobody has touched is
/// closed, except form, hotline and paper, which need no setting up. A closed door says so politely and stores nothing.
/// </summary>
public sealed class DoorSwitch(DeskStore store, AuditLog audit, TimeProvider clock)
{
    // Asked for every letter, so the answer of a moment ago will do; on the node that changed it, the change counts at once.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private volatile Reading? _last;

    /// <summary>Whether a door is open when nobody has set it.</summary>
    public static bool OpenFromTheStart(Channel channel) => channel is Channel.Form or Channel.Hotline or Channel.Paper;

    /// <summary>Whether a door is open. Where the store cannot be reached: whether it was when it was last read.</summary>
    public async Task<bool> IsOpenAsync(Channel channel, CancellationToken cancel)
    {
        var last = _last;
        if (last is not null && clock.GetElapsedTime(last.At) < Fresh) return last.IsOpen(channel);
        try
        {
            _last = last = await ReadAsync(cancel);
        }
        catch (System.Data.Common.DbException error) when (last is not null && StoreFaults.Of(error) is not null)
        {
            // What comes in meanwhile cannot be stored, and that is what its sender is told.
        }

        return last!.IsOpen(channel);
    }

    /// <summary>All doors, each with whether it is open, read from the store now.</summary>
    public async Task<IReadOnlyDictionary<Channel, bool>> AllAsync(CancellationToken cancel)
    {
        var reading = await ReadAsync(cancel);
        return Enum.GetValues<Channel>().ToDictionary(channel => channel, reading.IsOpen);
    }

    /// <summary>Opens or closes a door; the line in the audit log and the change stand or fall together.</summary>
    /// <param name="channel">The door.</param>
    /// <param name="open">Whether it is to be open.</param>
    /// <param name="by">An administrator.</param>
    /// <param name="cancel">Cancels it; nothing is changed then.</param>
    /// <returns>Why it was refused; null where it is done. Setting what is set already changes nothing and is not audited.</returns>
    public async Task<Refusal?> SetAsync(Channel channel, bool open, StaffMember by, CancellationToken cancel)
    {
        if (by.Role != Role.Administrator) return Refusal.NotYourRole;
        await using (var session = await store.WriteAsync(cancel))
        {
            if ((await ReadAsync(session, cancel)).IsOpen(channel) == open) return null;
            await session.ExecuteAsync(
                "INSERT INTO doors (channel, open, changed_at) VALUES (@channel, @open, @now) ON CONFLICT (channel) DO UPDATE SET open = excluded.open, changed_at = excluded.changed_at", cancel,
                ("channel", channel.NameOf()), ("open", open ? 1L : 0L), ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()));
            await audit.WriteAsync(session, by.Id, open ? AuditLog.DoorOpened : AuditLog.DoorClosed, channel.NameOf(), null, null, cancel);
            await session.CommitAsync(cancel);
        }

        _last = null;
        return null;
    }

    private async Task<Reading> ReadAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await ReadAsync(session, cancel);
    }

    private async Task<Reading> ReadAsync(StoreSession session, CancellationToken cancel)
    {
        var rows = await session.QueryAsync("SELECT channel, open FROM doors", row => (Name: row.GetString(0), Open: row.GetInt64(1) == 1), cancel);
        return new Reading(clock.GetTimestamp(), rows.ToDictionary(row => row.Name, row => row.Open, StringComparer.Ordinal));
    }

    private sealed record Reading(long At, IReadOnlyDictionary<string, bool> Set)
    {
        public bool IsOpen(Channel channel) => Set.TryGetValue(channel.NameOf(), out var open) ? open : OpenFromTheStart(channel);
    }
}
