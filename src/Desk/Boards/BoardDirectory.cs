using System.Data.Common;
using System.Globalization;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Boards;

/// <summary>The message boards the office has set up. Every change is an administrator's and stands in the audit log.</summary>
public sealed class BoardDirectory(DeskStore store, AuditLog audit, TimeProvider clock)
{
    /// <summary>All boards, by title.</summary>
    public async Task<IReadOnlyList<Board>> ListAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            """
            SELECT id, title, list_url, since, posts, older, heading, body, leave_out, day, number, submitted, submitted_words, active,
                resume_url, list_etag, list_modified, started_at, ended_at, looked, added, repeated, set_aside, waiting, halt, halt_detail
            FROM boards ORDER BY title, id
            """, Read, cancel);
    }

    /// <summary>Finds a board; null where there is none of that id.</summary>
    public async Task<Board?> FindAsync(string? id, CancellationToken cancel) => (await ListAsync(cancel)).FirstOrDefault(board => string.Equals(board.Id, id, StringComparison.Ordinal));

    /// <summary>Adds a board, switched off.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> AddAsync(StaffMember administrator, BoardDraft draft, CancellationToken cancel)
    {
        Require(administrator);
        var id = ReceiptCode.RandomNumber();
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync(
            """
            INSERT INTO boards (id, title, list_url, since, posts, older, heading, body, leave_out, day, number, submitted, submitted_words, changed_at)
            VALUES (@id, @title, @url, @since, @posts, @older, @heading, @body, @without, @day, @number, @submitted, @words, @now)
            """, cancel, Values(id, draft));
        await audit.WriteAsync(session, administrator.Id, "board-added", id, null, null, cancel);
        await session.CommitAsync(cancel);
        return id;
    }

    /// <summary>Changes a board. What was read stays read; the list is looked at anew.</summary>
    /// <returns>False where there is no such board.</returns>
    public async Task<bool> ChangeAsync(StaffMember administrator, string id, BoardDraft draft, CancellationToken cancel)
    {
        Require(administrator);
        await using var session = await store.WriteAsync(cancel);
        var changed = await session.ExecuteAsync(
            """
            UPDATE boards SET title = @title, list_url = @url, since = @since, posts = @posts, older = @older, heading = @heading, body = @body, leave_out = @without,
                day = @day, number = @number, submitted = @submitted, submitted_words = @words, changed_at = @now, resume_url = NULL, list_etag = NULL, list_modified = NULL
            WHERE id = @id
            """, cancel, Values(id, draft));
        if (changed == 0) return false;
        // What waited because the map did not find it is looked at with the new one.
        await session.ExecuteAsync("DELETE FROM board_pages WHERE board = @id AND state = 'waits'", cancel, ("id", id));
        await audit.WriteAsync(session, administrator.Id, "board-changed", id, null, null, cancel);
        await session.CommitAsync(cancel);
        return true;
    }

    /// <summary>Switches a board on or off.</summary>
    /// <returns>False where there is no such board.</returns>
    public async Task<bool> SwitchAsync(StaffMember administrator, string? id, bool active, CancellationToken cancel)
    {
        Require(administrator);
        await using var session = await store.WriteAsync(cancel);
        if (id is null || await session.ExecuteAsync("UPDATE boards SET active = @active WHERE id = @id", cancel, ("active", active ? 1L : 0L), ("id", id)) == 0) return false;
        await audit.WriteAsync(session, administrator.Id, active ? "board-on" : "board-off", id, null, null, cancel);
        await session.CommitAsync(cancel);
        return true;
    }

    /// <summary>Notes that a run began.</summary>
    public async Task BeginAsync(Board board, DateTimeOffset started, CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync(
            "UPDATE boards SET started_at = @started, ended_at = NULL, looked = 0, added = 0, repeated = 0, set_aside = 0, waiting = 0, halt = NULL, halt_detail = NULL WHERE id = @id", cancel,
            ("started", started.ToUnixTimeMilliseconds()), ("id", board.Id));
        await session.CommitAsync(cancel);
    }

    /// <summary>Notes at which list page an unfinished run would go on; null where there is nothing left.</summary>
    public async Task ResumeAtAsync(Board board, Uri? page, CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync("UPDATE boards SET resume_url = @page WHERE id = @id", cancel, ("page", page?.AbsoluteUri), ("id", board.Id));
        await session.CommitAsync(cancel);
    }

    /// <summary>Notes by what the list is known when it has not changed, once all its posts are settled; null for both where it must be read again.</summary>
    public async Task KnowListAsync(Board board, string? entityTag, string? modified, CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync("UPDATE boards SET list_etag = @etag, list_modified = @modified WHERE id = @id", cancel, ("etag", entityTag), ("modified", modified), ("id", board.Id));
        await session.CommitAsync(cancel);
    }

    /// <summary>Notes how a run ended.</summary>
    public async Task EndAsync(Board board, BoardRun run, CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync(
            """
            UPDATE boards SET started_at = @started, ended_at = @ended, looked = @looked, added = @added, repeated = @repeated, set_aside = @aside, waiting = @waiting, halt = @halt, halt_detail = @detail
            WHERE id = @id
            """, cancel,
            ("started", run.Started.ToUnixTimeMilliseconds()), ("ended", run.Ended?.ToUnixTimeMilliseconds()), ("looked", run.Counts.Looked), ("added", run.Counts.Added), ("repeated", run.Counts.Repeated),
            ("aside", run.Counts.SetAside), ("waiting", run.Counts.Waiting), ("halt", run.Halt?.Reason), ("detail", run.Halt?.Detail), ("id", board.Id));
        await session.CommitAsync(cancel);
    }

    private SqlValue[] Values(string id, BoardDraft draft) =>
    [
        ("id", id), ("title", draft.Title), ("url", draft.Address.AbsoluteUri), ("since", draft.Since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("posts", draft.Map.Posts), ("older", draft.Map.Older),
        ("heading", draft.Map.Heading), ("body", draft.Map.Body), ("without", draft.Map.LeaveOut), ("day", draft.Map.Day), ("number", draft.Map.Number), ("submitted", draft.Map.Submitted),
        ("words", draft.Map.SubmittedWords), ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()),
    ];

    private static void Require(StaffMember administrator)
    {
        if (administrator.Role != Role.Administrator) throw new UnauthorizedAccessException("Only an administrator does this.");
    }

    private static Board Read(DbDataReader row)
    {
        var map = new BoardMap(row.GetString(4), row.GetString(7), row.GetString(9), row.GetString(11)) { Older = Text(row, 5), Heading = Text(row, 6), LeaveOut = Text(row, 8), Number = Text(row, 10), SubmittedWords = Text(row, 12) };
        var draft = new BoardDraft(row.GetString(1), new Uri(row.GetString(2)), DateOnly.ParseExact(row.GetString(3), "yyyy-MM-dd", CultureInfo.InvariantCulture), map);
        var last = Moment(row, 17) is not { } started ? null : new BoardRun(started, Moment(row, 18),
            new BoardCounts(row.GetInt64(19), row.GetInt64(20), row.GetInt64(21), row.GetInt64(22), row.GetInt64(23)), Text(row, 24) is { } halt ? new BoardHalt(halt, Text(row, 25)) : null);
        return new Board(row.GetString(0), draft, row.GetInt64(13) == 1, Text(row, 14) is { } resume ? new Uri(resume) : null, Text(row, 15), Text(row, 16), last);
    }

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Moment(DbDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
