using System.Data.Common;

namespace Opinion.Desk.Storage;

/// <summary>The store of one office, on SQLite or PostgreSQL.</summary>
public sealed class DeskStore : IDisposable
{
    private readonly StoreEngine _engine;
    private int _erased;

    private DeskStore(StoreEngine engine) => _engine = engine;

    /// <summary>The engine's name as <c>doctor</c> prints it: <c>sqlite</c> or <c>postgres</c>.</summary>
    public string Engine => _engine.Name;

    /// <summary>Where the store lives: the full path of the SQLite file, or server and database without user and password.</summary>
    public string Location => _engine.Location;

    /// <summary>The connection string, for Identity's context, which works on the same tables.</summary>
    public string ConnectionString => _engine.ConnectionString;

    /// <summary>Opens (and creates where missing) the SQLite store <c>desk.db</c> in a data folder.</summary>
    /// <param name="dataFolder">The folder; it is created.</param>
    public static DeskStore OnSqlite(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        return new DeskStore(new SqliteEngine(Path.GetFullPath(Path.Combine(dataFolder, "desk.db"))));
    }

    /// <summary>Uses a PostgreSQL database, which must exist.</summary>
    /// <param name="connection">A connection string in Npgsql's form, <c>Host=…;Database=…;Username=…</c>.</param>
    /// <exception cref="StoreException">It is no connection string.</exception>
    public static DeskStore OnPostgres(string connection)
    {
        try
        {
            return new DeskStore(new PostgresEngine(connection));
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // The string may hold a password, so it is not repeated.
            throw new StoreException("The connection string cannot be read; it has the form Host=…;Port=…;Database=…;Username=…;Password=…", error);
        }
    }

    /// <summary>Where Identity's context takes its connections from on PostgreSQL, so that it finds the server that writes as the desk does; null on SQLite.</summary>
    public System.Data.Common.DbDataSource? Source => _engine.Source;

    /// <summary>Opens a session for reading.</summary>
    public async Task<StoreSession> ReadAsync(CancellationToken cancel) => new(Engine, await _engine.OpenAsync(cancel), null, null);

    /// <summary>
    /// Opens a session with a write transaction; it ends with <see cref="StoreSession.CommitAsync"/> or is undone. Only one
    /// runs at a time, on all nodes, so that what it reads stays true until it commits.
    /// </summary>
    /// <exception cref="Runs.RunStaleException">This is part of a scheduled run that was taken over by a later one.</exception>
    public async Task<StoreSession> WriteAsync(CancellationToken cancel) => await FencedAsync(await _engine.WriteAsync(exclusive: true, cancel), cancel);

    /// <summary>Opens a session with a write transaction that decides nothing by what it reads, and so needs not be alone.</summary>
    internal async Task<StoreSession> WriteSharedAsync(CancellationToken cancel) => await FencedAsync(await _engine.WriteAsync(exclusive: false, cancel), cancel);

    /// <summary>Waits until a store that could not be reached answers again.</summary>
    /// <returns>Whether it did before the patience was over.</returns>
    internal async Task<bool> AnswersAgainAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await using var session = await ReadAsync(cancel);
                return await session.CountAsync("SELECT 1", cancel) == 1;
            }
            catch (DbException error) when (StoreFaults.Of(error) == StoreFault.Unavailable)
            {
                if (clock.GetElapsedTime(began) > patience) return false;
                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancel);
            }
        }
    }

    /// <summary>Opens a bare connection, for what no constant statement can do: moving whole tables.</summary>
    internal Task<System.Data.Common.DbConnection> ConnectAsync(CancellationToken cancel) => _engine.OpenAsync(cancel);

    /// <summary>Transactions of single letters that run at the same time.</summary>
    internal int WritersAtOnce => _engine.WritersAtOnce;

    /// <summary>Makes room for letters that arrived at these moments, before they are stored.</summary>
    internal Task PrepareAsync(IEnumerable<DateTimeOffset> arrivals, CancellationToken cancel) => _engine.PrepareAsync(arrivals, cancel);

    /// <summary>
    /// Makes sure now that erased data leaves the store's files: on SQLite the log is written back (a reader that still holds an
    /// older state keeps it; the hourly end of contacts does it again), on PostgreSQL the tables are vacuumed.
    /// </summary>
    public async Task ForgetErasedAsync(CancellationToken cancel)
    {
        Interlocked.Exchange(ref _erased, 0);
        try
        {
            await _engine.ForgetErasedAsync(cancel);
        }
        catch
        {
            Interlocked.Exchange(ref _erased, 1);
            throw;
        }
    }

    /// <summary>
    /// Says that data was erased and committed. Where forgetting costs little it is done at once (SQLite); where it is a
    /// pass over the tables (PostgreSQL), all erasures of a minute share one, see <see cref="ForgetDueAsync"/>.
    /// </summary>
    public Task ForgetSoonAsync(CancellationToken cancel)
    {
        if (_engine.ForgetsAtOnce) return ForgetErasedAsync(cancel);
        Interlocked.Exchange(ref _erased, 1);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Forgets what was erased since the last time, if anything was. The host calls it every minute, so that what a writer
    /// erased is gone from the files within two; where the node dies before, the hourly end of contacts of any node does it.
    /// </summary>
    public Task ForgetDueAsync(CancellationToken cancel) => Volatile.Read(ref _erased) == 0 ? Task.CompletedTask : ForgetErasedAsync(cancel);

    /// <summary>Copies the store as it is at one moment into an empty folder, while others go on writing.</summary>
    internal Task<StoreCopy> SaveAsync(string folder, Func<StoreSession, Task> alongside, IProgress<StepProgress> progress, CancellationToken cancel) => _engine.SaveAsync(folder, alongside, progress, cancel);

    /// <summary>Puts a copy into this new store; all of it or nothing.</summary>
    internal Task LoadAsync(string folder, StoreCopy copy, Func<StoreSession, int, Task> migrate, Func<StoreSession, Task> afterwards, IProgress<StepProgress> progress, CancellationToken cancel) =>
        _engine.LoadAsync(folder, copy, migrate, afterwards, progress, cancel);

    /// <summary>What is wrong with the store itself, in words.</summary>
    internal Task<IReadOnlyList<string>> ExamineAsync(StoreSession session, CancellationToken cancel) => _engine.ExamineAsync(session, cancel);

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    // What a scheduled run writes, it writes only while it is its job's last.
    private static async Task<StoreSession> FencedAsync(StoreSession session, CancellationToken cancel)
    {
        if (Runs.RunFence.Current is not { } fence) return session;
        try
        {
            await fence.RequireAsync(session, cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
