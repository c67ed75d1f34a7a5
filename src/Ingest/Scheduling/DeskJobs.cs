using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk.Attachments;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Outbox;
using Opinion.Desk.Reminders;
using Opinion.Desk.Reports;
using Opinion.Desk.Retention;
using Opinion.Desk.Runs;
using Opinion.Desk.Search;
using Opinion.Ingest.Mailbox;
using Opinion.Ingest.OwnSite;

namespace Opinion.Ingest.Scheduling;

/// <summary>
/// Everything the desk does by the clock, in one list. A further job is a line here and a name on the administrator's page.
/// Each is safe to stop at any moment, to run twice and to run late.
/// </summary>
public static class DeskJobs
{
    /// <summary>Sheets that lie in watched folders become letters.</summary>
    public const string Inbox = "inbox";

    /// <summary>Message boards on the office's own sites are read.</summary>
    public const string Boards = "boards";

    /// <summary>Mail in the mailbox's Maildir becomes letters.</summary>
    public const string Mailbox = "mailbox";

    /// <summary>Officers are reminded of deadlines.</summary>
    public const string Reminders = "reminders";

    /// <summary>Contact data and texts that are due to go are erased.</summary>
    public const string Retention = "retention";

    /// <summary>Weeks that have ended are released.</summary>
    public const string Reports = "reports";

    /// <summary>Mail that waits in the outbox is sent.</summary>
    public const string Mail = "mail";

    /// <summary>The coming months' partitions are made.</summary>
    public const string Months = "months";

    /// <summary>The search index of letters is compared with the letters and mended.</summary>
    public const string SearchIndex = "search-index";

    /// <summary>Files of attachments that no letter names are removed.</summary>
    public const string Attachments = "attachments";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>All jobs, in the order in which they are shown.</summary>
    public static IReadOnlyList<DeskJob> All { get; } =
    [
        new(Inbox, Minute, NeedsClock: false, (services, run, cancel) => services.GetRequiredService<WatchFolders>().HandleAsync(run, cancel)),
        new(Boards, Hour, NeedsClock: false, (services, run, cancel) => services.GetRequiredService<ReadBoards>().HandleAsync(run, cancel)),
        new(Mailbox, Minute, NeedsClock: false, (services, run, cancel) => services.GetRequiredService<ReadMaildir>().HandleAsync(run, cancel)),
        new(Mail, Minute, NeedsClock: false, SendAsync),
        new(Reminders, Hour, NeedsClock: true, (services, run, cancel) => RepeatAsync(run, services.GetRequiredService<RemindOfficers>().HandleAsync, cancel)),
        new(Retention, Hour, NeedsClock: true, RetainAsync),
        new(Reports, Hour, NeedsClock: true, async (services, run, cancel) => await CountAsync(run, await services.GetRequiredService<WeeklyReport>().ReleaseDueAsync(cancel), cancel)),
        new(Months, Hour, NeedsClock: true, (services, _, cancel) => services.GetRequiredService<PrepareMonths>().HandleAsync(cancel)),
        new(Attachments, Hour, NeedsClock: true, async (services, run, cancel) => await CountAsync(run, await services.GetRequiredService<SweepAttachments>().HandleAsync(cancel), cancel)),
        new(SearchIndex, Day, NeedsClock: false, MendSearchAsync),
    ];

    /// <summary>Finds a job; null where there is none of that name.</summary>
    public static DeskJob? Find(string? name) => All.FirstOrDefault(job => string.Equals(job.Name, name, StringComparison.Ordinal));

    private static async Task RetainAsync(IServiceProvider services, RunningJob run, CancellationToken cancel)
    {
        await CountAsync(run, await services.GetRequiredService<EndContacts>().HandleAsync(cancel), cancel);
        await RepeatAsync(run, services.GetRequiredService<EndTexts>().HandleAsync, cancel);
        await CountAsync(run, await services.GetRequiredService<SetAsideRows>().EndAsync(cancel), cancel);
        await CountAsync(run, await services.GetRequiredService<PendingQuestions>().EndAsync(cancel), cancel);
    }

    private static Task MendSearchAsync(IServiceProvider services, RunningJob run, CancellationToken cancel) => services.GetRequiredService<RebuildLetterSearch>()
        .HandleAsync(step => run.AdvanceAsync(run.Counts + new RunCounts(step.Looked, step.Added + step.Changed + step.Removed, 0), cancel), cancel);

    private static async Task SendAsync(IServiceProvider services, RunningJob run, CancellationToken cancel)
    {
        var send = services.GetRequiredService<SendMail>();
        while (await send.NextAsync(cancel) is { } outcome)
            await run.AdvanceAsync(run.Counts + new RunCounts(1, outcome == MailOutcome.Sent ? 1 : 0, outcome == MailOutcome.Dead ? 1 : 0), cancel);
    }

    // For work that takes a bounded piece each time: until there is none left. The clock is looked at before each.
    private static async Task RepeatAsync(RunningJob run, Func<CancellationToken, Task<int>> piece, CancellationToken cancel)
    {
        while (await piece(cancel) is > 0 and var done) await CountAsync(run, done, cancel);
    }

    private static async Task CountAsync(RunningJob run, int done, CancellationToken cancel)
    {
        if (done > 0) await run.AdvanceAsync(run.Counts + new RunCounts(done, done, 0), cancel);
    }
}
