using System.Data.Common;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Imports;

/// <summary>How far a run has come.</summary>
/// <param name="Done">Rows done, whatever became of them: the run's cursor.</param>
/// <param name="Added">Rows that became letters.</param>
/// <param name="Repeated">Rows whose letter had arrived before.</param>
/// <param name="Rejected">Rows set aside.</param>
public readonly record struct ImportCounts(long Done, long Added, long Repeated, long Rejected);

/// <summary>Why a run that has not ended goes on no further.</summary>
public enum ImportHold
{
    /// <summary>A person asked for a pause; it comes after the batch that is being taken in.</summary>
    Asked,

    /// <summary>It was paused and waits for a person.</summary>
    Paused,

    /// <summary>It goes on at its cursor as soon as its sheet comes again: a person let it, or it was only interrupted.</summary>
    Ready,
}

/// <summary>One run of an import as it stands in the store.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Channel">The channel's name.</param>
/// <param name="Source">The file's name.</param>
/// <param name="Started">When it began.</param>
/// <param name="Finished">When it ended; null where it runs, or was killed.</param>
/// <param name="Counts">How far it came.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
/// <param name="Hold">Why it goes on no further; null where it does, or has ended.</param>
public sealed record ImportRun(long Id, string Channel, string Source, DateTimeOffset Started, DateTimeOffset? Finished, ImportCounts Counts, string? Error, ImportHold? Hold);

/// <summary>
/// The runs of imports: each keeps its start, cursor, counts, end and error. A run that was killed stays without an end;
/// its sheet is simply imported again, since what had arrived is known as repeated. One that was paused goes on at its
/// cursor when the very same sheet comes again.
/// </summary>
public sealed class ImportRuns(DeskStore store, AuditLog audit, TimeProvider clock)
{
    /// <summary>Begins a run that is never paused.</summary>
    public Task<long> StartAsync(Channel channel, string source, CancellationToken cancel) => StartAsync(channel, source, null, cancel);

    /// <summary>Begins a run.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="source">The file's name, never its path or content.</param>
    /// <param name="mark">What tells this sheet from every other while the run is not done: a keyed hash; null where it needs none.</param>
    /// <param name="cancel">Cancels the write.</param>
    /// <returns>The run's number.</returns>
    public async Task<long> StartAsync(Channel channel, string source, string? mark, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        var id = await session.CountAsync("INSERT INTO import_runs (channel, source, started_at, sheet_mark) VALUES (@channel, @source, @now, @mark) RETURNING id", cancel,
            ("channel", channel.NameOf()), ("source", source), ("now", Now), ("mark", mark));
        await session.CommitAsync(cancel);
        return id;
    }

    /// <summary>Takes up a run of this very sheet that was held; null where there is none, or where it is a person's to let it go on.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="mark">The sheet's mark.</param>
    /// <param name="byHand">Whether a person brings the sheet, who thereby lets a paused run go on.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>The run, held no more where it goes on, still <see cref="ImportHold.Paused"/> where it must wait.</returns>
    public async Task<ImportRun?> TakeUpAsync(Channel channel, string mark, bool byHand, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        var run = await session.FirstAsync("SELECT id, channel, source, started_at, finished_at, cursor, added, repeated, rejected, error, hold FROM import_runs WHERE channel = @channel AND sheet_mark = @mark AND finished_at IS NULL AND hold IS NOT NULL ORDER BY id DESC LIMIT 1",
            ReadRun, cancel, ("channel", channel.NameOf()), ("mark", mark));
        if (run is null) return null;
        if (run.Hold != ImportHold.Ready && !byHand)
        {
            // Asked for a pause and then killed: it is paused all the same.
            await session.ExecuteAsync("UPDATE import_runs SET hold = 'paused' WHERE id = @run", cancel, ("run", run.Id));
            await session.CommitAsync(cancel);
            return run with { Hold = ImportHold.Paused };
        }

        await session.ExecuteAsync("UPDATE import_runs SET hold = NULL WHERE id = @run", cancel, ("run", run.Id));
        await session.CommitAsync(cancel);
        return run with { Hold = null };
    }

    /// <summary>Notes how far a run has come.</summary>
    /// <returns>Whether a person asks for a pause.</returns>
    public async Task<bool> AdvanceAsync(long run, ImportCounts counts, CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        var asked = await session.CountAsync(
            "UPDATE import_runs SET cursor = @done, added = @added, repeated = @repeated, rejected = @rejected WHERE id = @run AND finished_at IS NULL RETURNING CASE WHEN hold = 'asked' THEN 1 ELSE 0 END", cancel,
            ("done", counts.Done), ("added", counts.Added), ("repeated", counts.Repeated), ("rejected", counts.Rejected), ("run", run));
        await session.CommitAsync(cancel);
        return asked == 1;
    }

    /// <summary>Holds a run at its cursor.</summary>
    public async Task HoldAsync(long run, ImportHold hold, CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync("UPDATE import_runs SET hold = @hold WHERE id = @run AND finished_at IS NULL", cancel, ("hold", NameOf(hold)), ("run", run));
        await session.CommitAsync(cancel);
    }

    /// <summary>An administrator asks for a pause, or lets a run go on; the line in the audit log and the change stand or fall together.</summary>
    /// <param name="by">An administrator.</param>
    /// <param name="run">The run's number.</param>
    /// <param name="pause">Whether it is to pause.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>Why it was refused; null where it is done.</returns>
    public async Task<Refusal?> SteerAsync(StaffMember by, long run, bool pause, CancellationToken cancel)
    {
        if (by.Role != Role.Administrator) return Refusal.NotYourRole;
        await using var session = await store.WriteAsync(cancel);
        var source = await session.TextAsync("SELECT source FROM import_runs WHERE id = @run", cancel, ("run", run));
        if (source is null) return Refusal.NotFound;
        var changed = pause
            ? await session.ExecuteAsync("UPDATE import_runs SET hold = 'asked' WHERE id = @run AND finished_at IS NULL AND (hold IS NULL OR hold = 'ready')", cancel, ("run", run))
            : await session.ExecuteAsync("UPDATE import_runs SET hold = CASE WHEN hold = 'paused' THEN 'ready' END WHERE id = @run AND finished_at IS NULL AND hold IN ('asked', 'paused')", cancel, ("run", run));
        if (changed == 0) return Refusal.NotOpen;
        await audit.WriteAsync(session, by.Id, pause ? "import-paused" : "import-resumed", source, null, null, cancel);
        await session.CommitAsync(cancel);
        return null;
    }

    /// <summary>Ends a run.</summary>
    /// <param name="run">The run's number.</param>
    /// <param name="counts">How far it came.</param>
    /// <param name="error">Why it failed, without anything a letter says; null where it did not.</param>
    /// <param name="cancel">Cancels the write.</param>
    public async Task FinishAsync(long run, ImportCounts counts, string? error, CancellationToken cancel)
    {
        // A run's row is its own; it needs not wait for casework.
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync(
            "UPDATE import_runs SET cursor = @done, added = @added, repeated = @repeated, rejected = @rejected, finished_at = @now, error = @error, hold = NULL, sheet_mark = NULL WHERE id = @run AND finished_at IS NULL", cancel,
            ("done", counts.Done), ("added", counts.Added), ("repeated", counts.Repeated), ("rejected", counts.Rejected), ("now", Now), ("error", error), ("run", run));
        await session.CommitAsync(cancel);
    }

    /// <summary>All runs, newest first.</summary>
    public async Task<IReadOnlyList<ImportRun>> ListAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync("SELECT id, channel, source, started_at, finished_at, cursor, added, repeated, rejected, error, hold FROM import_runs ORDER BY id DESC", ReadRun, cancel);
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static ImportRun ReadRun(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        new ImportCounts(row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)), row.IsDBNull(9) ? null : row.GetString(9), row.IsDBNull(10) ? null : HoldOf(row.GetString(10)));

    private static string NameOf(ImportHold hold) => hold switch
    {
        ImportHold.Asked => "asked",
        ImportHold.Paused => "paused",
        _ => "ready",
    };

    private static ImportHold HoldOf(string name) => name switch
    {
        "asked" => ImportHold.Asked,
        "paused" => ImportHold.Paused,
        _ => ImportHold.Ready,
    };
}
