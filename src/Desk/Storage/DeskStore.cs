namespace Opinion.Desk.Storage;

/// <summary>The store of one office, on SQLite or PostgreSQL.</summary>
public sealed class DeskStore : IDisposable
{
    private readonly StoreEngine _engine;

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

    /// <summary>Makes room for letters that arrived at these moments, before they are stored.</summary>
    internal Task PrepareAsync(IEnumerable<DateTimeOffset> arrivals, CancellationToken cancel) => _engine.PrepareAsync(arrivals, cancel);

    /// <summary>
    /// Makes sure that erased data leaves the store's files: on SQLite the log is written back (a reader that still holds an
    /// older state keeps it; the daily end of contacts does it again), on PostgreSQL the tables are vacuumed.
    /// </summary>
    public Task ForgetErasedAsync(CancellationToken cancel) => _engine.ForgetErasedAsync(cancel);

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
