using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Desk.Answers;

namespace Opinion.Dashboard.Pages.Answers;

/// <summary>One published answer.</summary>
public sealed class ReadModel(PublishedAnswers answers) : PageModel
{
    /// <summary>The answer.</summary>
    public PublishedAnswer Answer { get; private set; } = null!;

    /// <summary>Shows it, or says that there is none.</summary>
    public async Task<IActionResult> OnGetAsync(string number, CancellationToken cancel)
    {
        if (await answers.FindAsync(number, cancel) is not { } found) return NotFound();
        Answer = found;
        return Page();
    }
}
