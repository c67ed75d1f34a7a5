using System.Globalization;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Reminders;

/// <summary>What a reminder says.</summary>
public enum ReminderKind
{
    /// <summary>The deadline is today or on the next working day.</summary>
    DueSoon,

    /// <summary>The deadline is past.</summary>
    Overdue,
}

/// <summary>
/// Reminds the officers of the responsible department of deadlines, once for each kind and deadline, on working days from
/// eight in the morning. A clock that jumps, a second node or a repeated run reminds nobody twice: what was reminded is
/// known by letter, kind and deadline.
/// </summary>
public sealed class RemindOfficers(DeskStore store, OfficeDirectory offices, TimeProvider clock)
{
    // Few enough not to hold up a writer at the form; the next round takes the rest.
    private const int Most = 500;
    private const int FirstHour = 8;

    /// <summary>Notes the reminders that are due.</summary>
    /// <returns>How many matters were reminded of; at most a few hundred a round.</returns>
    public async Task<int> HandleAsync(CancellationToken cancel)
    {
        var office = await offices.GetAsync(cancel);
        var now = clock.GetUtcNow();
        var today = office.Calendar.DayOf(now);
        if (!office.Calendar.IsWorkingDay(today) || office.Calendar.InOffice(now).Hour < FirstHour) return 0;
        var soon = office.Calendar.AddWorkingDays(today, 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await using var session = await store.WriteAsync(cancel);
        // Codes of the office's own date compare as text.
        var due = await session.QueryAsync(
            """
            SELECT m.letter_id, m.department, m.deadline, CASE WHEN m.deadline_at <= @now THEN 'overdue' ELSE 'due-soon' END AS kind
            FROM matters m
            WHERE m.state = 'open' AND m.deadline <= @soon
              AND NOT EXISTS (SELECT 1 FROM reminders r WHERE r.letter_id = m.letter_id AND r.deadline = m.deadline
                              AND r.kind = CASE WHEN m.deadline_at <= @now THEN 'overdue' ELSE 'due-soon' END)
            ORDER BY m.deadline, m.letter_id LIMIT @most
            """,
            row => new DueMatter(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)), cancel,
            ("now", now.ToUnixTimeMilliseconds()), ("soon", soon), ("most", Most));
        foreach (var matter in due)
        {
            await session.ExecuteAsync("INSERT INTO reminders (letter_id, kind, deadline, department, reminded_at) VALUES (@letter, @kind, @deadline, @department, @now)", cancel,
                ("letter", matter.LetterId), ("kind", matter.Kind), ("deadline", matter.Deadline), ("department", matter.Department), ("now", now.ToUnixTimeMilliseconds()));
            await Outbox.QueueMail.RemindAsync(session, matter.LetterId, matter.Kind, matter.Department, now, cancel);
        }

        await session.CommitAsync(cancel);
        return due.Count;
    }

    private sealed record DueMatter(string LetterId, string Department, string Deadline, string Kind);
}
