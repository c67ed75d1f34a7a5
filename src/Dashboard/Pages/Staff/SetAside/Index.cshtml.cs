using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Pages.Staff.SetAside;

/// <summary>Letters whose redaction failed, for the intake's officers.</summary>
public sealed class IndexModel(SetAsideLetters letters, LetterWayWorker worker) : StaffPage
{
    /// <summary>The letters that wait.</summary>
    public IReadOnlyList<SetAsideLine> Lines { get; private set; } = [];

    /// <summary>What is wrong.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>The letter being worked on.</summary>
    public string? Number { get; private set; }

    /// <summary>Its title as written or typed; null while it is not open.</summary>
    public string? Title { get; private set; }

    /// <summary>Its text as written or typed.</summary>
    public string? Body { get; private set; }

    /// <summary>Shows the list.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Lines = await letters.ListAsync(Staff, cancel);

    /// <summary>Opens the original, audited.</summary>
    public async Task<IActionResult> OnPostOpenAsync(string number, string? reason, CancellationToken cancel)
    {
        Number = number;
        var (text, refusal) = await letters.OpenAsync(Staff, number, reason, cancel);
        (Title, Body) = (text?.Title, text?.Body);
        return await ShowAsync(refusal, cancel);
    }

    /// <summary>Stores the twin a person wrote.</summary>
    public async Task<IActionResult> OnPostRedactAsync(string number, string? title, string? body, CancellationToken cancel)
    {
        if (await letters.RedactAsync(Staff, number, title, body, cancel) is { } refusal)
        {
            (Number, Title, Body) = (number, title ?? "", body);
            return await ShowAsync(refusal, cancel);
        }

        worker.Wake();
        return RedirectToPage("/Staff/SetAside/Index", new { number = (string?)null });
    }

    private async Task<IActionResult> ShowAsync(Refusal? refusal, CancellationToken cancel)
    {
        Problem = refusal;
        if (refusal is { } problem) Response.StatusCode = RefusedResult.StatusOf(problem);
        if (Title is null) Lines = await letters.ListAsync(Staff, cancel);
        return Page();
    }
}
