using System.Data.Common;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Runs;

/// <summary>Why a run began.</summary>
public enum RunCause
{
    /// <summary>Its time had come.</summary>
    Due,

    /// <summary>An administrator asked for it.</summary>
    ByHand,

    /// <summary>The run before it never ended: its node died, or was frozen.</summary>
    TakenOver,
}

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>It did what was due.</summary>
    Done,

    /// <summary>It failed; its error says why.</summary>
    Failed,

    /// <summary>The clock is in doubt, so it did nothing.</summary>
    Held,

    /// <summary>A later run took over from it.</summary>
    TakenOver,

    /// <summary>It came back after it had been taken over, and its write was refused.</summary>
    Refused,
}

/// <summary>How far a run has come.</summary>
/// <param name="Cursor">How many pieces of work it has looked at.</param>
/// <param name="Done">How many of them it did.</param>
/// <param name="Failed">How many it set aside or could not do.</param>
public readonly record struct RunCounts(long Cursor, long Done, long Failed)
{
    /// <summary>The sum of both.</summary>
    public static RunCounts operator +(RunCounts left, RunCounts right) => new(left.Cursor + right.Cursor, left.Done + right.Done, left.Failed + right.Failed);

    /// <summary>The sum of both.</summary>
    public static RunCounts Add(RunCounts left, RunCounts right) => left + right;
}

/// <summary>One run of a job as it stands in the store.</summary>
/// <param name="Id">Its number among all runs.</param>
/// <param name="Job">The job.</param>
/// <param name="Fence">Its number among the job's runs.</param>
/// <param name="Node">The node that ran it: machine and process.</param>
/// <param name="Cause">Why it began.</param>
/// <param name="Started">When it began.</param>
/// <param name="Finished">When it ended; null while it runs, or where its node died.</param>
/// <param name="Counts">How far it came.</param>
/// <param name="Outcome">How it ended; null while it runs.</param>
/// <param name="Error">What went wrong, without anything a letter says; null where nothing did.</param>
public sealed record JobRun(long Id, string Job, long Fence, string Node, RunCause Cause, DateTimeOffset Started, DateTimeOffset? Finished, RunCounts Counts, RunOutcome? Outcome, string? Error);

/// <summary>A run under way, as its work sees it.</summary>
public sealed class RunningJob
{
    private readonly JobRuns _runs;

    internal RunningJob(JobRuns runs, long id, RunFence fence) => (_runs, Id, Fence) = (runs, id, fence);

    /// <summary>How far it has come.</summary>
    public RunCounts Counts { get; private set; }

    internal long Id { get; }

    internal RunFence Fence { get; }

    /// <summary>Notes how far the run has come.</summary>
    /// <exception cref="RunStaleException">It was taken over meanwhile.</exception>
    public async Task AdvanceAsync(RunCounts counts, CancellationToken cancel)
    {
        Counts = counts;
        await _runs.AdvanceAsync(this, cancel);
    }
}

/// <summary>
/// The runs of scheduled jobs, each with its start, cursor, counts, end and error, and the fence that lets only a job's last
/// run write. A job keeps its newest runs; older rows go with every start.
/// </summary>
public sealed class JobRuns(DeskStore store, TimeProvider clock)
{
    /// <summary>Runs a job keeps.</summary>
    public const int Kept = 200;

    private static readonly string[] Causes = ["due", "by-hand", "taken-over"];
    private static readonly string[] Outcomes = ["done", "failed", "held", "taken-over", "refused"];

    /// <summary>Runs a job's work once, fenced and on record.</summary>
    /// <param name="job">The job.</param>
    /// <param name="node">The node that runs it.</param>
    /// <param name="cause">Why it runs.</param>
    /// <param name="keepIdle">Whether a run that found nothing to do is kept beside the last one that did; not for jobs that look every minute.</param>
    /// <param name="work">The work. Whatever it writes is refused once a later run has begun.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>How it ended and the exception that ended it, if one did; only a stop of the program is thrown.</returns>
    public async Task<(RunOutcome Outcome, Exception? Error)> RunAsync(string job, string node, RunCause cause, bool keepIdle, Func<RunningJob, CancellationToken, Task> work, CancellationToken cancel)
    {
        var run = await StartAsync(job, node, cause, cancel);
        RunOutcome outcome;
        Exception? error = null;
        try
        {
            await FencedAsync(run, work, cancel);
            outcome = RunOutcome.Done;
        }
        catch (Exception failed)
        {
            error = failed;
            outcome = failed is ClockDoubtException ? RunOutcome.Held : RunOutcome.Failed;
        }

        // Not cancelled with the work: why it stopped is what the run is kept for.
        outcome = await FinishAsync(run, outcome, error, keepIdle, CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return (outcome, error);
    }

    /// <summary>The newest runs of all jobs, newest first.</summary>
    /// <param name="most">How many of each job.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<IReadOnlyList<JobRun>> NewestAsync(int most, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            """
            SELECT id, job, fence, node, cause, started_at, finished_at, cursor, done, failed, outcome, error
            FROM (SELECT r.*, ROW_NUMBER() OVER (PARTITION BY job ORDER BY id DESC) AS place FROM schedule_runs r) newest
            WHERE place <= @most ORDER BY id DESC
            """, ReadRun, cancel, ("most", most));
    }

    internal async Task AdvanceAsync(RunningJob run, CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync("UPDATE schedule_runs SET cursor = @cursor, done = @done, failed = @failed WHERE id = @run AND finished_at IS NULL", cancel,
            ("cursor", run.Counts.Cursor), ("done", run.Counts.Done), ("failed", run.Counts.Failed), ("run", run.Id));
        await session.CommitAsync(cancel);
    }

    // The fence flows into everything the work calls, and not back out of this method.
    private static async Task FencedAsync(RunningJob run, Func<RunningJob, CancellationToken, Task> work, CancellationToken cancel)
    {
        RunFence.Current = run.Fence;
        await work(run, cancel);
    }

    private async Task<RunningJob> StartAsync(string job, string node, RunCause cause, CancellationToken cancel)
    {
        // Two starts at once meet at the job's row, so casework need not wait for them.
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync("INSERT INTO schedule_jobs (job, fence) VALUES (@job, 0) ON CONFLICT DO NOTHING", cancel, ("job", job));
        var fence = await session.CountAsync("UPDATE schedule_jobs SET fence = fence + 1 WHERE job = @job RETURNING fence", cancel, ("job", job));
        var left = await session.ExecuteAsync("UPDATE schedule_runs SET finished_at = @now, outcome = 'taken-over' WHERE job = @job AND finished_at IS NULL", cancel, ("now", Now), ("job", job));
        var id = await session.CountAsync("INSERT INTO schedule_runs (job, fence, node, cause, started_at) VALUES (@job, @fence, @node, @cause, @now) RETURNING id", cancel,
            ("job", job), ("fence", fence), ("node", node), ("cause", Causes[(int)(left > 0 ? RunCause.TakenOver : cause)]), ("now", Now));
        await session.ExecuteAsync("DELETE FROM schedule_runs WHERE job = @job AND fence <= @old", cancel, ("job", job), ("old", fence - Kept));
        await session.CommitAsync(cancel);
        return new RunningJob(this, id, new RunFence(job, fence));
    }

    private async Task<RunOutcome> FinishAsync(RunningJob run, RunOutcome outcome, Exception? error, bool keepIdle, CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        var last = await session.CountAsync("SELECT fence FROM schedule_jobs WHERE job = @job", cancel, ("job", run.Fence.Job)) == run.Fence.Number;
        if (!last)
        {
            // Its successor has closed it already; what is left to tell is whether it tried to write after that.
            if (error is null) return RunOutcome.TakenOver;
            await session.ExecuteAsync("UPDATE schedule_runs SET outcome = 'refused', error = @error WHERE id = @run", cancel, ("error", Describe(error)), ("run", run.Id));
            await session.CommitAsync(cancel);
            return RunOutcome.Refused;
        }

        await session.ExecuteAsync("UPDATE schedule_runs SET finished_at = @now, outcome = @outcome, error = @error WHERE id = @run AND finished_at IS NULL", cancel,
            ("now", Now), ("outcome", Outcomes[(int)outcome]), ("error", error is null ? null : Describe(error)), ("run", run.Id));
        if (!keepIdle && outcome == RunOutcome.Done && run.Counts == default)
        {
            await session.ExecuteAsync("DELETE FROM schedule_runs WHERE job = @job AND id < @run AND outcome = 'done' AND cause = 'due' AND cursor = 0 AND done = 0 AND failed = 0", cancel,
                ("job", run.Fence.Job), ("run", run.Id));
        }

        await session.CommitAsync(cancel);
        return outcome;
    }

    // Only errors this program words itself are repeated; another's message might quote what was being worked on.
    private static string Describe(Exception error) => error switch
    {
        OperationCanceledException => "stopped",
        RunStaleException or ClockDoubtException or StoreException or Outbox.MailRefusedException => error.Message,
        DbException database => database.SqlState is { Length: > 0 } state ? $"{error.GetType().Name} {state}" : error.GetType().Name,
        _ => error.GetType().Name,
    };

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static JobRun ReadRun(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), (RunCause)Array.IndexOf(Causes, row.GetString(4)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        row.IsDBNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)), new RunCounts(row.GetInt64(7), row.GetInt64(8), row.GetInt64(9)),
        row.IsDBNull(10) ? null : (RunOutcome)Array.IndexOf(Outcomes, row.GetString(10)), row.IsDBNull(11) ? null : row.GetString(11));
}
