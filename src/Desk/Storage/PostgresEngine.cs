using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Opinion.Desk.Storage;

/// <summary>
/// A PostgreSQL database that several nodes may share. Casework takes one lock of the office for its transaction, as it
/// would be alone on SQLite; receiving letters does not, because its only decision is made by a unique key. Letters lie
/// in one partition for each month of arrival, made before the month's first letter.
/// </summary>
internal sealed class PostgresEngine : StoreEngine
{
    // Advisory locks are numbers: any, as long as they stay. The second is for making partitions.
    private const long OfficeLock = 0x4F70696E696F6E01;
    private const long PartitionLock = 0x4F70696E696F6E02;

    // A bound by judgement: writing anew what is larger would make others wait too long.
    private const long RewrittenBelow = 256L << 20;

    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentDictionary<(int Year, int Month), bool> _months = new();

    public PostgresEngine(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (string.IsNullOrEmpty(settings.ApplicationName)) settings.ApplicationName = "opinion";
        // Several servers: the office is where writing is allowed, and a node asks anew every second after one has gone.
        var several = settings.Host?.Contains(',', StringComparison.Ordinal) == true;
        if (several && string.IsNullOrEmpty(settings.TargetSessionAttributes)) settings.TargetSessionAttributes = "primary";
        if (several && settings.HostRecheckSeconds == 10) settings.HostRecheckSeconds = 1;
        // Statements are constants, so the same few come again: the server keeps their plans. Behind a pooler that cannot
        // carry prepared statements, an operator writes Max Auto Prepare=0.
        if (!settings.ShouldSerialize("Max Auto Prepare")) settings.MaxAutoPrepare = 200;
        ConnectionString = settings.ToString();
        Location = several ? $"postgres://{settings.Host}/{settings.Database}" : string.Create(CultureInfo.InvariantCulture, $"postgres://{settings.Host}:{settings.Port}/{settings.Database}");
        // A source of several servers is asked for the one it needs; it takes no such word in its string.
        settings.Remove("Target Session Attributes");
        _source = several
            ? new NpgsqlDataSourceBuilder(settings.ToString()).BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : NpgsqlDataSource.Create(ConnectionString);
    }

    public override DbDataSource Source => _source;

    public override string Name => "postgres";

    public override string Location { get; }

    public override string ConnectionString { get; }

    // One is made durable while the other is written.
    public override int WritersAtOnce => 2;

    public override bool ForgetsAtOnce => false;

    public override async Task<DbConnection> OpenAsync(CancellationToken cancel) => await _source.OpenConnectionAsync(cancel);

    public override Task<StoreSession> WriteAsync(bool exclusive, CancellationToken cancel) => BeginAsync(exclusive ? OfficeLock : null, cancel);

    public override async Task PrepareAsync(IEnumerable<DateTimeOffset> arrivals, CancellationToken cancel)
    {
        foreach (var month in arrivals.Select(arrival => (arrival.UtcDateTime.Year, arrival.UtcDateTime.Month)).Distinct())
        {
            if (_months.ContainsKey(month)) continue;
            await MakeMonthAsync(month.Year, month.Month, cancel);
            _months[month] = true;
        }
    }

    // VACUUM makes the space of erased rows free but leaves their bytes in it until something else is written there. As long
    // as the database is small the tables are written anew instead, which takes a moment in which others wait. Where
    // somebody holds a table for long, as a backup does, nobody is made to wait behind it, and the next round does it.
    public override async Task ForgetErasedAsync(CancellationToken cancel)
    {
        await using var session = new StoreSession(Name, await OpenAsync(cancel), null, null) { Unhurried = true };
        if (await session.CountAsync("SELECT pg_database_size(current_database())", cancel) < RewrittenBelow)
        {
            try
            {
                await OthersEndAsync(session, cancel);
                await session.ExecuteAsync("SET lock_timeout = '1s'", cancel);
                await session.ExecuteAsync(Sealing.SealedLetters.Rewrite, cancel);
                await session.ExecuteAsync("VACUUM (FULL) letters, letter_search, matter_events, answers, published_search, published_answers", cancel);
                return;
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                await session.ExecuteAsync("SET lock_timeout = 0", cancel);
            }
        }

        // It cannot run inside a transaction.
        await session.ExecuteAsync(Sealing.SealedLetters.Vacuum, cancel);
        await session.ExecuteAsync("VACUUM letters, letter_search, matter_events, answers, published_search, published_answers", cancel);
    }

    public override async Task<IReadOnlyList<string>> ExamineAsync(StoreSession session, CancellationToken cancel)
    {
        var findings = new List<string>();
        var invalid = await session.QueryAsync("SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid ORDER BY 1", row => row.GetString(0), cancel);
        if (invalid.Count > 0) findings.Add($"Indexes are not usable and need REINDEX: {string.Join(", ", invalid)}.");
        if (await session.CountAsync("SELECT COUNT(*) FROM letters_other", cancel) is > 0 and var other)
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{other} letters lie in no month's partition."));
        if (await session.CountAsync("SELECT ABS((SELECT COUNT(*) FROM letters) - (SELECT COUNT(*) FROM letter_keys))", cancel) is > 0 and var missing)
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{missing} letters have no entry in letter_keys, or it has no letter."));
        return findings;
    }

    public override async Task<StoreCopy> SaveAsync(string folder, Func<StoreSession, Task> alongside, IProgress<StepProgress> progress, CancellationToken cancel) =>
        await PostgresCopy.SaveAsync(await _source.OpenConnectionAsync(cancel), folder, alongside, progress, cancel);

    public override async Task LoadAsync(string folder, StoreCopy copy, Func<StoreSession, int, Task> migrate, Func<StoreSession, Task> afterwards, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        var connection = await _source.OpenConnectionAsync(cancel);
        await using (var session = new StoreSession(Name, connection, await connection.BeginTransactionAsync(cancel), null) { Unhurried = true })
        {
            await session.ExecuteAsync("SELECT pg_advisory_xact_lock(@number)", cancel, ("number", OfficeLock));
            if (await PostgresCopy.OccupantAsync(session, cancel) is { } occupant) throw new StoreException($"The database {Location} is not empty: {occupant} stands in it. Restore into a new one.");
            await PostgresCopy.LoadAsync(connection, session, folder, copy, migrate, progress, cancel);
            await afterwards(session);
            await session.CommitAsync(cancel);
        }

        // Nobody works here yet, so the tables may be written anew without what was erased, which a plain VACUUM leaves to time.
        progress.Report(new StepProgress("writing the tables anew", 0, 0));
        await using var vacuum = new StoreSession(Name, await OpenAsync(cancel), null, null) { Unhurried = true };
        await vacuum.ExecuteAsync("VACUUM (FULL, ANALYZE)", cancel);
    }

    public override void Dispose() => _source.Dispose();

    // A row stays for as long as any transaction on the server began before it was erased, so those are given a moment to end.
    private static async Task OthersEndAsync(StoreSession session, CancellationToken cancel)
    {
        var erased = await session.CountAsync("SELECT pg_current_xact_id()::text::bigint", cancel);
        for (var i = 0; i < 100 && await session.CountAsync("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint", cancel) <= erased; i++)
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancel);
    }

    private async Task<StoreSession> BeginAsync(long? lockNumber, CancellationToken cancel)
    {
        var connection = await _source.OpenConnectionAsync(cancel);
        try
        {
            var session = new StoreSession(Name, connection, await connection.BeginTransactionAsync(cancel), null);
            // A node that is frozen with its transaction open would hold up all others; the server ends it.
            await session.ExecuteAsync("SET LOCAL idle_in_transaction_session_timeout = '20s'", cancel);
            // The first statement after the lock sees everything committed before it was given, and so does every later one.
            if (lockNumber is { } number) await session.ExecuteAsync("SELECT pg_advisory_xact_lock(@number)", cancel, ("number", number));
            return session;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task MakeMonthAsync(int year, int month, CancellationToken cancel)
    {
        await using var session = await BeginAsync(PartitionLock, cancel);
        // Attaching lets others read and write meanwhile; CREATE TABLE … PARTITION OF would not.
        await session.ExecuteAsync("SELECT make_letters_month(@year, @month)", cancel, ("year", year), ("month", month));
        await session.CommitAsync(cancel);
    }
}
