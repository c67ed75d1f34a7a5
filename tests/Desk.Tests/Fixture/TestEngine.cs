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

    private sealed class SqliteEngine : TestEngine
    {
        public override Task<OpenedDesk> OpenAsync(string dataFolder, OfficeFoundation foundation, TimeProvider clock) =>
            OpenedDesk.OpenAsync(dataFolder, null, foundation, clock, CancellationToken.None);
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
    }
}
