using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Desk.Answers;
using Opinion.Desk.Attachments;
using Opinion.Desk.Clarifications;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;

namespace Opinion.Dashboard.Pages.Staff.Matter;

/// <summary>One matter: the redacted letter, its history, and everything an officer can do with it.</summary>
public sealed class IndexModel(
    ViewMatter view, CorrectSubject correct, TransferMatter transfer, WriteToWriter write, LeaveNote note, ExtendDeadline extend, AnswerMatter answer,
    DutyAlerts alerts, OpenOriginal open, OpenAttachment openAttachment, AskAboutClaim ask, Desk.Clarifications.Clarifications clarifications, AnswerBank bank, PageLanguage texts) : StaffPage
{
    private string? _typed;

    /// <summary>The matter.</summary>
    public MatterView Matter { get; private set; } = null!;

    /// <summary>What is wrong with what was typed.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>Which form failed.</summary>
    public string? Failed { get; private set; }

    /// <summary>A prepared answer to begin with.</summary>
    public string? Inserted { get; private set; }

    /// <summary>The original, where it has just been opened.</summary>
    public Original? Original { get; private set; }

    /// <summary>Claims people ask about, to join this letter to one.</summary>
    public IReadOnlyList<Claim> Claims { get; private set; } = [];

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>What was typed into the form that failed.</summary>
    public string? Kept(string form) => Failed == form ? _typed : null;

    /// <summary>The disposition chosen in an answer that could not be taken.</summary>
    public string? KeptDisposition { get; private set; }

    /// <summary>Shows the matter.</summary>
    public async Task<IActionResult> OnGetAsync(string number, string? insert, CancellationToken cancel)
    {
        if (insert is not null) Inserted = await bank.FindUsableAsync(insert, cancel) is { } entry ? Markdig.Markdown.ToPlainText(entry.Answer).Trim() : null;
        return await ShowAsync(number, cancel);
    }

    /// <summary>Answers and closes.</summary>
    public async Task<IActionResult> OnPostAnswerAsync(string number, string? disposition, string? text, CancellationToken cancel)
    {
        var found = DispositionNames.Find(disposition);
        KeptDisposition = found is null ? null : disposition;
        var refusal = found is { } chosen ? await answer.HandleAsync(Staff, number, chosen, text, cancel) : Refusal.Empty;
        return await FinishAsync(number, "Answer", text, refusal, texts["已答复并办结。"], cancel);
    }

    /// <summary>Asks the writer.</summary>
    public async Task<IActionResult> OnPostAskAsync(string number, string? text, CancellationToken cancel) =>
        await FinishAsync(number, "Ask", text, await write.AskAsync(Staff, number, text, cancel), texts["提问已发出。"], cancel);

    /// <summary>Sends an interim reply.</summary>
    public async Task<IActionResult> OnPostReplyAsync(string number, string? text, CancellationToken cancel) =>
        await FinishAsync(number, "Reply", text, await write.ReplyAsync(Staff, number, text, cancel), texts["阶段回复已发出。"], cancel);

    /// <summary>Leaves a note.</summary>
    public async Task<IActionResult> OnPostNoteAsync(string number, string? text, CancellationToken cancel) =>
        await FinishAsync(number, "Note", text, await note.HandleAsync(Staff, number, text, cancel), texts["备注已记下。"], cancel);

    /// <summary>Corrects subject and need.</summary>
    public async Task<IActionResult> OnPostCorrectAsync(string number, string? subject, string? need, CancellationToken cancel) =>
        await FinishAsync(number, "Correct", null, string.IsNullOrEmpty(need) || NeedNames.Find(need) is not null ? await correct.HandleAsync(Staff, number, subject, NeedNames.Find(need), cancel) : Refusal.UnknownSubject, texts["分类已更正。"], cancel);

    /// <summary>Transfers the matter; afterwards it stands in another department's queue.</summary>
    public async Task<IActionResult> OnPostTransferAsync(string number, string? department, string? text, CancellationToken cancel) =>
        await FinishAsync(number, "Transfer", text, await transfer.HandleAsync(Staff, number, department, text, cancel), texts["已转办，来信人会看到理由。"], cancel, gone: true);

    /// <summary>Extends the deadline.</summary>
    public async Task<IActionResult> OnPostExtendAsync(string number, int days, string? text, CancellationToken cancel) =>
        await FinishAsync(number, "Extend", text, await extend.HandleAsync(Staff, number, days, text, cancel), texts["期限已延长。"], cancel);

    /// <summary>Joins the letter to a claim it asks about.</summary>
    public async Task<IActionResult> OnPostClaimAsync(string number, string? claim, string? text, CancellationToken cancel) =>
        await FinishAsync(number, "Claim", text, await ask.HandleAsync(Staff, number, claim, text, cancel), texts["已记下，编辑会看到这个说法和被问的次数。"], cancel);

    /// <summary>Takes an urgent alert.</summary>
    public async Task<IActionResult> OnPostAcknowledgeAsync(string number, CancellationToken cancel) =>
        await FinishAsync(number, "Acknowledge", null, await alerts.AcknowledgeAsync(Staff, number, cancel), texts["您已接手这起险情。"], cancel);

    /// <summary>Opens the original, audited. It is shown in the answer to this post and nowhere else.</summary>
    public async Task<IActionResult> OnPostOriginalAsync(string number, string? text, CancellationToken cancel)
    {
        (Original, var refusal) = await open.HandleAsync(Staff, number, text, cancel);
        return refusal is null ? await ShowAsync(number, cancel) : await FinishAsync(number, "Original", text, refusal, "", cancel);
    }

    /// <summary>Which attachment could not be opened.</summary>
    public int? FailedFile { get; private set; }

    /// <summary>Opens one attachment, audited: a download under a name made of the letter's number, that no browser shows or keeps.</summary>
    public async Task<IActionResult> OnPostAttachmentAsync(string number, int which, string? text, CancellationToken cancel)
    {
        var (attachment, refusal) = await openAttachment.HandleAsync(Staff, number, which, text, cancel);
        if (attachment is null)
        {
            FailedFile = which;
            return await FinishAsync(number, "Attachment", text, refusal ?? Refusal.NotFound, "", cancel);
        }

        Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        Response.ContentLength = attachment.Bytes;
        return File(attachment.Content, attachment.Type.MediaTypeOf(), attachment.Name);
    }

    private async Task<IActionResult> FinishAsync(string number, string form, string? typed, Refusal? refusal, string done, CancellationToken cancel, bool gone = false)
    {
        if (refusal is null)
        {
            Done = done;
            if (gone) return RedirectToPage("/Staff/Queue/Index");
            return RedirectToPage(new { number });
        }

        (Problem, Failed, _typed) = (refusal, form, typed);
        var page = await ShowAsync(number, cancel);
        Response.StatusCode = RefusedResult.StatusOf(refusal.Value);
        return page;
    }

    private async Task<IActionResult> ShowAsync(string number, CancellationToken cancel)
    {
        var (matter, refusal) = await view.HandleAsync(Staff, number, cancel);
        if (matter is null) return Refused(refusal ?? Refusal.NotFound);
        Matter = matter;
        if (matter.Head.Open) Claims = await clarifications.ClaimsAsync(cancel);
        return Page();
    }
}
