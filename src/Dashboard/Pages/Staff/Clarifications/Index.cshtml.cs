using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Desk.Clarifications;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Pages.Staff.Clarifications;

/// <summary>The duty editor's claims and clarifications.</summary>
public sealed class IndexModel(Desk.Clarifications.Clarifications clarifications, PublishClarification publish, PageLanguage texts) : StaffPage
{
    /// <summary>What people ask about.</summary>
    public IReadOnlyList<Claim> Claims { get; private set; } = [];

    /// <summary>What is wrong with what was typed.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>The claim chosen.</summary>
    public string? ClaimId { get; private set; }

    /// <summary>The wording typed.</summary>
    public string? Wording { get; private set; }

    /// <summary>What is known, as typed.</summary>
    public string? Known { get; private set; }

    /// <summary>What is not known, as typed.</summary>
    public string? Unknown { get; private set; }

    /// <summary>The sources typed.</summary>
    public string? Sources { get; private set; }

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>Shows the page.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Claims = await clarifications.ClaimsAsync(cancel);

    /// <summary>Publishes a clarification.</summary>
    public async Task<IActionResult> OnPostAsync(string? claim, string? wording, string? known, string? unknown, string? sources, CancellationToken cancel)
    {
        if (await publish.HandleAsync(Staff, claim, wording, known, unknown, sources, cancel) is { } refusal)
        {
            (Problem, ClaimId, Wording, Known, Unknown, Sources) = (refusal, claim, wording, known, unknown, sources);
            Claims = await clarifications.ClaimsAsync(cancel);
            Response.StatusCode = RefusedResult.StatusOf(refusal);
            return Page();
        }

        Done = texts["澄清已公开，问过的人都会在自己的信里看到。"];
        return RedirectToPage();
    }
}
