using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Opinion.Desk.Storage;

/// <summary>
/// Copies a SQLite store while it is used. VACUUM INTO reads one moment of it, holds up no writer, and leaves out free
/// pages, so that nothing erased is in the copy.
/// </summary>
internal static class SqliteCopy
{
    /// <summary>The copy's file.</summary>
    public const string FileName = "desk.db";

    public static async Task<StoreCopy> SaveAsync(SqliteConnection from, string folder, Func<StoreSession, Task> alongside, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        progress.Report(new StepProgress("copying the database", 0, 0));
        var file = Path.Combine(folder, FileName);
        await using (var session = new StoreSession("sqlite", from, null, null)) await session.ExecuteAsync("VACUUM INTO @file", cancel, ("file", file));
        await using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await copy.OpenAsync(cancel);
        var tables = await ReadAsync(copy, progress, cancel);
        await using var read = new StoreSession("sqlite", copy, null, null);
        await alongside(read);
        return new StoreCopy((int)await read.CountAsync("SELECT MAX(version) FROM schema_versions", cancel), tables, [], []);
    }

    /// <summary>Counts and hashes every table.</summary>
    public static async Task<IReadOnlyList<TableContent>> ReadAsync(SqliteConnection connection, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        var statements = new List<(string Table, string Sql)>();
        await using (var command = connection.CreateCommand())
        {
            // The engine itself writes the statements, from its own catalogue. Shadow tables belong to a full-text index.
            command.CommandText =
                """
                SELECT t.name, 'SELECT ' || CASE t.type WHEN 'virtual' THEN 'rowid, ' ELSE '' END
                  || (SELECT group_concat('"' || replace(c.name, '"', '""') || '"', ', ') FROM pragma_table_info(t.name) c)
                  || ' FROM "' || replace(t.name, '"', '""') || '" ORDER BY '
                  || COALESCE((SELECT group_concat('"' || replace(k.name, '"', '""') || '"', ', ') FROM (SELECT c.name FROM pragma_table_info(t.name) c WHERE c.pk > 0 ORDER BY c.pk) k), 'rowid')
                FROM pragma_table_list t WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name
                """;
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) statements.Add((reader.GetString(0), reader.GetString(1)));
        }

        var tables = new List<TableContent>(statements.Count);
        foreach (var (table, sql) in statements)
        {
            progress.Report(new StepProgress("counting and hashing tables", tables.Count, statements.Count));
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            tables.Add(await HashAsync(table, command, cancel));
        }

        progress.Report(new StepProgress("counting and hashing tables", tables.Count, statements.Count));
        return tables;
    }

    private static async Task<TableContent> HashAsync(string table, SqliteCommand command, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = 0L;
        while (await reader.ReadAsync(cancel))
        {
            rows++;
            for (var i = 0; i < reader.FieldCount; i++)
            {
                switch (reader.GetValue(i))
                {
                    case long whole: Add(hash, 'I', whole.ToString(CultureInfo.InvariantCulture)); break;
                    case double number: Add(hash, 'R', number.ToString("R", CultureInfo.InvariantCulture)); break;
                    case string text: Add(hash, 'T', text); break;
                    case byte[] bytes: Add(hash, 'B', bytes); break;
                    default: Add(hash, 'N', ReadOnlySpan<byte>.Empty); break;
                }
            }
        }

        return new TableContent(table, rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Add(IncrementalHash hash, char kind, string text) => Add(hash, kind, Encoding.UTF8.GetBytes(text));

    // Kind and length first, so that no two rows look alike by where one value ends.
    private static void Add(IncrementalHash hash, char kind, ReadOnlySpan<byte> value)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], value.Length);
        hash.AppendData(head);
        hash.AppendData(value);
    }
}
