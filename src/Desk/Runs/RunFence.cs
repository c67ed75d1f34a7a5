using Opinion.Desk.Storage;

namespace Opinion.Desk.Runs;

/// <summary>
/// A scheduled run found that another run of its job has begun: it was frozen or cut off for so long that its work was
/// taken over. Nothing of what it was about to write is stored.
/// </summary>
public sealed class RunStaleException(string job, long fence)
    : Exception(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Run {fence} of {job} was taken over by a later run; its write is refused."));

/// <summary>
/// The number under which a scheduled run writes. Every run of a job takes the next number; whatever a run writes, through
/// any use case, first checks in its own transaction that its number is still the job's last. So a node that wakes up after
/// its work was taken over changes nothing, and no use case can forget the check. Numbers in place of a lease's time, because
/// two nodes may disagree about the time (Kleppmann, "How to do distributed locking", 2016, calls them fencing tokens).
/// </summary>
/// <param name="Job">The job.</param>
/// <param name="Number">The run's number among the job's runs, from 1.</param>
public sealed record RunFence(string Job, long Number)
{
    private static readonly AsyncLocal<RunFence?> Flowing = new();

    /// <summary>The run this code is part of; null outside of scheduled runs.</summary>
    internal static RunFence? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    /// <summary>Makes sure that this run is the job's last, and that none begins before the session ends.</summary>
    /// <exception cref="RunStaleException">It is not.</exception>
    internal async Task RequireAsync(StoreSession session, CancellationToken cancel)
    {
        // On PostgreSQL the row stays as it is until this transaction ends; SQLite has one writer.
        var last = session.IsPostgres
            ? await session.CountAsync("SELECT fence FROM schedule_jobs WHERE job = @job FOR SHARE", cancel, ("job", Job))
            : await session.CountAsync("SELECT fence FROM schedule_jobs WHERE job = @job", cancel, ("job", Job));
        if (last != Number) throw new RunStaleException(Job, Number);
    }
}
