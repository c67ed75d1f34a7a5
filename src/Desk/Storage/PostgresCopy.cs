using System.Security.Cryptography;
using Npgsql;

namespace Opinion.Desk.Storage;

/// <summary>
/// Copies a PostgreSQL store while it is used, over the connection the desk has anyway: one snapshot, each table as
/// PostgreSQL's own COPY text in the order of its key, so that a file's hash is its table's. Putting back is one transaction.
/// </summary>
internal static class PostgresCopy
{
    // The schedule's own tables say what this installation's nodes are doing at the moment, and keys of web sessions are
    // keys: neither is the office's data. Partitions come with their table.
    private const string Ours =
        """
        c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname NOT LIKE 'qrtz\_%' AND c.relname NOT LIKE 'data\_protection%'
        """;

    private const int Chunk = 1 << 16;

    public static async Task<StoreCopy> SaveAsync(NpgsqlConnection connection, string folder, Func<StoreSession, Task> alongside, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        await using var session = new StoreSession("postgres", connection, await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel), null) { Unhurried = true };
        await PlainFormsAsync(session, cancel);
        Directory.CreateDirectory(Path.Combine(folder, "tables"));
        var shapes = await ShapesAsync(session, cancel);
        var tables = new List<TableContent>(shapes.Count);
        foreach (var shape in shapes)
        {
            progress.Report(new StepProgress("copying tables", tables.Count, shapes.Count));
            await using var file = new FileStream(FileOf(folder, shape.Name), FileMode.CreateNew, FileAccess.Write, FileShare.None, Chunk);
            tables.Add(await ReadAsync(connection, shape, file, cancel));
        }

        progress.Report(new StepProgress("copying tables", tables.Count, shapes.Count));
        await alongside(session);
        var sequences = await session.QueryAsync("SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1",
            row => new SequenceValue(row.GetString(0), row.GetInt64(1)), cancel);
        var months = await session.QueryAsync("SELECT substring(c.relname FROM 9) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'letters'::regclass AND c.relname ~ '^letters_[0-9]{6}$' ORDER BY 1",
            row => row.GetString(0), cancel);
        return new StoreCopy((int)await session.CountAsync("SELECT MAX(version) FROM schema_versions", cancel), tables, sequences, months);
    }

    /// <summary>Puts a copy into an empty database, in the transaction of the session, and checks that it is what was copied.</summary>
    /// <exception cref="StoreException">It is not; the message says where.</exception>
    public static async Task LoadAsync(NpgsqlConnection connection, StoreSession session, string folder, StoreCopy copy, Func<StoreSession, int, Task> migrate, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        await PlainFormsAsync(session, cancel);
        progress.Report(new StepProgress("making the schema", 0, 0));
        await migrate(session, copy.Schema);
        foreach (var month in copy.Months)
        {
            var number = int.Parse(month, System.Globalization.CultureInfo.InvariantCulture);
            await session.ExecuteAsync("SELECT make_letters_month(@year, @month)", cancel, ("year", number / 100), ("month", number % 100));
        }

        // What triggers would add is in the copy itself, and what they would refuse has happened already.
        await session.ExecuteAsync(
            """
            DO $$ DECLARE t regclass; BEGIN
                FOR t IN SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', t); END LOOP;
            END $$
            """, cancel);
        var shapes = await ShapesAsync(session, cancel);
        foreach (var shape in Enumerable.Reverse(shapes)) await RunAsync(connection, shape.Empty, cancel);
        var missing = copy.Tables.Select(table => table.Name).Except(shapes.Select(shape => shape.Name), StringComparer.Ordinal).FirstOrDefault();
        if (missing is not null) throw new StoreException($"The manifest names a table that schema {copy.Schema} of this program does not have: {missing}.");
        var done = 0;
        foreach (var shape in shapes)
        {
            progress.Report(new StepProgress("loading tables", done++, shapes.Count));
            if (!copy.Tables.Any(table => table.Name == shape.Name)) continue;
            await using var file = File.OpenRead(FileOf(folder, shape.Name));
            await using var to = await connection.BeginTextImportAsync(shape.Load, cancel);
            await file.CopyToAsync(((StreamWriter)to).BaseStream, Chunk, cancel);
        }

        progress.Report(new StepProgress("loading tables", shapes.Count, shapes.Count));
        await session.ExecuteAsync(
            """
            DO $$ DECLARE t regclass; BEGIN
                FOR t IN SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') LOOP EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', t); END LOOP;
            END $$
            """, cancel);
        foreach (var (name, value) in copy.Sequences)
            await session.ExecuteAsync("SELECT setval(c.oid::regclass, @value) FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'S' AND c.relname = @name", cancel, ("name", name), ("value", value));

        var found = new List<TableContent>(shapes.Count);
        foreach (var shape in shapes)
        {
            progress.Report(new StepProgress("counting and hashing tables", found.Count, shapes.Count));
            found.Add(await ReadAsync(connection, shape, Stream.Null, cancel));
        }

        progress.Report(new StepProgress("counting and hashing tables", found.Count, shapes.Count));
        // A table the copy knows nothing of was made by this program's form of the schema and is empty.
        found.RemoveAll(table => table.Rows == 0 && copy.Tables.All(known => known.Name != table.Name));
        if (copy.DifferenceFrom(found) is { } difference) throw new StoreException($"What was put back is not what was backed up: {difference}.");
    }

    /// <summary>What stands in a database already; null where nothing does.</summary>
    public static Task<string?> OccupantAsync(StoreSession session, CancellationToken cancel) =>
        session.TextAsync("SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') ORDER BY 1 LIMIT 1", cancel);

    private static string FileOf(string folder, string table) => Path.Combine(folder, "tables", table + ".copy");

    // The same text for the same value, whatever server or role is set to.
    private static async Task PlainFormsAsync(StoreSession session, CancellationToken cancel)
    {
        await session.ExecuteAsync("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'", cancel);
    }

    private static async Task<List<Shape>> ShapesAsync(StoreSession session, CancellationToken cancel)
    {
        // The server itself writes the statements, from its own catalogue.
        var shapes = await session.QueryAsync(
            """
            SELECT c.relname::text, format('COPY (SELECT %s FROM %s ORDER BY %s) TO STDOUT', a.columns, c.oid::regclass, COALESCE(k.columns, a.columns)),
                   format('COPY %s (%s) FROM STDIN', c.oid::regclass, a.columns), format('DELETE FROM %s', c.oid::regclass)
            FROM pg_class c
            CROSS JOIN LATERAL (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') a
            LEFT JOIN LATERAL (SELECT string_agg(quote_ident(t.attname), ', ' ORDER BY n.place) AS columns FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY n (attnum, place)
                JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum = n.attnum WHERE i.indrelid = c.oid AND i.indisprimary) k ON TRUE
            WHERE
            """ + " " + Ours + " ORDER BY 1", row => new Shape(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)), cancel);
        var points = (await session.QueryAsync("SELECT DISTINCT c.relname::text, f.relname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid WHERE k.contype = 'f' AND k.conrelid <> k.confrelid",
            row => (From: row.GetString(0), To: row.GetString(1)), cancel)).ToLookup(pair => pair.From, pair => pair.To, StringComparer.Ordinal);
        var ordered = new List<Shape>(shapes.Count);
        while (ordered.Count < shapes.Count)
        {
            var next = shapes.Except(ordered).Where(shape => points[shape.Name].All(to => ordered.Any(before => before.Name == to) || shapes.All(any => any.Name != to))).ToList();
            if (next.Count == 0) throw new StoreException("Tables point to one another in a circle: " + string.Join(", ", shapes.Except(ordered).Select(shape => shape.Name)));
            ordered.AddRange(next);
        }

        return ordered;
    }

    private static async Task<TableContent> ReadAsync(NpgsqlConnection connection, Shape shape, Stream to, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var from = await connection.BeginTextExportAsync(shape.Save, cancel);
        var bytes = ((StreamReader)from).BaseStream;
        var buffer = new byte[Chunk];
        var rows = 0L;
        for (int read; (read = await bytes.ReadAsync(buffer, cancel)) > 0;)
        {
            // A line end inside a value is written as backslash and n, so every U+000A ends a row.
            rows += buffer.AsSpan(0, read).Count((byte)'\n');
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }

        await to.FlushAsync(cancel);
        return new TableContent(shape.Name, rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancel);
    }

    private sealed record Shape(string Name, string Save, string Load, string Empty);
}
