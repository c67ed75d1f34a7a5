using System.Data.Common;
using Npgsql;

namespace Opinion.Desk.Storage.Moving;

/// <summary>
/// The PostgreSQL database that is moved into. From the first statement on it carries a mark, the table
/// <c>unfinished_move</c>, while which stands no program opens it as an office; the mark goes in the transaction that ends a
/// verified move. One move at a time works on it.
/// </summary>
internal sealed class MoveTarget : IAsyncDisposable
{
    /// <summary>The tables of the mark, of which the office knows nothing.</summary>
    public static readonly string[] MarkTables = ["unfinished_move", "unfinished_move_tables"];

    private const long MoveLock = 0x4F70696E696F6E03;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DeskStore _store;

    private MoveTarget(DeskStore store, NpgsqlConnection connection) => (_store, Connection, Session) = (store, connection, new StoreSession("postgres", connection, null, null) { Unhurried = true });

    /// <summary>The connection that holds the lock of moves and takes rows in.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>A session on the same connection.</summary>
    public StoreSession Session { get; }

    /// <summary>Refuses a database in which a move was begun and not finished.</summary>
    /// <exception cref="StoreException">The mark stands in it.</exception>
    public static async Task RefuseUnfinishedAsync(StoreSession session, string location, CancellationToken cancel)
    {
        if (session.IsPostgres && await session.CountAsync("SELECT COUNT(*) FROM pg_class WHERE relname = 'unfinished_move' AND relnamespace = current_schema()::regnamespace", cancel) > 0)
            throw new StoreException($"The database {location} holds a move that is not finished, and no office until it is. Run ./opinion migrate again, with the same --from and --to.");
    }

    /// <summary>Takes the lock of moves.</summary>
    /// <exception cref="StoreException">Another move works on the database.</exception>
    public static async Task<MoveTarget> OpenAsync(DeskStore store, TimeProvider clock, CancellationToken cancel)
    {
        var target = new MoveTarget(store, (NpgsqlConnection)await store.ConnectAsync(cancel));
        try
        {
            // A move that was killed may hold its lock until the server has noticed.
            for (var since = clock.GetTimestamp(); ;)
            {
                if (await target.Session.CountAsync("SELECT CASE WHEN pg_try_advisory_lock(@number) THEN 1 ELSE 0 END", cancel, ("number", MoveLock)) == 1) return target;
                if (clock.GetElapsedTime(since) > Patience) throw new StoreException($"Another move into {store.Location} is running.");
                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancel);
            }
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>Marks an empty database, or takes up the mark of the same source; what a move of another state of the source left is cleared away.</summary>
    /// <param name="file">The source's file, which must be the same.</param>
    /// <param name="fingerprint">The state of the source's bytes.</param>
    /// <param name="now">The moment, in milliseconds since 1970.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>Whether an earlier move goes on.</returns>
    /// <exception cref="StoreException">The database holds something else.</exception>
    public async Task<bool> BeginAsync(string file, string fingerprint, long now, CancellationToken cancel)
    {
        await using var session = await _store.WriteAsync(cancel);
        var tables = await session.QueryAsync("SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm') ORDER BY 1", row => row.GetString(0), cancel);
        if (tables.Contains("unfinished_move"))
        {
            var mark = await session.FirstAsync("SELECT file, fingerprint FROM unfinished_move", row => (object)(row.GetString(0), row.GetString(1)), cancel);
            var (earlier, state) = ((string, string))mark!;
            if (earlier != file) throw new StoreException($"The database {_store.Location} holds a move of {earlier} that is not finished. Finish it, or give an empty database.");
            if (state == fingerprint) return true;
            await session.ExecuteAsync(
                """
                DO $$
                DECLARE what record;
                BEGIN
                    FOR what IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
                    LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', what.name); END LOOP;
                    FOR what IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
                    LOOP EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', what.name); END LOOP;
                    FOR what IN SELECT t.oid::regtype AS name FROM pg_type t WHERE t.typnamespace = current_schema()::regnamespace AND t.typtype = 'd' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
                    LOOP EXECUTE format('DROP DOMAIN IF EXISTS %s CASCADE', what.name); END LOOP;
                END $$
                """, cancel);
        }
        else if (tables.Count > 0)
        {
            throw new StoreException($"The database {_store.Location} is not empty ({string.Join(", ", tables.Take(3))}, …). Give an empty one: createdb makes it.");
        }

        await session.ExecuteAsync("CREATE TABLE unfinished_move (file TEXT NOT NULL, fingerprint TEXT NOT NULL, started_at BIGINT NOT NULL)", cancel);
        await session.ExecuteAsync("CREATE TABLE unfinished_move_tables (name TEXT PRIMARY KEY, done BIGINT NOT NULL)", cancel);
        await session.ExecuteAsync("INSERT INTO unfinished_move (file, fingerprint, started_at) VALUES (@file, @fingerprint, @now)", cancel, ("file", file), ("fingerprint", fingerprint), ("now", now));
        await session.CommitAsync(cancel);
        return false;
    }

    /// <summary>How many rows of a table are in; null where it has not been begun.</summary>
    public async Task<long?> DoneAsync(MovedTable table, CancellationToken cancel) =>
        await Session.CountAsync("SELECT COALESCE((SELECT done FROM unfinished_move_tables WHERE name = @name), -1)", cancel, ("name", table.Name)) is >= 0 and var done ? done : null;

    /// <summary>Begins a table: what a migration put into it comes from the source too.</summary>
    public async Task BeginTableAsync(MovedTable table, CancellationToken cancel)
    {
        await using var transaction = await Connection.BeginTransactionAsync(cancel);
        if (Convert.ToInt64(await ScalarAsync(TableStatements.Count(table), cancel), System.Globalization.CultureInfo.InvariantCulture) > 0) await ScalarAsync(TableStatements.Empty(table), cancel);
        await SetDoneAsync(table, 0, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Takes rows in and moves the table's cursor, in one transaction.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The rows, each value in the order of the table's columns.</param>
    /// <param name="done">How many rows are in with these.</param>
    /// <param name="cancel">Cancels it; nothing of these rows is in then.</param>
    public async Task TakeAsync(MovedTable table, IReadOnlyList<object?[]> rows, long done, CancellationToken cancel)
    {
        await using var transaction = await Connection.BeginTransactionAsync(cancel);
        await using (var copy = await Connection.BeginBinaryImportAsync(TableStatements.Copy(table), cancel))
        {
            foreach (var row in rows)
            {
                await copy.StartRowAsync(cancel);
                for (var i = 0; i < row.Length; i++)
                {
                    if (row[i] is null) await copy.WriteNullAsync(cancel);
                    else await copy.WriteAsync(row[i], table.Columns[i].Type, cancel);
                }
            }

            await copy.CompleteAsync(cancel);
        }

        await SetDoneAsync(table, done, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The next number a table counts up to comes after every number the source ever gave.</summary>
    public async Task CountOnAsync(MovedTable table, long last, CancellationToken cancel)
    {
        if (table.Identity is { } column && last > 0) await Session.CountAsync("SELECT setval(pg_get_serial_sequence(@table, @column), @last)", cancel, ("table", table.Name), ("column", column), ("last", last));
    }

    /// <summary>Makes the next move begin anew: this one does not hold what the source holds.</summary>
    public Task<int> DistrustAsync(CancellationToken cancel) => Session.ExecuteAsync("UPDATE unfinished_move SET fingerprint = ''", cancel);

    /// <summary>Takes the mark away: the database is the office from now on.</summary>
    public async Task FinishAsync(CancellationToken cancel)
    {
        await Session.ExecuteAsync("ANALYZE", cancel);
        await Session.ExecuteAsync("DROP TABLE unfinished_move, unfinished_move_tables", cancel);
    }

    /// <summary>Gives the lock and the connection back.</summary>
    public async ValueTask DisposeAsync()
    {
        // The connection goes back to a pool, and the lock is the connection's.
        if (Connection.State == System.Data.ConnectionState.Open) await Session.ExecuteAsync("SELECT pg_advisory_unlock_all()", CancellationToken.None);
        await Session.DisposeAsync();
    }

    private Task<int> SetDoneAsync(MovedTable table, long done, CancellationToken cancel) => Session.ExecuteAsync(
        "INSERT INTO unfinished_move_tables (name, done) VALUES (@name, @done) ON CONFLICT (name) DO UPDATE SET done = EXCLUDED.done", cancel, ("name", table.Name), ("done", done));

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancel)
    {
        await using DbCommand command = Connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancel);
    }
}
