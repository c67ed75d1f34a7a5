using System.Data.Common;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Imports;

/// <summary>How far a run has come.</summary>
/// <param name="Done">Rows done, whatever became of them: the run's cursor.</param>
/// <param name="Added">Rows that became letters.</param>
/// <param name="Repeated">Rows whose letter had arrived before.</param>
/// <param name="Rejected">Rows set aside.</param>
public readonly record struct ImportCounts(long Done, long Added, long Repeated, long Rejected);

/// <summary>One run of an import as it stands in the store.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Channel">The channel's name.</param>
/// <param name="Source">The file's name.</param>
/// <param name="Started">When it began.</param>
/// <param name="Finished">When it ended; null where it runs, or was killed.</param>
/// <param name="Counts">How far it came.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
public sealed record ImportRun(long Id, string Channel, string Source, DateTimeOffset Started, DateTimeOffset? Finished, ImportCounts Counts, string? Error);

/// <summary>
/// The runs of imports: each keeps its start, cursor, counts, end and error. A run that was killed stays without an end;
/// its sheet is simply imported again, since what had arrived is known as repeated.
/// </summary>
public sealed class ImportRuns(DeskStore store, TimeProvider clock)
{
    /// <summary>Begins a run.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="source">The file's name, never its path or content.</param>
    /// <param name="cancel">Cancels the write.</param>
    /// <returns>The run's number.</returns>
    public async Task<long> StartAsync(Channel channel, string source, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        var id = await session.CountAsync("INSERT INTO import_runs (channel, source, started_at) VALUES (@channel, @source, @now) RETURNING id", cancel,
            ("channel", channel.NameOf()), ("source", source), ("now", Now));
        await session.CommitAsync(cancel);
        return id;
    }

    /// <summary>Notes how far a run has come.</summary>
    public Task AdvanceAsync(long run, ImportCounts counts, CancellationToken cancel) => UpdateAsync(run, counts, null, null, cancel);

    /// <summary>Ends a run.</summary>
    /// <param name="run">The run's number.</param>
    /// <param name="counts">How far it came.</param>
    /// <param name="error">Why it failed, without anything a letter says; null where it did not.</param>
    /// <param name="cancel">Cancels the write.</param>
    public Task FinishAsync(long run, ImportCounts counts, string? error, CancellationToken cancel) => UpdateAsync(run, counts, Now, error, cancel);

    /// <summary>All runs, newest first.</summary>
    public async Task<IReadOnlyList<ImportRun>> ListAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync("SELECT id, channel, source, started_at, finished_at, cursor, added, repeated, rejected, error FROM import_runs ORDER BY id DESC", ReadRun, cancel);
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task UpdateAsync(long run, ImportCounts counts, long? finished, string? error, CancellationToken cancel)
    {
        // A run's row is its own; it needs not wait for casework.
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync(
            "UPDATE import_runs SET cursor = @done, added = @added, repeated = @repeated, rejected = @rejected, finished_at = @finished, error = @error WHERE id = @run AND finished_at IS NULL", cancel,
            ("done", counts.Done), ("added", counts.Added), ("repeated", counts.Repeated), ("rejected", counts.Rejected), ("finished", finished), ("error", error), ("run", run));
        await session.CommitAsync(cancel);
    }

    private static ImportRun ReadRun(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        new ImportCounts(row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)), row.IsDBNull(9) ? null : row.GetString(9));
}
