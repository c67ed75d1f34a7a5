using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Desk.Runs;
using Opinion.Ingest.Scheduling;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>What the desk does by the clock: each job with its next and last runs, and whether the clock is believed. No word of a letter.</summary>
public sealed class ScheduleModel(Schedule schedule, ClockGuard guard, PageLanguage texts) : StaffPage
{
    /// <summary>The jobs.</summary>
    public IReadOnlyList<JobState> Jobs { get; private set; } = [];

    /// <summary>What is made of the clock.</summary>
    public ClockReading Clock { get; private set; } = null!;

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>How a job is called.</summary>
    public string NameOf(string job) => job switch
    {
        DeskJobs.Inbox => texts["从监看文件夹导入热线表格"],
        DeskJobs.Boards => texts["读取本单位网站的留言板"],
        DeskJobs.Mailbox => texts["收取邮箱来信"],
        DeskJobs.Mail => texts["寄出邮件"],
        DeskJobs.Reminders => texts["期限提醒"],
        DeskJobs.Retention => texts["到期删除联系方式和来信文字"],
        DeskJobs.Reports => texts["发布已结束的周报"],
        DeskJobs.Months => texts["准备以后月份的分区"],
        DeskJobs.Attachments => texts["清理不属于任何来信的附件文件"],
        DeskJobs.SearchIndex => texts["核对并修补来信的检索"],
        _ => job,
    };

    /// <summary>How often a job runs.</summary>
    public string EveryOf(DeskJob job) => job.Every >= TimeSpan.FromDays(1) ? texts["每天"] : job.Every >= TimeSpan.FromHours(1) ? texts["每小时"] : texts["每分钟"];

    /// <summary>Why a run began.</summary>
    public string CauseOf(RunCause cause) => cause switch
    {
        RunCause.ByHand => texts["手动"],
        RunCause.TakenOver => texts["接替中断的运行"],
        _ => texts["到时"],
    };

    /// <summary>How a run ended.</summary>
    public string OutcomeOf(RunOutcome? outcome) => outcome switch
    {
        RunOutcome.Done => texts["完成"],
        RunOutcome.Failed => texts["失败"],
        RunOutcome.Held => texts["因时钟可疑而暂停"],
        RunOutcome.TakenOver => texts["已被接替"],
        RunOutcome.Refused => texts["已被接替，迟到的写入被拒绝"],
        _ => texts["运行中"],
    };

    /// <summary>Shows the schedule.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        Jobs = await schedule.ReadAsync(cancel);
        Clock = await guard.LookAsync(cancel);
    }

    /// <summary>Runs a job now.</summary>
    public async Task<IActionResult> OnPostRunAsync(string? job, CancellationToken cancel)
    {
        if (!await schedule.RunNowAsync(Staff, job, cancel)) return NotFound();
        Done = texts["已安排立即运行。"];
        return RedirectToPage();
    }

    /// <summary>Confirms the clock's date.</summary>
    public async Task<IActionResult> OnPostConfirmAsync(DateOnly shown, CancellationToken cancel)
    {
        Done = ModelState.IsValid && await guard.ConfirmAsync(Staff, shown, cancel) ? texts["已确认日期，暂停的任务下次照常运行。"] : texts["没有需要确认的日期，或日期已经变了。请再看一次。"];
        return RedirectToPage();
    }
}
