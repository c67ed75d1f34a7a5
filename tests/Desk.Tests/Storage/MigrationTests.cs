using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;
using SQLitePCL;

namespace Opinion.Desk.Tests.Storage;

public sealed class MigrationTests : IDisposable
{
    private static readonly SettableClock Clock = new(Town.MondayMorning);
    private readonly string _root = Directory.CreateTempSubdirectory("opinion-migrations-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Migrations_are_numbered_without_a_gap() =>
        Assert.Equal(Enumerable.Range(1, Migrator.Newest), Scripts().Select(script => int.Parse(script.Name[..4], CultureInfo.InvariantCulture)));

    [Fact]
    public async Task An_empty_store_gets_all_of_them_and_a_second_run_has_nothing_to_do()
    {
        using var store = DeskStore.OnSqlite(Folder());
        Assert.Equal(Migrator.Newest, await MigrateAsync(store));
        Assert.Equal(0, await MigrateAsync(store));
    }

    [Fact]
    public async Task Programs_that_start_at_once_migrate_once()
    {
        var folder = Folder();
        var stores = Enumerable.Range(0, 4).Select(_ => DeskStore.OnSqlite(folder)).ToList();
        var applied = await Task.WhenAll(stores.Select(store => Task.Run(() => MigrateAsync(store))));
        Assert.Equal(Migrator.Newest, applied.Sum());
        Assert.Equal(3, applied.Count(count => count == 0));
        foreach (var store in stores) store.Dispose();
    }

    [Fact]
    public async Task A_migration_killed_after_any_statement_leaves_the_old_schema_and_runs_again()
    {
        var whole = await WholeSchemaAsync();
        var statements = Scripts().SelectMany(script => Statements(script.Text)).ToList();
        Assert.InRange(statements.Count, 40, 1000);
        var live = Folder();
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(live, "desk.db")};Pooling=False");
        await connection.OpenAsync();
        // A cache of one page makes SQLite write unfinished pages to its log, as a large migration does.
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA cache_size = 1;");
        await using var transaction = connection.BeginTransaction(deferred: false);
        for (var done = 0; done <= statements.Count; done++)
        {
            if (done > 0) Run(connection, statements[done - 1], transaction);
            // A copy of the files at this moment is what a killed program leaves on the disk.
            var killed = Folder();
            foreach (var file in Directory.GetFiles(live).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal))) File.Copy(file, Path.Combine(killed, Path.GetFileName(file)));
            using var store = DeskStore.OnSqlite(killed);
            Assert.Equal(0, await CountAsync(store));
            Assert.Equal(Migrator.Newest, await MigrateAsync(store));
            Assert.Equal(whole, await SchemaAsync(store));
        }
    }

    [Fact]
    public async Task Every_older_schema_comes_up_to_the_newest()
    {
        var whole = await WholeSchemaAsync();
        for (var version = 1; version < Migrator.Newest; version++)
        {
            using var store = await AtVersionAsync(version);
            Assert.Equal(Migrator.Newest - version, await MigrateAsync(store));
            Assert.Equal(whole, await SchemaAsync(store));
        }
    }

    [Fact]
    public async Task A_migration_that_fails_undoes_those_before_it()
    {
        using var store = await AtVersionAsync(1);
        await ExecuteAsync(store, "CREATE TABLE published_answers (in_the_way TEXT)");
        var before = await SchemaAsync(store);
        await Assert.ThrowsAsync<SqliteException>(() => MigrateAsync(store));
        Assert.Equal(before, await SchemaAsync(store));
        await ExecuteAsync(store, "DROP TABLE published_answers");
        Assert.Equal(Migrator.Newest - 1, await MigrateAsync(store));
        Assert.Equal(await WholeSchemaAsync(), await SchemaAsync(store));
    }

    [Fact]
    public async Task A_newer_store_is_refused_untouched()
    {
        using var store = DeskStore.OnSqlite(Folder());
        await MigrateAsync(store);
        await ExecuteAsync(store, "INSERT INTO schema_versions (version, name, sha256, applied_at) VALUES (9999, '9999_future', 'x', 0)");
        var error = await Assert.ThrowsAsync<StoreException>(() => MigrateAsync(store));
        Assert.Contains("9999", error.Message, StringComparison.Ordinal);
        Assert.Contains(store.Location, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edited_migration_is_refused_and_named()
    {
        using var store = DeskStore.OnSqlite(Folder());
        await MigrateAsync(store);
        await ExecuteAsync(store, "UPDATE schema_versions SET sha256 = 'edited' WHERE version = 2");
        var error = await Assert.ThrowsAsync<StoreException>(() => MigrateAsync(store));
        Assert.Contains("Migration 2 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_refused_with_its_path()
    {
        var folder = Folder();
        await File.WriteAllTextAsync(Path.Combine(folder, "desk.db"), new string('x', 5000));
        var error = await Assert.ThrowsAsync<StoreException>(() => OpenedDesk.OpenAsync(folder, null, OfficeFoundation.Plain, Clock, default));
        Assert.Contains("desk.db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_office_is_founded_once()
    {
        var folder = Folder();
        var first = await OpenedDesk.OpenAsync(folder, null, OfficeFoundation.Plain, Clock, default);
        first.Store.Dispose();
        var second = await OpenedDesk.OpenAsync(folder, null, OfficeFoundation.Plain with { Name = new Name("别的", "Other") }, Clock, default);
        Assert.Equal((true, false), (first.New, second.New));
        Assert.Equal("市民来信办公室", (await new OfficeDirectory(second.Store).GetAsync(default)).Settings.Name.Zh);
        second.Store.Dispose();
    }

    private static Task<int> MigrateAsync(DeskStore store) => new Migrator(store, Clock).MigrateAsync(default);

    private async Task<string> WholeSchemaAsync()
    {
        using var store = DeskStore.OnSqlite(Folder());
        await MigrateAsync(store);
        return await SchemaAsync(store);
    }

    private static async Task<string> SchemaAsync(DeskStore store)
    {
        await using var session = await store.ReadAsync(default);
        return string.Join('\n', await session.QueryAsync("SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY type, name", row => row.GetString(0), default));
    }

    private static async Task<long> CountAsync(DeskStore store)
    {
        await using var session = await store.ReadAsync(default);
        return await session.CountAsync("SELECT COUNT(*) FROM sqlite_master", default);
    }

    private static async Task ExecuteAsync(DeskStore store, [System.Diagnostics.CodeAnalysis.ConstantExpected] string sql)
    {
        await using var session = await store.WriteAsync(default);
        await session.ExecuteAsync(sql, default);
        await session.CommitAsync(default);
    }

    // A store as an older program left it.
    private async Task<DeskStore> AtVersionAsync(int version)
    {
        var folder = Folder();
        using (var whole = DeskStore.OnSqlite(Folder()))
        {
            await MigrateAsync(whole);
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "desk.db")};Pooling=False");
            await connection.OpenAsync();
            foreach (var script in Scripts().Take(version)) Run(connection, script.Text);
            Run(connection, $"ATTACH '{whole.Location}' AS whole");
            Run(connection, (await SchemaAsync(whole)).Split('\n').First(line => line.StartsWith("table schema_versions ", StringComparison.Ordinal))["table schema_versions ".Length..]);
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_versions SELECT * FROM whole.schema_versions WHERE version <= {version}"));
        }

        return DeskStore.OnSqlite(folder);
    }

    private string Folder() => Directory.CreateDirectory(Path.Combine(_root, Path.GetRandomFileName())).FullName;

    private static List<(string Name, string Text)> Scripts()
    {
        const string prefix = "Opinion.Desk.Storage.Migrations.Sqlite.";
        var assembly = typeof(Migrator).Assembly;
        var scripts = new List<(string, string)>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            scripts.Add((name[prefix.Length..], reader.ReadToEnd()));
        }

        Assert.NotEmpty(scripts);
        return scripts;
    }

    // SQLite itself says where a statement is complete, so a semicolon in a trigger does not end it.
    private static IEnumerable<string> Statements(string script)
    {
        var start = 0;
        for (var end = script.IndexOf(';', StringComparison.Ordinal); end >= 0; end = script.IndexOf(';', end + 1))
        {
            if (raw.sqlite3_complete(script[start..(end + 1)]) == 0) continue;
            yield return script[start..(end + 1)];
            start = end + 1;
        }
    }

    private static void Run(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
