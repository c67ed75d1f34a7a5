using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Desk.Search;

namespace Opinion.Dashboard.Pages.Staff.Search;

/// <summary>
/// Search in the own department's letters. Filters may stand in the address; a search is a POST, because it writes a line
/// of the audit log, and because words in an address land in logs and histories. Its answer is stored nowhere (no-store).
/// </summary>
public sealed class IndexModel(LetterSearch search, PageLanguage texts) : StaffPage
{
    /// <summary>The words searched for; never taken from an address.</summary>
    public string? Words { get; private set; }

    /// <summary>The subject chosen.</summary>
    [BindProperty(SupportsGet = true, Name = "subject")]
    public string? Subject { get; set; }

    /// <summary><c>open</c>, <c>closed</c> or nothing for both.</summary>
    [BindProperty(SupportsGet = true, Name = "state")]
    public string? State { get; set; }

    /// <summary>The first day of arrival.</summary>
    [BindProperty(SupportsGet = true, Name = "from")]
    public DateOnly? From { get; set; }

    /// <summary>The last day of arrival.</summary>
    [BindProperty(SupportsGet = true, Name = "to")]
    public DateOnly? To { get; set; }

    /// <summary>The order chosen.</summary>
    [BindProperty(SupportsGet = true, Name = "order")]
    public SearchOrder Order { get; set; }

    /// <summary>What was found; null where nothing was searched for.</summary>
    public FoundPage? Found { get; private set; }

    /// <summary>A snippet with its words marked; every piece of it is encoded.</summary>
    public static IHtmlContent Marked(Snippet snippet)
    {
        var content = new HtmlContentBuilder();
        foreach (var (text, marked) in snippet.Pieces)
        {
            if (marked) content.AppendHtml("<mark>").Append(text).AppendHtml("</mark>");
            else content.Append(text);
        }

        return content;
    }

    /// <summary>Shows the form with the filters of the address.</summary>
    public Task OnGetAsync(CancellationToken cancel) => CheckAsync(cancel);

    /// <summary>Searches.</summary>
    public async Task<IActionResult> OnPostAsync([FromForm(Name = "q")] string? words, [FromForm(Name = "after")] string? after, CancellationToken cancel)
    {
        await CheckAsync(cancel);
        Words = words;
        bool? open = State switch { "open" => true, "closed" => false, _ => null };
        var (page, refusal) = await search.HandleAsync(Staff, new LetterQuestion(words, Subject, open, From, To, Order, after), cancel);
        if (refusal is { } refused) return Refused(refused);
        Found = page;
        return Page();
    }

    private async Task CheckAsync(CancellationToken cancel)
    {
        Subject = (await texts.OfficeAsync(cancel)).Scheme.Find(Subject)?.Code;
        if (!Enum.IsDefined(Order)) Order = SearchOrder.Newest;
        if (From?.Year is < 1990 or > 9000) From = null;
        if (To?.Year is < 1990 or > 9000) To = null;
    }
}
