using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Language;
using Opinion.Desk.Answers;

namespace Opinion.Dashboard.Pages.Answers;

/// <summary>Published answers with search.</summary>
public sealed class IndexModel(PublishedAnswers answers, PageLanguage texts) : PageModel
{
    /// <summary>The words searched for.</summary>
    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Words { get; set; }

    /// <summary>The subject chosen.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Subject { get; set; }

    /// <summary>The page, counted from 0.</summary>
    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; }

    /// <summary>What was found.</summary>
    public PublishedPage Found { get; private set; } = new([], false);

    /// <summary>The address of another page of the same search.</summary>
    public string Address(int page) => Url.Page("/Answers/Index", new { q = Words, subject = Subject, p = page })!;

    /// <summary>Searches.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        var office = await texts.OfficeAsync(cancel);
        Subject = office.Scheme.Find(Subject)?.Code;
        PageNumber = Math.Clamp(PageNumber, 0, 10_000);
        Found = await answers.SearchAsync(Words, Subject, PageNumber, cancel);
    }
}
