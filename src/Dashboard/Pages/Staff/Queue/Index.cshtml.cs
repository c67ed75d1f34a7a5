using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;

namespace Opinion.Dashboard.Pages.Staff.Queue;

/// <summary>The officer's queue: urgent danger first, then by deadline, so that the overdue stand on top.</summary>
public sealed class IndexModel(ListQueue list, PageLanguage texts, TimeProvider clock) : StaffPage
{
    private Office _office = null!;

    /// <summary>The view chosen.</summary>
    [BindProperty(SupportsGet = true)]
    public QueueView View { get; set; }

    /// <summary>The subject chosen.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Subject { get; set; }

    /// <summary>The page, counted from 0.</summary>
    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; }

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>The queue.</summary>
    public Desk.Matters.Queue Queue { get; private set; } = null!;

    /// <summary>The address of another page of the same view.</summary>
    public string Address(int page) => Url.Page("/Staff/Queue/Index", new { view = View, subject = Subject, p = page })!;

    /// <summary>The working days left, in words.</summary>
    public string Left(DateOnly deadline)
    {
        var days = _office.Calendar.WorkingDaysLeft(clock.GetUtcNow(), deadline);
        return days == 0 ? texts["今天到期"] : texts["还有 {0} 个工作日", days];
    }

    /// <summary>Shows the queue; the page asks for itself anew so that danger does not wait for a click.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        _office = await texts.OfficeAsync(cancel);
        Subject = _office.Scheme.Find(Subject)?.Code;
        PageNumber = Math.Clamp(PageNumber, 0, 10_000);
        Queue = await list.HandleAsync(Staff, View, Subject, PageNumber, cancel);
        Response.Headers["Refresh"] = "30";
    }
}
