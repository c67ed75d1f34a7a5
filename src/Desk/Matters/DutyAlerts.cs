using Opinion.Analysis.Classification;
using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Matters;

/// <summary>An alert a duty officer has not taken yet.</summary>
public sealed record DutyAlert(string Number, string Title, string Department, DateTimeOffset RaisedAt);

/// <summary>
/// Urgent danger: the matter goes to the top of its queue and stands on every page of the officers on duty until one of
/// them takes it. It exists to send help first; nothing else is done with it.
/// </summary>
public sealed class DutyAlerts(DeskStore store, OpenMatters matters, TimeProvider clock)
{
    /// <summary>How long after its arrival a letter's danger still calls for help: a sheet of last year's calls raises no alarm.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromDays(7);

    /// <summary>Alerts a page shows. On a day with hundreds, all of them on every page would help nobody; they are the top of the queue.</summary>
    public const int Shown = 10;

    /// <summary>
    /// What an officer on duty has to see, and the officers of the department that has the matter; nothing for anybody else.
    /// Those that wait longest come first, and one more than <see cref="Shown"/> where there are more.
    /// </summary>
    public async Task<IReadOnlyList<DutyAlert>> ForAsync(StaffMember staff, CancellationToken cancel)
    {
        if (staff.Role != Role.Officer) return [];
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            """
            SELECT l.number, l.title, l.body, m.department, d.raised_at FROM duty_alerts d
            JOIN letters l ON l.id = d.letter_id JOIN matters m ON m.letter_id = d.letter_id
            WHERE d.acknowledged_at IS NULL AND m.state = 'open' AND (@duty = 1 OR m.department = @department) AND (l.about_department IS NULL OR l.about_department <> @department)
            ORDER BY d.raised_at LIMIT @most
            """,
            row => new DutyAlert(row.GetString(0), row.GetString(1).Length > 0 ? row.GetString(1) : ListQueue.Opening(row.GetString(2)), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))),
            cancel, ("department", staff.Department), ("duty", staff.OnDuty ? 1 : 0), ("most", Shown + 1));
    }

    /// <summary>Takes an alert: this officer sees to it that help is sent.</summary>
    public Task<Refusal?> AcknowledgeAsync(StaffMember officer, string number, CancellationToken cancel) => matters.WorkAsync(officer, number, async (session, matter) =>
    {
        var now = clock.GetUtcNow();
        if (await session.ExecuteAsync("UPDATE duty_alerts SET acknowledged_at = @now, acknowledged_by = @by WHERE letter_id = @letter AND acknowledged_at IS NULL", cancel,
            ("now", now.ToUnixTimeMilliseconds()), ("by", officer.Id), ("letter", matter.LetterId)) == 0) return null;
        await MatterHistory.AppendAsync(session, matter.LetterId, now, new HistoryEntry(HistoryKind.AlertAcknowledged, officer.Id, Visible: true, officer.Department), cancel);
        return null;
    }, cancel);

    /// <summary>Raises the alert of a matter inside the transaction that found the danger.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="letterId">The letter.</param>
    /// <param name="by">Who found the danger: <see cref="MatterHistory.Desk"/>, or an account's id.</param>
    /// <param name="again">Whether a matter that stands as urgent already is alerted once more.</param>
    /// <param name="cancel">Cancels the work.</param>
    internal async Task RaiseAsync(StoreSession session, string letterId, string by, bool again, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // What stands as urgent already keeps its alert, taken or not; what was found harmless before is raised anew.
        if (await session.ExecuteAsync("UPDATE matters SET urgent = 1 WHERE letter_id = @letter AND (urgent = 0 OR @again = 1)", cancel, ("letter", letterId), ("again", again ? 1 : 0)) == 0) return;
        await session.ExecuteAsync(
            "INSERT INTO duty_alerts (letter_id, raised_at) VALUES (@letter, @now) ON CONFLICT (letter_id) DO UPDATE SET raised_at = excluded.raised_at, acknowledged_at = NULL, acknowledged_by = NULL", cancel,
            ("letter", letterId), ("now", now.ToUnixTimeMilliseconds()));
        await MatterHistory.AppendAsync(session, letterId, now, new HistoryEntry(HistoryKind.AlertRaised, by, Visible: true), cancel);
    }

    /// <summary>Sets a need a person corrected: danger raises the alert, anything else ends it.</summary>
    internal async Task SetNeedAsync(StoreSession session, MatterHead matter, Need need, string accountId, CancellationToken cancel)
    {
        await session.ExecuteAsync("UPDATE letters SET need = @need, need_confidence = NULL, need_words = NULL WHERE id = @letter", cancel, ("need", need.NameOf()), ("letter", matter.LetterId));
        if (need == Need.UrgentDanger)
        {
            await RaiseAsync(session, matter.LetterId, accountId, again: false, cancel);
            return;
        }

        await session.ExecuteAsync("UPDATE matters SET urgent = 0 WHERE letter_id = @letter", cancel, ("letter", matter.LetterId));
        await session.ExecuteAsync("UPDATE duty_alerts SET acknowledged_at = @now, acknowledged_by = @by WHERE letter_id = @letter AND acknowledged_at IS NULL", cancel,
            ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()), ("by", accountId), ("letter", matter.LetterId));
    }
}
