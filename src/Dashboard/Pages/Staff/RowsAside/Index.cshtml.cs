using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Desk.Doors;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Pages.Staff.RowsAside;

/// <summary>Rows and mails that could not be taken, for the intake's officers and the duty editor: one is opened at a time, with a reason, audited.</summary>
public sealed class IndexModel(SetAsideRows rows, PageLanguage texts) : StaffPage
{
    private const int Most = 200;

    /// <summary>The rows, newest first.</summary>
    public IReadOnlyList<SetAsideRow> Rows { get; private set; } = [];

    /// <summary>The row that is open.</summary>
    public SetAsideRow? Opened { get; private set; }

    /// <summary>What it says.</summary>
    public string? Words { get; private set; }

    /// <summary>What is wrong.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>Shows the rows.</summary>
    public Task OnGetAsync(CancellationToken cancel) => ReadAsync(cancel);

    /// <summary>Opens one, audited.</summary>
    public async Task<IActionResult> OnPostOpenAsync(string? row, string? reason, CancellationToken cancel)
    {
        var (opened, content, refusal) = await rows.OpenAsync(Staff, row ?? "", reason, cancel);
        if (refusal is Refusal.OtherDepartment or Refusal.NotYourRole) return Refused(refusal.Value);
        (Opened, Words, Problem) = (opened, content, refusal);
        if (refusal is { } problem) Response.StatusCode = RefusedResult.StatusOf(problem);
        await ReadAsync(cancel);
        return Page();
    }

    /// <summary>Erases one that was dealt with, audited.</summary>
    public async Task<IActionResult> OnPostEraseAsync(string? row, CancellationToken cancel)
    {
        if (await rows.EraseAsync(Staff, row ?? "", cancel) is { } refusal) return Refused(refusal);
        Done = texts["已删除这一行。"];
        return RedirectToPage();
    }

    // Whoever may open none is shown none.
    private async Task ReadAsync(CancellationToken cancel) => Rows = await rows.MayOpenAsync(Staff, cancel) is null ? await rows.NewestAsync(null, Most, cancel) : [];
}
