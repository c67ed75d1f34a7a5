using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Npgsql;
using Opinion.Desk.Answers;
using Opinion.Desk.Attachments;
using Opinion.Desk.Sealing;
using Opinion.Desk.Search;

namespace Opinion.Desk.Storage.Moving;

/// <summary>What stands in a table after a move, on both sides alike.</summary>
/// <param name="Name">The table.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Sha256">SHA-256 over the canonical form of all rows in the order of the key, in hexadecimal.</param>
public sealed record MovedRows(string Name, long Rows, string Sha256);

/// <summary>A finished move.</summary>
/// <param name="Resumed">Whether an earlier one, interrupted, was taken up.</param>
/// <param name="Tables">What was moved.</param>
/// <param name="Rebuilt">The search indexes that were made anew.</param>
public sealed record MoveResult(bool Resumed, IReadOnlyList<MovedRows> Tables, IReadOnlyList<string> Rebuilt);

/// <summary>
/// Moves an office from SQLite to an empty PostgreSQL database: rows by COPY in batches, each with the table's cursor in one
/// transaction; then every row of both sides is read again and compared by counts and hashes; then search indexes are
/// rebuilt and the database becomes the office. Interrupted at any moment it goes on where it was, or begins anew where
/// the source has changed meanwhile. The source stays as it is. Sealed rows go over as they are: nothing is opened.
/// </summary>
public sealed class MoveUp(SearchTokens tokens, TimeProvider clock)
{
    /// <summary>Tables that are made anew from others after a move.</summary>
    internal static readonly string[] RebuiltTables = ["published_search", "letter_search", "letter_search_words"];

    private const int BatchRows = 5_000;
    private const long BatchBytes = 16 * 1024 * 1024;

    /// <summary>Moves an office.</summary>
    /// <param name="file">The path of the SQLite store.</param>
    /// <param name="keysFolder">The data folder whose keys are the office's.</param>
    /// <param name="connection">The database, empty or with an interrupted move of the same file.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancel">Stops it; it can be taken up again.</param>
    /// <exception cref="StoreException">The source, the keys or the target cannot be used, or the sides differ after the move; the message says why.</exception>
    public async Task<MoveResult> HandleAsync(string file, string keysFolder, string connection, IProgress<StepProgress>? progress, CancellationToken cancel)
    {
        using var source = await MoveSource.OpenAsync(file, cancel);
        if (await new SealedLetters(new Sealer(OfficeKeys.Load(keysFolder))).KeysProblemAsync(source.Session, cancel) is { } problem) throw new StoreException($"{OfficeKeys.PathIn(keysFolder)} is not the key file of {source.File}: {problem}");
        using var store = DeskStore.OnPostgres(connection);
        try
        {
            await using var target = await MoveTarget.OpenAsync(store, clock, cancel);
            var resumed = await target.BeginAsync(source.File, source.Fingerprint, clock.GetUtcNow().ToUnixTimeMilliseconds(), cancel);
            await new Migrator(store, clock).MigrateMovedAsync(cancel);
            var plan = await MovePlan.ReadAsync(source.Connection, target.Connection, RebuiltTables, cancel);
            var total = await CountAsync(plan, source.Connection, cancel);
            await store.PrepareAsync(await MonthsAsync(source.Session, cancel), cancel);
            await CopyAsync(plan, source, target, done => progress?.Report(new StepProgress("rows moved", done, total)), cancel);
            var tables = await VerifyAsync(plan, source, store, target, done => progress?.Report(new StepProgress("rows compared", done, total)), cancel);
            var numbers = (await source.Session.QueryAsync("SELECT name, seq FROM sqlite_sequence", row => (Name: row.GetString(0), Last: row.GetInt64(1)), cancel)).ToDictionary(row => row.Name, row => row.Last, StringComparer.Ordinal);
            foreach (var table in plan.Tables) await target.CountOnAsync(table, numbers.GetValueOrDefault(table.Name), cancel);
            await new PublishedAnswers(store, tokens).RebuildSearchAsync(cancel);
            long indexed = 0;
            await new RebuildLetterSearch(store, new LetterIndex(tokens)).HandleAsync(
                step =>
                {
                    progress?.Report(new StepProgress("letters indexed", indexed += step.Looked, 0));
                    return Task.CompletedTask;
                }, cancel);
            // What lies beside the store goes to where the keys are, and with them the office.
            await new AttachmentFiles(keysFolder, clock).CarryFromAsync(Path.GetDirectoryName(Path.GetFullPath(file))!, progress, cancel);
            await target.FinishAsync(cancel);
            return new MoveResult(resumed, tables, RebuiltTables);
        }
        catch (DbException error)
        {
            // What PostgreSQL says of a row may quote it, so only the kind of error is told.
            throw new StoreException(error is PostgresException { SqlState: var state, TableName: var table, MessageText: var text }
                ? $"The move into {store.Location} failed{(table is null ? "" : " at " + table)}: {(state.StartsWith("22", StringComparison.Ordinal) ? "a value cannot be stored there" : text)} ({state}). Run it again to go on."
                : $"The move into {store.Location} failed: {error.Message}. Run it again to go on.", error);
        }
    }

    private static async Task CopyAsync(MovePlan plan, MoveSource source, MoveTarget target, Action<long> progress, CancellationToken cancel)
    {
        long before = 0;
        foreach (var table in plan.Tables)
        {
            var done = await target.DoneAsync(table, cancel);
            if (done is null) await target.BeginTableAsync(table, cancel);
            var count = done ?? 0;
            var batch = new List<object?[]>();
            long bytes = 0;
            using var command = source.Connection.CreateCommand();
            command.CommandText = TableStatements.ReadSqlite(table, count);
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var row = Row(table, rows, postgres: false);
                batch.Add(row);
                bytes += row.Sum(value => value is byte[] content ? content.Length : 8);
                if (table.PointsToItself || (batch.Count < BatchRows && bytes < BatchBytes)) continue;
                await target.TakeAsync(table, batch, count += batch.Count, cancel);
                batch.Clear();
                bytes = 0;
                progress(before + count);
            }

            if (batch.Count > 0) await target.TakeAsync(table, batch, count += batch.Count, cancel);
            progress(before += count);
        }
    }

    private static async Task<IReadOnlyList<MovedRows>> VerifyAsync(MovePlan plan, MoveSource source, DeskStore store, MoveTarget target, Action<long> progress, CancellationToken cancel)
    {
        // Both sides at once: each has a processor and a reader of its own.
        var there = Task.Run(async () =>
        {
            await using var connection = await store.ConnectAsync(cancel);
            return Hash(plan, connection, TableStatements.ReadPostgres, postgres: true, null, cancel);
        }, cancel);
        var here = Task.Run(() => Hash(plan, source.Connection, table => TableStatements.ReadSqlite(table, 0), postgres: false, progress, cancel), cancel);
        var (from, to) = (await here, await there);
        var differing = from.Zip(to).Where(pair => pair.First != pair.Second).Select(pair => string.Create(CultureInfo.InvariantCulture,
            $"{pair.First.Name} ({pair.First.Rows} rows sha256 {pair.First.Sha256[..12]}… here, {pair.Second.Rows} rows sha256 {pair.Second.Sha256[..12]}… there)")).ToList();
        if (await target.Session.CountAsync("SELECT (SELECT COUNT(*) FROM letters) - (SELECT COUNT(*) FROM letters l JOIN letter_keys k ON k.letter_id = l.id AND k.receipt_hash = l.receipt_hash AND k.number = l.number)", cancel) != 0) differing.Add("letter_keys");
        if (differing.Count == 0) return from;
        await target.DistrustAsync(cancel);
        throw new StoreException($"The sides differ after the move: {string.Join("; ", differing)}. The database is no office; run the move again, it will begin anew.");
    }

    private static List<MovedRows> Hash(MovePlan plan, DbConnection connection, Func<MovedTable, string> read, bool postgres, Action<long>? progress, CancellationToken cancel)
    {
        var tables = new List<MovedRows>();
        long all = 0;
        foreach (var table in plan.Tables)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var command = connection.CreateCommand();
            command.CommandText = read(table);
            command.CommandTimeout = 0;
            using var rows = command.ExecuteReader();
            long count = 0;
            while (rows.Read())
            {
                foreach (var value in Row(table, rows, postgres)) MovedColumn.Add(hash, value);
                if (++count % BatchRows != 0) continue;
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke(all + count);
            }

            progress?.Invoke(all += count);
            tables.Add(new MovedRows(table.Name, count, Convert.ToHexStringLower(hash.GetHashAndReset())));
        }

        return tables;
    }

    private static object?[] Row(MovedTable table, DbDataReader rows, bool postgres)
    {
        var row = new object?[table.Columns.Count];
        for (var i = 0; i < row.Length; i++) row[i] = table.Columns[i].Read(rows, i, postgres);
        return row;
    }

    private static async Task<long> CountAsync(MovePlan plan, SqliteConnection source, CancellationToken cancel)
    {
        long total = 0;
        foreach (var table in plan.Tables)
        {
            await using var command = source.CreateCommand();
            command.CommandText = TableStatements.Count(table);
            total += (long)(await command.ExecuteScalarAsync(cancel))!;
        }

        return total;
    }

    // Letters lie in months by the first digits of their id, the moment of arrival.
    private static async Task<IEnumerable<DateTimeOffset>> MonthsAsync(StoreSession source, CancellationToken cancel) =>
        (await source.QueryAsync("SELECT substr(id, 1, 12) FROM letters", row => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(row.GetString(0), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)), cancel))
        .DistinctBy(moment => (moment.Year, moment.Month));
}
