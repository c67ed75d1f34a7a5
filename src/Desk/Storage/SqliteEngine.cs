using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Opinion.Desk.Storage;

/// <summary>
/// One file in WAL mode with full synchronisation: a commit that returned is on disk, which is what a receipt promises.
/// Writers of this process queue for their turn instead of polling for the lock.
/// </summary>
internal sealed class SqliteEngine : StoreEngine
{
    private readonly SemaphoreSlim _writers = new(1, 1);

    public SqliteEngine(string file)
    {
        Location = file;
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 30, Pooling = true }.ToString();
    }

    public override string Name => "sqlite";

    public override string Location { get; }

    public override string ConnectionString { get; }

    public override int WritersAtOnce => 1;

    public override bool ForgetsAtOnce => true;

    public override async Task<DbConnection> OpenAsync(CancellationToken cancel) => await OpenFileAsync(cancel);

    public override async Task<StoreSession> WriteAsync(bool exclusive, CancellationToken cancel)
    {
        // SQLite has one writer, whatever it writes.
        await _writers.WaitAsync(cancel);
        var turn = new Turn(_writers);
        SqliteConnection? connection = null;
        try
        {
            connection = await OpenFileAsync(cancel);
            // Not deferred: SQLite takes the write lock at once, so a transaction never fails half-way for want of it.
            return new StoreSession(Name, connection, connection.BeginTransaction(deferred: false), turn);
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            turn.Dispose();
            throw;
        }
    }

    public override Task PrepareAsync(IEnumerable<DateTimeOffset> arrivals, CancellationToken cancel) => Task.CompletedTask;

    public override async Task ForgetErasedAsync(CancellationToken cancel)
    {
        // A writer of this process would keep the log too, so this waits for its turn like one.
        await _writers.WaitAsync(cancel);
        using var turn = new Turn(_writers);
        await using var session = new StoreSession(Name, await OpenFileAsync(cancel), null, null);
        await session.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancel);
    }

    public override async Task<IReadOnlyList<string>> ExamineAsync(StoreSession session, CancellationToken cancel)
    {
        var findings = new List<string>();
        if (await session.TextAsync("PRAGMA quick_check", cancel) is not "ok") findings.Add("The database file is damaged: PRAGMA quick_check does not say ok.");
        if (await session.CountAsync("SELECT COUNT(*) FROM pragma_foreign_key_check", cancel) is > 0 and var orphans)
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{orphans} rows point to rows that are not there."));
        return findings;
    }

    public override async Task<StoreCopy> SaveAsync(string folder, Func<StoreSession, Task> alongside, IProgress<StepProgress> progress, CancellationToken cancel) =>
        await SqliteCopy.SaveAsync(await OpenFileAsync(cancel), folder, alongside, progress, cancel);

    public override async Task LoadAsync(string folder, StoreCopy copy, Func<StoreSession, int, Task> migrate, Func<StoreSession, Task> afterwards, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        File.Copy(Path.Combine(folder, SqliteCopy.FileName), Location, overwrite: false);
        await using (var connection = await OpenFileAsync(cancel))
        {
            await using var read = new StoreSession(Name, connection, null, null);
            progress.Report(new StepProgress("checking the database file", 0, 0));
            if (await read.TextAsync("PRAGMA integrity_check", cancel) is not "ok") throw new StoreException("The backup's database file is damaged: PRAGMA integrity_check does not say ok.");
            if (copy.DifferenceFrom(await SqliteCopy.ReadAsync(connection, progress, cancel)) is { } difference) throw new StoreException($"What was put back is not what was backed up: {difference}.");
        }

        await using (var session = await WriteAsync(exclusive: true, cancel))
        {
            await afterwards(session);
            await session.CommitAsync(cancel);
        }

        await ForgetErasedAsync(cancel);
    }

    public override void Dispose()
    {
        using (var connection = new SqliteConnection(ConnectionString)) SqliteConnection.ClearPool(connection);
        _writers.Dispose();
    }

    private async Task<SqliteConnection> OpenFileAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(ConnectionString);
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
