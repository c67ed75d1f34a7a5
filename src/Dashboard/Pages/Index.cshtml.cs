using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Desk.Answers;

namespace Opinion.Dashboard.Pages;

/// <summary>The first page: write, follow, and what others have asked.</summary>
public sealed class IndexModel(PublishedAnswers answers) : PageModel
{
    /// <summary>The newest published answers.</summary>
    public IReadOnlyList<PublishedAnswer> Newest { get; private set; } = [];

    /// <summary>Shows the page.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Newest = [.. (await answers.SearchAsync(null, null, 0, cancel)).Answers.Take(6)];
}
