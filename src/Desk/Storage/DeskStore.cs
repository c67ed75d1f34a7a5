using Microsoft.Data.Sqlite;

namespace Opinion.Desk.Storage;

/// <summary>
/// The store of one office. On SQLite it is one file in WAL mode with full synchronisation: a commit that returned is on
/// disk, which is what a receipt promises. Writers of this process queue for their turn instead of polling for the lock.
/// </summary>
public sealed class DeskStore : IDisposable
{
    private readonly string _connectionString;
    private readonly SemaphoreSlim _writers = new(1, 1);

    private DeskStore(string connectionString, string location)
    {
        _connectionString = connectionString;
        Location = location;
    }

    /// <summary>The engine's name as <c>doctor</c> prints it: <c>sqlite</c>.</summary>
    public string Engine { get; } = "sqlite";

    /// <summary>Where the store lives: the full path of the SQLite file.</summary>
    public string Location { get; }

    /// <summary>Opens (and creates where missing) the SQLite store <c>desk.db</c> in a data folder.</summary>
    /// <param name="dataFolder">The folder; it is created.</param>
    public static DeskStore OnSqlite(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        var file = Path.GetFullPath(Path.Combine(dataFolder, "desk.db"));
        var settings = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 30, Pooling = true };
        return new DeskStore(settings.ToString(), file);
    }

    /// <summary>The connection string, for Identity's context, which works on the same tables.</summary>
    public string ConnectionString => _connectionString;

    /// <summary>Opens a session for reading.</summary>
    public async Task<StoreSession> ReadAsync(CancellationToken cancel) => new(await OpenAsync(cancel), null, null);

    /// <summary>Opens a session with a write transaction; it ends with <see cref="StoreSession.CommitAsync"/> or is undone.</summary>
    public async Task<StoreSession> WriteAsync(CancellationToken cancel)
    {
        await _writers.WaitAsync(cancel);
        var turn = new Turn(_writers);
        SqliteConnection? connection = null;
        try
        {
            connection = await OpenAsync(cancel);
            // Not deferred: SQLite takes the write lock at once, so a transaction never fails half-way for want of it.
            return new StoreSession(connection, connection.BeginTransaction(deferred: false), turn);
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            turn.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes pending pages of the log into the database file, so that erased data leaves the log too. A reader that still
    /// holds an older state keeps the log as it is; the daily end of contacts does it again.
    /// </summary>
    public async Task CheckpointAsync(CancellationToken cancel)
    {
        // A writer of this process would keep the log too, so this waits for its turn like one.
        await _writers.WaitAsync(cancel);
        using var turn = new Turn(_writers);
        await using var session = await ReadAsync(cancel);
        await session.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using (var connection = new SqliteConnection(_connectionString)) SqliteConnection.ClearPool(connection);
        _writers.Dispose();
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancel);
            await using var pragma = connection.CreateCommand();
            // secure_delete: what is erased is overwritten, not merely unlinked.
            pragma.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;";
            await pragma.ExecuteNonQueryAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private sealed class Turn(SemaphoreSlim writers) : IDisposable
    {
        private bool _given;

        public void Dispose()
        {
            if (_given) return;
            _given = true;
            writers.Release();
        }
    }
}
