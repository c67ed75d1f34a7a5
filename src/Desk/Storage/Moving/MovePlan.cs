using System.Data.Common;
using Npgsql;

namespace Opinion.Desk.Storage.Moving;

/// <summary>
/// Which tables go over, in an order in which every row finds what it refers to, so that no constraint and no trigger has
/// to be off for a moment. Read from both schemas: a table of both is moved; one that lies in only one of them, or is a
/// search index, must be named as rebuilt or kept, else there is no plan.
/// </summary>
/// <param name="Tables">The tables that are moved, in order.</param>
internal sealed record MovePlan(IReadOnlyList<MovedTable> Tables)
{
    // Migrations write schema_versions; a trigger keeps letter_keys with the letters.
    private static readonly string[] Kept = ["schema_versions", "letter_keys"];

    /// <summary>Makes the plan.</summary>
    /// <param name="source">The SQLite store.</param>
    /// <param name="target">The PostgreSQL store, with its schema.</param>
    /// <param name="rebuilt">Names of tables that are made anew from others after the move.</param>
    /// <param name="cancel">Cancels the reading.</param>
    /// <exception cref="StoreException">A table or column has no counterpart, or tables refer to each other in a circle.</exception>
    public static async Task<MovePlan> ReadAsync(DbConnection source, NpgsqlConnection target, IReadOnlyCollection<string> rebuilt, CancellationToken cancel)
    {
        var from = (await RowsAsync(source, "SELECT t.name, t.type, c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid",
            row => (Table: row.GetString(0), Type: row.GetString(1), Column: row.GetString(2)), cancel)).ToLookup(row => row.Table);
        var to = (await RowsAsync(target,
            """
            SELECT c.relname::text, a.attname::text, COALESCE(b.typname, t.typname)::text, a.attidentity <> '' FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname, a.attnum
            """, row => (Table: row.GetString(0), Column: row.GetString(1), Type: row.GetString(2), Identity: row.GetBoolean(3)), cancel)).ToLookup(row => row.Table);
        var keys = (await RowsAsync(target,
            """
            SELECT c.relname::text, a.attname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (number, place)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
            WHERE i.indisprimary AND c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition ORDER BY c.relname, k.place
            """, row => (Table: row.GetString(0), Column: row.GetString(1)), cancel)).ToLookup(row => row.Table, row => row.Column);
        var references = (await RowsAsync(target,
            "SELECT DISTINCT c.relname::text, r.relname::text FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid WHERE f.contype = 'f' AND c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition AND NOT r.relispartition",
            // letter_keys is written with the letters, so what refers to a key waits for them.
            row => (Table: row.GetString(0), To: row.GetString(1) is var to && to == "letter_keys" ? "letters" : to), cancel)).ToLookup(row => row.Table, row => row.To);

        var elsewhere = rebuilt.Concat(Kept).Concat(MoveTarget.MarkTables).ToHashSet(StringComparer.Ordinal);
        var moved = new List<MovedTable>();
        var unplanned = new List<string>();
        foreach (var name in from.Select(table => table.Key).Union(to.Select(table => table.Key), StringComparer.Ordinal).Where(name => !elsewhere.Contains(name)).Order(StringComparer.Ordinal))
        {
            if (!from.Contains(name) || !to.Contains(name) || from[name].First().Type != "table" || !keys.Contains(name)) unplanned.Add(name);
            else moved.Add(Table(name, from[name].Select(row => row.Column), [.. to[name].Select(row => (row.Column, row.Type, row.Identity))], [.. keys[name]], references[name].Contains(name)));
        }

        if (unplanned.Count > 0) throw new StoreException($"There is no plan for moving {string.Join(", ", unplanned)}: each must be in both schemas with a primary key, or be rebuilt.");
        return new MovePlan(InOrder(moved, references));
    }

    private static MovedTable Table(string name, IEnumerable<string> from, List<(string Column, string Type, bool Identity)> to, string[] key, bool self)
    {
        var differing = from.Except(to.Select(column => column.Column)).Concat(to.Select(column => column.Column).Except(from)).ToList();
        if (differing.Count > 0) throw new StoreException($"The columns of {name} differ between the stores: {string.Join(", ", differing)}.");
        return new MovedTable(name, [.. to.Select(column => new MovedColumn(column.Column, KindOf(name, column.Column, column.Type)))], key, to.Where(column => column.Identity).Select(column => column.Column).SingleOrDefault(), self);
    }

    private static ColumnKind KindOf(string table, string column, string type) => type switch
    {
        "int8" => ColumnKind.Whole,
        "int4" => ColumnKind.Small,
        "bool" => ColumnKind.Truth,
        "float8" => ColumnKind.Real,
        "text" or "varchar" => ColumnKind.Text,
        "bytea" => ColumnKind.Bytes,
        "timestamptz" => ColumnKind.Moment,
        _ => throw new StoreException($"The column {table}.{column} is of type {type}, which the move does not know."),
    };

    private static List<MovedTable> InOrder(List<MovedTable> tables, ILookup<string, string> references)
    {
        var waiting = tables.ToList();
        var ordered = new List<MovedTable>();
        while (waiting.Count > 0)
        {
            var next = waiting.Where(table => references[table.Name].All(other => other == table.Name || waiting.All(open => open.Name != other))).ToList();
            if (next.Count == 0) throw new StoreException($"Tables refer to each other in a circle: {string.Join(", ", waiting.Select(table => table.Name))}.");
            ordered.AddRange(next);
            waiting.RemoveAll(next.Contains);
        }

        return ordered;
    }

    private static async Task<List<T>> RowsAsync<T>(DbConnection connection, string sql, Func<DbDataReader, T> read, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(read(reader));
        return rows;
    }
}
