namespace Opinion.Desk.Storage.Moving;

/// <summary>
/// The statements that move a table, composed of names that the engines' own catalogues gave, each quoted. The only file of
/// the program in which a statement is not a constant (an architecture test names it): a table that a later migration adds
/// is moved without a list that somebody could forget.
/// </summary>
internal static class TableStatements
{
    /// <summary>Counts a table's rows.</summary>
    public static string Count(MovedTable table) => $"SELECT COUNT(*) FROM {Quote(table.Name)}";

    /// <summary>Empties a table that a migration filled.</summary>
    public static string Empty(MovedTable table) => $"DELETE FROM {Quote(table.Name)}";

    /// <summary>Reads a table on SQLite in the order of its key, leaving out the first rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="skip">Rows to leave out.</param>
    public static string ReadSqlite(MovedTable table, long skip) =>
        $"SELECT {Columns(table)} FROM {Quote(table.Name)} ORDER BY {string.Join(", ", table.Key.Select(Quote))} LIMIT -1 OFFSET {skip.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>Reads a table on PostgreSQL in the order of its key, text in the order of its characters as on SQLite.</summary>
    public static string ReadPostgres(MovedTable table) =>
        $"SELECT {Columns(table)} FROM {Quote(table.Name)} ORDER BY {string.Join(", ", table.Key.Select(name => Quote(name) + (table.Columns.Single(column => column.Name == name).Kind == ColumnKind.Text ? " COLLATE \"C\"" : "")))}";

    /// <summary>Takes rows in on PostgreSQL.</summary>
    public static string Copy(MovedTable table) => $"COPY {Quote(table.Name)} ({Columns(table)}) FROM STDIN (FORMAT BINARY)";

    private static string Columns(MovedTable table) => string.Join(", ", table.Columns.Select(column => Quote(column.Name)));

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
