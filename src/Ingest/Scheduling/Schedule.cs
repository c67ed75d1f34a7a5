using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Runs;
using Quartz;

namespace Opinion.Ingest.Scheduling;

/// <summary>A job as the administrator sees it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Next">When it runs next; null where that is not known, as while the schedule starts.</param>
/// <param name="Runs">Its newest runs, newest first.</param>
public sealed record JobState(DeskJob Job, DateTimeOffset? Next, IReadOnlyList<JobRun> Runs);

/// <summary>The schedule as the administrator sees it, and the one thing to do with it: to run a job now.</summary>
public sealed class Schedule(ISchedulerFactory schedulers, JobRuns runs, AuditLog audit)
{
    private const int Shown = 10;

    /// <summary>All jobs with their next run and their last ones.</summary>
    public async Task<IReadOnlyList<JobState>> ReadAsync(CancellationToken cancel)
    {
        var scheduler = await schedulers.GetScheduler(cancel);
        var newest = await runs.NewestAsync(Shown, cancel);
        var states = new List<JobState>();
        foreach (var job in DeskJobs.All)
        {
            var triggers = await scheduler.GetTriggersOfJob(new JobKey(job.Name), cancel);
            states.Add(new JobState(job, triggers.Select(trigger => trigger.NextFireTimeUtc).Min(), [.. newest.Where(run => run.Job == job.Name)]));
        }

        return states;
    }

    /// <summary>Runs a job now, on whichever node comes first; where it runs already, right after that. Written to the audit log first.</summary>
    /// <returns>False where there is no such job.</returns>
    public async Task<bool> RunNowAsync(StaffMember administrator, string? job, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) throw new UnauthorizedAccessException("Only an administrator does this.");
        if (DeskJobs.Find(job) is not { } known) return false;
        await audit.WriteAsync(administrator.Id, "job-run", known.Name, null, null, cancel);
        var scheduler = await schedulers.GetScheduler(cancel);
        await scheduler.TriggerJob(new JobKey(known.Name), new JobDataMap { [RunDeskJob.ByHand] = "true" }, cancel);
        return true;
    }
}
