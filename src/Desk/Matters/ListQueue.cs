using Opinion.Desk.Accounts;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Matters;

/// <summary>What the officer wants to see of the own department's queue.</summary>
public enum QueueView
{
    /// <summary>Open matters, urgent danger first, then by deadline, so that the overdue stand on top.</summary>
    Open,

    /// <summary>Open matters past their deadline.</summary>
    Overdue,

    /// <summary>Closed matters, the latest first.</summary>
    Closed,
}

/// <summary>One line of a queue.</summary>
public sealed record QueueLine(string Number, string Title, string? Subject, string? Need, string? District, DateTimeOffset Arrived, DateOnly Deadline, bool Overdue, bool Urgent, string? Disposition, string LastEvent);

/// <summary>One page of a queue, with the counts the officer steers by.</summary>
/// <param name="Lines">The page's lines.</param>
/// <param name="More">Whether another page follows.</param>
/// <param name="Open">Open matters of the department.</param>
/// <param name="Overdue">Those past their deadline.</param>
/// <param name="DueSoon">Those due within three days.</param>
public sealed record Queue(IReadOnlyList<QueueLine> Lines, bool More, long Open, long Overdue, long DueSoon);

/// <summary>Lists the officer's own department's matters; an officer on duty also sees urgent danger of every department.</summary>
public sealed class ListQueue(DeskStore store, TimeProvider clock)
{
    /// <summary>Lines on one page.</summary>
    public const int PageSize = 30;

    private const string Columns =
        """
        SELECT l.number, l.title, l.body, l.subject, l.need, l.district, l.arrived_at, m.deadline, m.deadline_at, m.urgent, m.disposition,
               (SELECT e.kind FROM matter_events e WHERE e.letter_id = l.id AND e.kind NOT IN ('note', 'original-opened') ORDER BY e.id DESC LIMIT 1)
        FROM matters m JOIN letters l ON l.id = m.letter_id
        WHERE (m.department = @department OR (@duty = 1 AND m.urgent = 1)) AND (l.about_department IS NULL OR l.about_department <> @department)

        """;

    /// <summary>Reads one page.</summary>
    /// <param name="officer">An officer; other roles get an empty queue.</param>
    /// <param name="view">Which part of the queue.</param>
    /// <param name="subject">Only this subject and those below it; null for all.</param>
    /// <param name="page">The page, counted from 0.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<Queue> HandleAsync(StaffMember officer, QueueView view, string? subject, int page, CancellationToken cancel)
    {
        if (officer.Role != Role.Officer) return new Queue([], false, 0, 0, 0);
        await using var session = await store.ReadAsync(cancel);
        var now = clock.GetUtcNow();
        SqlValue[] values = [("department", officer.Department), ("duty", officer.OnDuty ? 1 : 0), ("now", now.ToUnixTimeMilliseconds()), ("subject", subject), ("below", subject is null ? null : subject + ".%"), ("take", PageSize + 1), ("skip", page * PageSize)];
        QueueLine Read(System.Data.Common.DbDataReader row)
        {
            var title = row.GetString(1);
            var open = row.IsDBNull(10);
            return new QueueLine(row.GetString(0), title.Length > 0 ? title : Opening(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : row.GetString(5), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
                DateOnly.ParseExact(row.GetString(7), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                open && row.GetInt64(8) <= now.ToUnixTimeMilliseconds(), row.GetInt64(9) == 1, open ? null : row.GetString(10), row.GetString(11));
        }

        var lines = view switch
        {
            QueueView.Overdue => await session.QueryAsync(Columns + "AND m.state = 'open' AND m.deadline_at <= @now AND (CAST(@subject AS TEXT) IS NULL OR l.subject = @subject OR l.subject LIKE @below) ORDER BY m.urgent DESC, m.deadline_at, l.id LIMIT @take OFFSET @skip", Read, cancel, values),
            QueueView.Closed => await session.QueryAsync(Columns + "AND m.state = 'closed' AND (CAST(@subject AS TEXT) IS NULL OR l.subject = @subject OR l.subject LIKE @below) ORDER BY m.closed_at DESC, l.id LIMIT @take OFFSET @skip", Read, cancel, values),
            _ => await session.QueryAsync(Columns + "AND m.state = 'open' AND (CAST(@subject AS TEXT) IS NULL OR l.subject = @subject OR l.subject LIKE @below) ORDER BY m.urgent DESC, m.deadline_at, l.id LIMIT @take OFFSET @skip", Read, cancel, values),
        };
        var open = await session.CountAsync("SELECT COUNT(*) FROM matters WHERE department = @department AND state = 'open'", cancel, ("department", officer.Department));
        var overdue = await session.CountAsync("SELECT COUNT(*) FROM matters WHERE department = @department AND state = 'open' AND deadline_at <= @now", cancel, ("department", officer.Department), ("now", now.ToUnixTimeMilliseconds()));
        var soon = await session.CountAsync("SELECT COUNT(*) FROM matters WHERE department = @department AND state = 'open' AND deadline_at > @now AND deadline_at <= @soon", cancel,
            ("department", officer.Department), ("now", now.ToUnixTimeMilliseconds()), ("soon", now.AddDays(3).ToUnixTimeMilliseconds()));
        return new Queue([.. lines.Take(PageSize)], lines.Count > PageSize, open, overdue, soon);
    }

    /// <summary>The first words of a body, as a title for a letter without one.</summary>
    internal static string Opening(string body)
    {
        const int most = 30;
        var line = body.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        if (end >= 0) line = line[..end];
        if (line.Length <= most) return line.ToString();
        var cut = char.IsHighSurrogate(line[most - 1]) ? most - 1 : most;
        return string.Concat(line[..cut], "…");
    }
}
