using System.Text;
using Microsoft.Data.Sqlite;
using Opinion.Desk.Storage;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>One column of the store.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its declared type.</param>
/// <param name="Unique">Whether it alone is the table's key or has a unique index.</param>
public sealed record Column(string Table, string Name, string Type, bool Unique)
{
    /// <summary>The words its name is made of.</summary>
    public IEnumerable<string> Words => Name.ToLowerInvariant().Split('_');

    public override string ToString() => Table + "." + Name;
}

/// <summary>The program's own schema in memory, made by its own migrations, with whatever a fixture does to it.</summary>
public sealed class Schema : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:;Foreign Keys=True");

    /// <param name="broken">Statements of a fixture that breaks a rule.</param>
    public Schema(string broken = "")
    {
        _connection.Open();
        var assembly = typeof(Migrator).Assembly;
        var scripts = assembly.GetManifestResourceNames().Where(name => name.Contains(".Migrations.Sqlite.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Migrator.Newest, scripts.Count);
        foreach (var script in scripts)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(script)!, Encoding.UTF8);
            Run(reader.ReadToEnd());
        }

        if (broken.Length > 0) Run(broken);
    }

    public IReadOnlyList<string> Tables => Read("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'published_search_%' AND name NOT LIKE 'letter_search_words_%' ORDER BY name", row => row.GetString(0));

    public IReadOnlyList<Column> Columns
    {
        get
        {
            var unique = Read(
                """
                SELECT t.name, c.name FROM sqlite_master t JOIN pragma_index_list(t.name) i ON i."unique" = 1 AND i.partial = 0 JOIN pragma_index_info(i.name) c
                WHERE t.type = 'table' AND (SELECT COUNT(*) FROM pragma_index_info(i.name)) = 1
                """, row => (row.GetString(0), row.GetString(1))).ToHashSet();
            return Read(
                """
                SELECT t.name, c.name, c.type, c.pk = 1 AND (SELECT COUNT(*) FROM pragma_table_info(t.name) k WHERE k.pk > 0) = 1
                FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'published_search_%' AND t.name NOT LIKE 'letter_search_words_%' ORDER BY 1, c.cid
                """, row => new Column(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3) || unique.Contains((row.GetString(0), row.GetString(1)))));
        }
    }

    /// <summary>Runs statements on it.</summary>
    /// <returns>Whether the schema let them through.</returns>
    public bool Takes(string sql)
    {
        try
        {
            Run("SAVEPOINT try");
            Run(sql);
            Run("RELEASE try");
            return true;
        }
        catch (SqliteException)
        {
            Run("ROLLBACK TO try; RELEASE try");
            return false;
        }
    }

    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>An office with two departments, a subject and one assigned letter called <c>a</c> about nobody.</summary>
    public Schema WithLetter()
    {
        Run(
            """
            INSERT INTO departments (code, name_zh, name_en, kind) VALUES ('intake', '', '', 'intake'), ('urban', '', '', 'line'), ('water', '', '', 'line');
            INSERT INTO subjects (code, name_zh, name_en, position) VALUES ('urban', '', '', 0);
            INSERT INTO letters (id, receipt_hash, number, channel, arrived_at, registered_at, state, title, place, body, subject)
            VALUES ('a', x'01', 'N1', 'form', 1, 1, 'assigned', '', '', '', 'urban');
            INSERT INTO matters (letter_id, department, state, deadline, deadline_at, opened_at) VALUES ('a', 'urban', 'open', '2026-11-23', 1, 1);
            INSERT INTO matter_events (letter_id, at, kind, actor, visible, text) VALUES ('a', 1, 'received', 'writer', 1, 'text');
            INSERT INTO audit_log (at, actor, action) VALUES (1, 'x', 'original-opened');
            INSERT INTO released_weeks (week, released_at, report) VALUES ('2026-W46', 1, '{}');
            """);
        return this;
    }

    public void Dispose() => _connection.Dispose();

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }
}
