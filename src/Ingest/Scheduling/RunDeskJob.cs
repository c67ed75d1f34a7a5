using Microsoft.Extensions.Logging;
using Opinion.Desk.Runs;
using Quartz;

namespace Opinion.Ingest.Scheduling;

/// <summary>
/// The one kind of work Quartz knows: it runs a job of <see cref="DeskJobs"/> by its name. Quartz decides when and on
/// which node; that a run is alone and on record is decided by the store, see <see cref="JobRuns"/>.
/// </summary>
[DisallowConcurrentExecution]
public sealed partial class RunDeskJob(IServiceProvider services, JobRuns runs, ClockGuard guard, ILogger<RunDeskJob> log) : IJob
{
    /// <summary>The entry of a trigger's data that says an administrator asked for the run.</summary>
    internal const string ByHand = "by-hand";

    /// <summary>This node, as it stands in the record of runs: machine and process.</summary>
    public static string Node { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        // A newer node of a cluster may have left a job that this one does not know.
        if (DeskJobs.Find(name) is not { } job) return;
        var cause = context.Recovering ? RunCause.TakenOver : context.MergedJobDataMap.ContainsKey(ByHand) ? RunCause.ByHand : RunCause.Due;
        var (outcome, error) = await runs.RunAsync(name, Node, cause, keepIdle: job.Every >= TimeSpan.FromHours(1), async (run, cancel) =>
        {
            if (job.NeedsClock) await guard.RequireAsync(cancel);
            await job.Work(services, run, cancel);
        }, cancellationToken);
        if (outcome is RunOutcome.Failed or RunOutcome.Refused) LogFailed(log, name, outcome, error?.GetType().Name);
        else if (outcome is RunOutcome.Held) LogHeld(log, name, error?.Message);
    }

    // The exception's own words stay out of the log: a database may quote what it was given.
    [LoggerMessage(1, LogLevel.Error, "The scheduled job {Job} ended as {Outcome}: {Error}. Its next run tries again; the administrator's page Schedule shows its runs")]
    private static partial void LogFailed(ILogger log, string job, RunOutcome outcome, string? error);

    [LoggerMessage(2, LogLevel.Warning, "The scheduled job {Job} waits: {Reason}")]
    private static partial void LogHeld(ILogger log, string job, string? reason);
}
