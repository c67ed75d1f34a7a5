using Microsoft.Data.Sqlite;

namespace Opinion.Desk.Storage;

/// <summary>For the doctor: whether tables, columns, indexes and triggers are those that the program's own migrations make.</summary>
internal static class ExamineSchema
{
    // Everything that makes up a schema as lines of text, without the name of the schema it stands in. Partitions of
    // letters and the schedule's own tables come and go.
    private const string OfPostgres =
        """
        WITH ours AS (SELECT oid, relname FROM pg_class WHERE relnamespace = CAST(@schema AS regnamespace) AND relkind IN ('r', 'p', 'v') AND (NOT relispartition OR relname = 'letters_other') AND relname NOT LIKE 'qrtz\_%' AND relname NOT LIKE 'data\_protection%')
        SELECT replace(line, @schema || '.', '') FROM (
            SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS line FROM ours c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM ours c JOIN pg_index i ON i.indrelid = c.oid
            UNION ALL SELECT 'constraint ' || c.relname || ' ' || pg_get_constraintdef(k.oid) FROM ours c JOIN pg_constraint k ON k.conrelid = c.oid AND k.conparentid = 0
            UNION ALL SELECT 'trigger ' || t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid) FROM ours c JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal) all_lines
        ORDER BY 1
        """;

    /// <summary>What is missing and what does not belong, in words.</summary>
    public static async Task<IReadOnlyList<string>> HandleAsync(DeskStore store, TimeProvider clock, CancellationToken cancel)
    {
        var (there, should) = store.Engine == "postgres" ? await PostgresAsync(store, clock, cancel) : await SqliteAsync(store, clock, cancel);
        return [.. should.Except(there, StringComparer.Ordinal).Select(line => "The schema lacks: " + Short(line)), .. there.Except(should, StringComparer.Ordinal).Select(line => "The schema has what no migration made: " + Short(line))];
    }

    private static async Task<(List<string> There, List<string> Should)> SqliteAsync(DeskStore store, TimeProvider clock, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        var there = await LinesAsync(session, cancel);
        var memory = new SqliteConnection("Data Source=:memory:;Foreign Keys=True");
        await memory.OpenAsync(cancel);
        await using var fresh = new StoreSession("sqlite", memory, null, null);
        await new Migrator(store, clock).ApplyAsync(fresh, Migrator.Newest, cancel);
        return (there, await LinesAsync(fresh, cancel));

        static Task<List<string>> LinesAsync(StoreSession session, CancellationToken cancel) =>
            session.QueryAsync("SELECT type || ' ' || name || COALESCE(': ' || sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1", row => row.GetString(0), cancel);
    }

    private static async Task<(List<string> There, List<string> Should)> PostgresAsync(DeskStore store, TimeProvider clock, CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        var schema = await session.TextAsync("SELECT current_schema()::text", cancel) ?? "public";
        // The migrations run once more beside the store, in a schema of their own that is rolled back. Both are described
        // from there, where neither is on the search path of the other.
        await session.ExecuteAsync("CREATE SCHEMA opinion_doctor; SET LOCAL search_path = opinion_doctor", cancel);
        await new Migrator(store, clock).ApplyAsync(session, Migrator.Newest, cancel);
        await session.ExecuteAsync("SET LOCAL search_path = pg_catalog", cancel);
        return (await session.QueryAsync(OfPostgres, row => row.GetString(0), cancel, ("schema", schema)), await session.QueryAsync(OfPostgres, row => row.GetString(0), cancel, ("schema", "opinion_doctor")));
    }

    private static string Short(string line)
    {
        var flat = line.ReplaceLineEndings(" ");
        return flat.Length <= 120 ? flat : flat[..120] + "…";
    }
}
