using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Writers;
using Opinion.Desk.Letters;

namespace Opinion.Dashboard.Pages.Follow;

/// <summary>Where a writer shows the receipt code. It is posted, never part of an address; wrong and unknown codes look alike.</summary>
public sealed class IndexModel(FollowLetter follow, FollowSession session) : PageModel
{
    /// <summary>Whether the code shown last was not one of ours.</summary>
    public bool Wrong { get; private set; }

    /// <summary>Shows the form.</summary>
    public void OnGet()
    {
    }

    /// <summary>Looks the code up.</summary>
    public async Task<IActionResult> OnPostAsync(string? code, CancellationToken cancel)
    {
        if (await follow.FindAsync(code, cancel) is { } letter)
        {
            session.Begin(HttpContext, letter);
            return RedirectToPage("/Letter/Index");
        }

        Wrong = true;
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }
}
