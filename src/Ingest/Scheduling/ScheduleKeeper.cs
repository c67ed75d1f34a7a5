using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Opinion.Ingest.Scheduling;

/// <summary>
/// Looks every minute, by a timer that no clock can move, whether a job's next run lies farther ahead than its interval
/// allows. That is what a clock leaves that jumped far ahead and was set right again: without this the schedule would sleep
/// until the date it believed in.
/// </summary>
internal sealed partial class ScheduleKeeper(ISchedulerFactory schedulers, TimeProvider clock, ILogger<ScheduleKeeper> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    /// <summary>Brings jobs whose next run lies too far ahead back to now.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> MendAsync(CancellationToken cancel)
    {
        var scheduler = await schedulers.GetScheduler(cancel);
        var mended = 0;
        foreach (var job in DeskJobs.All)
        {
            var key = new TriggerKey(job.Name);
            if (await scheduler.GetTrigger(key, cancel) is not { NextFireTimeUtc: { } next } || next <= clock.GetUtcNow() + (job.Every * 2)) continue;
            var trigger = TriggerBuilder.Create().ForJob(new JobKey(job.Name)).WithIdentity(key).StartAt(clock.GetUtcNow()).WithSimpleSchedule(schedule => SchedulingServices.EveryOf(job, schedule)).Build();
            await scheduler.RescheduleJob(key, trigger, cancel);
            mended++;
        }

        return mended;
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            if (await MendAsync(cancel) is > 0 and var mended) LogMended(log, mended);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            // The store is away; the next minute looks again.
            LogFailed(log, error.GetType().Name);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Jobs} scheduled jobs waited for a date far ahead, after the clock was set back; they run now")]
    private static partial void LogMended(ILogger log, int jobs);

    [LoggerMessage(2, LogLevel.Warning, "The schedule could not be looked at: {Error}")]
    private static partial void LogFailed(ILogger log, string error);
}
