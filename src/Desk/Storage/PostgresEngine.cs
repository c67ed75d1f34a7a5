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

    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentDictionary<(int Year, int Month), bool> _months = new();

    public PostgresEngine(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.ContainsKey("Application Name")) settings.ApplicationName = "opinion";
        ConnectionString = settings.ToString();
        Location = string.Create(CultureInfo.InvariantCulture, $"postgres://{settings.Host}:{settings.Port}/{settings.Database}");
        _source = NpgsqlDataSource.Create(ConnectionString);
    }

    public override string Name => "postgres";

    public override string Location { get; }

    public override string ConnectionString { get; }

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

    // The space of erased rows is given back and overwritten in time by VACUUM; it cannot run inside a transaction.
    public override async Task ForgetErasedAsync(CancellationToken cancel)
    {
        await using var session = new StoreSession(Name, await OpenAsync(cancel), null, null);
        await session.ExecuteAsync(Sealing.SealedLetters.Vacuum, cancel);
        await session.ExecuteAsync("VACUUM letters, matter_events, published_search, published_answers", cancel);
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

    public override void Dispose() => _source.Dispose();

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
