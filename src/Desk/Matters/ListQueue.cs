using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
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

    // The page's letters come from two walks along an index, each no longer than the page reaches, and only then their words:
    // the own department's matters, and for who is on duty the urgent ones of the others. Whoever asks for page 100 walks 100.
    private const string Lines =
        """
        SELECT l.number, l.title, l.body, l.subject, l.need, l.district, l.arrived_at, m.deadline, m.deadline_at, m.urgent, m.disposition,
               (SELECT e.kind FROM matter_events e WHERE e.letter_id = l.id AND e.kind NOT IN ('note', 'original-opened') ORDER BY e.id DESC LIMIT 1)
        FROM page JOIN matters m ON m.letter_id = page.letter_id JOIN letters l ON l.id = page.letter_id

        """;

    // A null subject means all. A department complained about has no matter about itself; what is urgent elsewhere may be about it.
    private const string OfSubject = "(CAST(@subject AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM letters s WHERE s.id = m.letter_id AND (s.subject = @subject OR s.subject LIKE @below)))";
    private const string NotAboutIt = "(SELECT COALESCE(a.about_department, '') FROM letters a WHERE a.id = m.letter_id) <> @department";
    private const string Own = "(SELECT m.letter_id, m.urgent, m.deadline_at, m.closed_at FROM matters m WHERE m.department = @department AND ";
    private const string Others = "(SELECT m.letter_id, m.urgent, m.deadline_at, m.closed_at FROM matters m WHERE @duty = 1 AND m.urgent = 1 AND m.department <> @department AND " + NotAboutIt + " AND " + OfSubject + " AND ";
    private const string Soonest = " ORDER BY m.urgent DESC, m.deadline_at, m.letter_id LIMIT @reach) ";
    private const string Latest = " ORDER BY m.closed_at DESC, m.letter_id LIMIT @reach) ";
    private const string Both = "UNION ALL SELECT * FROM ";
    private const string OpenPage =
        "WITH page AS (SELECT * FROM " + Own + OfSubject + " AND m.state = 'open'" + Soonest + "AS own " + Both + Others + "m.state = 'open'" + Soonest + "AS others ORDER BY urgent DESC, deadline_at, letter_id LIMIT @take OFFSET @skip) "
        + Lines + "ORDER BY page.urgent DESC, page.deadline_at, page.letter_id";
    private const string OverduePage =
        "WITH page AS (SELECT * FROM " + Own + OfSubject + " AND m.state = 'open' AND m.deadline_at <= @now" + Soonest + "AS own " + Both + Others + "m.state = 'open' AND m.deadline_at <= @now" + Soonest
        + "AS others ORDER BY urgent DESC, deadline_at, letter_id LIMIT @take OFFSET @skip) " + Lines + "ORDER BY page.urgent DESC, page.deadline_at, page.letter_id";
    private const string ClosedPage =
        "WITH page AS (SELECT * FROM " + Own + OfSubject + " AND m.state = 'closed'" + Latest + "AS own " + Both + Others + "m.state = 'closed'" + Latest + "AS others ORDER BY closed_at DESC, letter_id LIMIT @take OFFSET @skip) "
        + Lines + "ORDER BY page.closed_at DESC, page.letter_id";

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
        SqlValue[] values = [("department", officer.Department), ("duty", officer.OnDuty ? 1 : 0), ("now", now.ToUnixTimeMilliseconds()), ("subject", subject), ("below", subject is null ? null : subject + ".%"), ("take", PageSize + 1), ("skip", page * PageSize), ("reach", ((page + 1) * PageSize) + 1)];
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
            QueueView.Overdue => await session.QueryAsync(OverduePage, Read, cancel, values),
            QueueView.Closed => await session.QueryAsync(ClosedPage, Read, cancel, values),
            _ => await session.QueryAsync(OpenPage, Read, cancel, values),
        };
        var (open, overdue, soon) = (await session.QueryAsync(
            """
            SELECT COUNT(*), COUNT(*) FILTER (WHERE deadline_at <= @now), COUNT(*) FILTER (WHERE deadline_at > @now AND deadline_at <= @soon)
            FROM matters WHERE department = @department AND state = 'open'
            """,
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancel, ("department", officer.Department), ("now", now.ToUnixTimeMilliseconds()), ("soon", now.AddDays(3).ToUnixTimeMilliseconds())))[0];
        return new Queue([.. lines.Take(PageSize)], lines.Count > PageSize, open, overdue, soon);
    }

    /// <summary>The first words of a body, as a title for a letter without one.</summary>
    internal static string Opening(string body)
    {
        const int most = 30;
        var line = body.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        if (end >= 0) line = line[..end];
        var text = line.ToString();
        return text.Length <= most ? text : LetterText.Cut(text, most) + "…";
    }
}
