using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Desk.Outbox;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>The mails that were given up: no address and no word of them.</summary>
public sealed class OutboxModel(DeadMail mail, PageLanguage texts) : StaffPage
{
    /// <summary>The mails given up, newest first.</summary>
    public IReadOnlyList<DeadLine> Lines { get; private set; } = [];

    /// <summary>How many stand where.</summary>
    public OutboxCounts Counts { get; private set; } = new(0, 0, 0);

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>How a kind of mail is called.</summary>
    public string KindOf(string kind) => kind switch
    {
        "reply" => texts["给来信人的回复"],
        "receipt" => texts["邮件来信的收据"],
        "overdue" => texts["逾期提醒"],
        _ => texts["临期提醒"],
    };

    /// <summary>Shows the list.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        Lines = await mail.ListAsync(cancel);
        Counts = await mail.CountAsync(cancel);
    }

    /// <summary>Tries one again, or lets it go.</summary>
    public async Task<IActionResult> OnPostAsync(long id, bool again, CancellationToken cancel)
    {
        if (!ModelState.IsValid || !await mail.DecideAsync(Staff, id, again, cancel)) return NotFound();
        Done = again ? texts["会重新寄出。"] : texts["已放弃这封邮件。"];
        return RedirectToPage();
    }
}
