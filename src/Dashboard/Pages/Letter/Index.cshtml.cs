using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Dashboard.Writers;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Pages.Letter;

/// <summary>The writer's own letter: where it stands, what happened, and what the writer decides.</summary>
public sealed class IndexModel(
    FollowLetter follow, FollowSession session, AddToLetter add, WithdrawLetter withdraw, ChoosePublication publication, ReleaseHold release, DisputeAnswer dispute,
    LetterWayWorker worker, PageLanguage texts) : PageModel
{
    private string _letterId = "";

    /// <summary>The letter.</summary>
    public FollowedLetter Letter { get; private set; } = null!;

    /// <summary>What is wrong with what was typed.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>What was typed, to be kept when it could not be taken.</summary>
    public string Typed { get; private set; } = "";

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>Whether the department's last word was a question.</summary>
    public bool Asked => Letter.History.LastOrDefault(line => line.Entry.Kind is HistoryKind.QuestionAsked or HistoryKind.WriterAdded)?.Entry.Kind == HistoryKind.QuestionAsked;

    /// <inheritdoc/>
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (session.Current(HttpContext) is not { } letterId || await follow.ReadAsync(letterId, HttpContext.RequestAborted) is not { } letter)
        {
            context.Result = RedirectToPage("/Follow/Index");
            return;
        }

        (_letterId, Letter) = (letterId, letter);
        await next();
    }

    /// <summary>Shows the letter.</summary>
    public void OnGet()
    {
        // Redaction takes a few seconds; the page asks for itself until it is done.
        if (Letter.Body is null && Letter.Stage == LetterStage.Received) Response.Headers["Refresh"] = "3";
    }

    /// <summary>Adds to the letter.</summary>
    public async Task<IActionResult> OnPostAddAsync(string? text, CancellationToken cancel)
    {
        Typed = text ?? "";
        return await FinishAsync(await add.HandleAsync(_letterId, text, cancel), texts["补充已收到。"], cancel);
    }

    /// <summary>Disputes the answer.</summary>
    public async Task<IActionResult> OnPostDisputeAsync(string? text, CancellationToken cancel)
    {
        Typed = text ?? "";
        return await FinishAsync(await dispute.HandleAsync(_letterId, text, cancel), texts["异议已收到，这件事重新办理。"], cancel);
    }

    /// <summary>Chooses whether the answer may be published.</summary>
    public async Task<IActionResult> OnPostPublicationAsync(bool publish, CancellationToken cancel) =>
        await FinishAsync(await publication.HandleAsync(_letterId, publish, cancel), texts["已按您的意思记下。"], cancel);

    /// <summary>Erases the contact data.</summary>
    public async Task<IActionResult> OnPostEraseContactAsync(CancellationToken cancel) =>
        await FinishAsync(await withdraw.EraseContactAsync(_letterId, cancel), texts["联系方式已删除。"], cancel);

    /// <summary>Lets the new department use the contact data at once.</summary>
    public async Task<IActionResult> OnPostReleaseAsync(CancellationToken cancel) =>
        await FinishAsync(await release.HandleAsync(_letterId, cancel), texts["新部门现在可以联系您。"], cancel);

    /// <summary>Withdraws the letter.</summary>
    public async Task<IActionResult> OnPostWithdrawAsync(CancellationToken cancel) =>
        await FinishAsync(await withdraw.HandleAsync(_letterId, cancel), texts["信已撤回，联系方式和原文已删除。"], cancel);

    /// <summary>Ends following on this computer.</summary>
    public IActionResult OnPostLeave()
    {
        FollowSession.End(HttpContext);
        return RedirectToPage("/Index");
    }

    private async Task<IActionResult> FinishAsync(Refusal? refusal, string done, CancellationToken cancel)
    {
        if (refusal is { } problem)
        {
            Problem = problem;
            Response.StatusCode = RefusedResult.StatusOf(problem);
            Letter = await follow.ReadAsync(_letterId, cancel) ?? Letter;
            return Page();
        }

        Done = done;
        worker.Wake();
        return RedirectToPage();
    }
}
