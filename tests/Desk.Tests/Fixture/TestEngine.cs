using System.Collections.Concurrent;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Tests.Fixture;

/// <summary>
/// A store engine the suites run against. Every suite is an abstract class that takes one; the classes in OnSqlite.cs
/// inherit the suites for SQLite, those in OnPostgres.cs for PostgreSQL.
/// </summary>
public abstract class TestEngine
{
    public static TestEngine Sqlite { get; } = new SqliteEngine();

    public static TestEngine Postgres { get; } = new PostgresEngine();

    public abstract Task<OpenedDesk> OpenAsync(string dataFolder, OfficeFoundation foundation, TimeProvider clock);

    /// <summary>The connection of an empty store for a folder that has none yet; null where the store lies in the folder.</summary>
    public abstract Task<string?> EmptyStoreAsync(string dataFolder);

    /// <summary>The connection of the store that belongs to a folder; null where it lies in the folder or there is none.</summary>
    public virtual string? StoreOf(string dataFolder) => null;

    /// <summary>From now on a folder's store is opened by another connection.</summary>
    public virtual void Connect(string dataFolder, string connection) => throw new NotSupportedException();

    /// <summary>The files of an office's store, with everything committed in them.</summary>
    public abstract Task<IReadOnlyList<string>> FilesAsync(Town town);

    private sealed class SqliteEngine : TestEngine
    {
        public override Task<OpenedDesk> OpenAsync(string dataFolder, OfficeFoundation foundation, TimeProvider clock) =>
            OpenedDesk.OpenAsync(dataFolder, null, foundation, clock, CancellationToken.None);

        public override Task<string?> EmptyStoreAsync(string dataFolder) => Task.FromResult<string?>(null);

        public override Task<IReadOnlyList<string>> FilesAsync(Town town) => Task.FromResult<IReadOnlyList<string>>([town.Store.Location, town.Store.Location + "-wal"]);
    }

    private sealed class PostgresEngine : TestEngine
    {
        // A folder opened again is the same office, so its database is remembered with it.
        private readonly ConcurrentDictionary<string, string> _databases = new(StringComparer.Ordinal);

        public override async Task<OpenedDesk> OpenAsync(string dataFolder, OfficeFoundation foundation, TimeProvider clock)
        {
            if (!_databases.TryGetValue(dataFolder, out string? connection))
                connection = _databases[dataFolder] = await (await PostgresCluster.Running).CreateDatabaseAsync();
            return await OpenedDesk.OpenAsync(dataFolder, connection, foundation, clock, CancellationToken.None);
        }

        public override async Task<string?> EmptyStoreAsync(string dataFolder) => _databases[dataFolder] = await (await PostgresCluster.Running).CreateDatabaseAsync();

        public override string? StoreOf(string dataFolder) => _databases.GetValueOrDefault(dataFolder);

        public override void Connect(string dataFolder, string connection) => _databases[dataFolder] = connection;

        public override async Task<IReadOnlyList<string>> FilesAsync(Town town)
        {
            await town.QueryAsync("CHECKPOINT", row => row.FieldCount);
            var folder = (await PostgresCluster.Running).DataFolder;
            var files = await town.QueryAsync(
                "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace) AND pg_relation_filepath(oid) IS NOT NULL",
                row => Path.Combine(folder, row.GetString(0)));
            return files;
        }
    }
}
