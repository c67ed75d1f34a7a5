using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Desk.Answers;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Pages.Staff.Review;

/// <summary>One answer under review: publish it, or give it back with a reason.</summary>
public sealed class AnswerModel(ReviewAnswers review, PageLanguage texts) : StaffPage
{
    /// <summary>What is reviewed.</summary>
    public ReviewView View { get; private set; } = null!;

    /// <summary>What is wrong with what was typed.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>The title typed.</summary>
    public string? TypedTitle { get; private set; }

    /// <summary>The question typed.</summary>
    public string? TypedQuestion { get; private set; }

    /// <summary>The answer typed.</summary>
    public string? TypedAnswer { get; private set; }

    /// <summary>Shows the answer.</summary>
    public Task<IActionResult> OnGetAsync(long id, CancellationToken cancel) => ShowAsync(id, cancel);

    /// <summary>Publishes it.</summary>
    public async Task<IActionResult> OnPostPublishAsync(long id, string? title, string? question, string? answer, CancellationToken cancel)
    {
        (TypedTitle, TypedQuestion, TypedAnswer) = (title, question, answer);
        return await FinishAsync(id, await review.PublishAsync(Staff, id, title, question, answer, cancel), texts["答复已公开。"], cancel);
    }

    /// <summary>Gives it back.</summary>
    public async Task<IActionResult> OnPostReturnAsync(long id, string? reason, CancellationToken cancel) =>
        await FinishAsync(id, await review.ReturnAsync(Staff, id, reason, cancel), texts["已退回承办部门。"], cancel);

    private async Task<IActionResult> FinishAsync(long id, Refusal? refusal, string done, CancellationToken cancel)
    {
        if (refusal is null)
        {
            TempData["Done"] = done;
            return RedirectToPage("/Staff/Review/Index");
        }

        Problem = refusal;
        var page = await ShowAsync(id, cancel);
        Response.StatusCode = RefusedResult.StatusOf(refusal.Value);
        return page;
    }

    private async Task<IActionResult> ShowAsync(long id, CancellationToken cancel)
    {
        var (view, refusal) = await review.OpenAsync(Staff, id, cancel);
        if (view is null) return Refused(refusal ?? Refusal.NotWaiting);
        View = view;
        return Page();
    }
}
