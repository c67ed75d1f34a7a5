using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Desk.Clarifications;

namespace Opinion.Dashboard.Pages.Clarifications;

/// <summary>The public clarifications, or one of them.</summary>
public sealed class IndexModel(Desk.Clarifications.Clarifications clarifications) : PageModel
{
    /// <summary>What is shown.</summary>
    public IReadOnlyList<Clarification> Shown { get; private set; } = [];

    /// <summary>Shows all, or one.</summary>
    public async Task<IActionResult> OnGetAsync(string? id, CancellationToken cancel)
    {
        if (id is null)
        {
            Shown = await clarifications.PublishedAsync(cancel);
            return Page();
        }

        if (await clarifications.FindAsync(id, cancel) is not { } found) return NotFound();
        Shown = [found];
        return Page();
    }
}
