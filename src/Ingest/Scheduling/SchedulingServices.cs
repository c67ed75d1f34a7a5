using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Opinion.Desk.Outbox;
using Opinion.Desk.Storage;
using Opinion.Ingest.Mailbox;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.OwnSite;
using Quartz;

namespace Opinion.Ingest.Scheduling;

/// <summary>Composition of the schedule.</summary>
public static class SchedulingServices
{
    // A node that died is noticed after its check-in is this late, and its work begun again by another at once.
    private static readonly TimeSpan Checkin = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan CheckinLate = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Adds the schedule to an office's desk. On PostgreSQL the nodes share it: Quartz keeps it in tables of its own, made
    /// where they are missing. On SQLite there is one node, which keeps it in memory.
    /// </summary>
    public static IServiceCollection AddScheduling(this IServiceCollection services, DeskStore store, TimeProvider clock)
    {
        services.AddOwnSite().AddMailbox().AddSingleton<WatchFolders>().AddSingleton<Schedule>().AddSingleton<IMailPost, SmtpPost>().AddSingleton<SendMail>();
        services.AddQuartz(quartz =>
        {
            quartz.UseTimeProvider(clock);
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "opinion";
                scheduler.InstanceId = RunDeskJob.Node;
                // A run that is stopped is on record as such; its next run goes on where it was.
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
                // Also how soon another node's "run now" is seen.
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(5);
            });
            quartz.UseDefaultThreadPool(4);
            if (store.Engine == "postgres")
            {
                quartz.UsePersistentStore(persistent =>
                {
                    persistent.UsePostgres(NpgsqlFactory.Instance, ConnectionFor(store));
                    persistent.ProvisionSchema();
                    persistent.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (Checkin, CheckinLate));
                    persistent.ConfigureStore(options => options.StoreJobDataAsStrings = true);
                });
            }
            else
            {
                quartz.UseInMemoryStore();
            }

            foreach (var job in DeskJobs.All)
            {
                var key = new JobKey(job.Name);
                // Recovery: what a dead node was doing is begun again by another. What is late runs once, at once.
                quartz.AddJob<RunDeskJob>(detail => detail.WithIdentity(key).StoreDurably().RequestRecovery());
                quartz.AddTrigger(trigger => trigger.ForJob(key).WithIdentity(job.Name).StartNow().WithSimpleSchedule(schedule => EveryOf(job, schedule)));
            }
        });
        services.AddQuartzHostedService(host => host.WaitForJobsToComplete = true);
        services.AddSingleton<ScheduleKeeper>().AddHostedService(provider => provider.GetRequiredService<ScheduleKeeper>());
        return services;
    }

    /// <summary>How often a job runs: what was missed runs once, at once.</summary>
    internal static void EveryOf(DeskJob job, SimpleScheduleBuilder schedule) =>
        schedule.WithInterval(job.Every).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount);

    // A node frozen inside one of Quartz's own short transactions would keep the others from noticing it.
    private static string ConnectionFor(DeskStore store) =>
        new NpgsqlConnectionStringBuilder(store.ConnectionString) { ApplicationName = "opinion-schedule", Options = "-c idle_in_transaction_session_timeout=10s", MaxPoolSize = 10 }.ToString();
}
