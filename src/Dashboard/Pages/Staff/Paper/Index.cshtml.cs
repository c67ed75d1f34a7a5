using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Dashboard.Writers;
using Opinion.Desk.Attachments;
using Opinion.Desk.Audit;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Pages.Staff.Paper;

/// <summary>
/// An officer types in a letter that came over the counter or by post. From then on it is a letter like any other: it is
/// sealed, and goes to the department it belongs to, which may be another. The receipt stands in the answer to the post
/// alone, to be printed and handed over.
/// </summary>
public sealed class IndexModel(ReceiveLetter receive, DoorSwitch doors, DoorTally tally, AuditLog audit, LetterWayWorker worker, PageLanguage texts, TimeProvider clock) : StaffPage
{
    /// <summary>What was written.</summary>
    [BindProperty]
    public WrittenLetter Written { get; set; } = new();

    /// <summary>The day the letter arrived, <c>yyyy-MM-dd</c>.</summary>
    [BindProperty]
    public string? ArrivedOn { get; set; }

    /// <summary>What is wrong with what was typed.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>Which attachment is wrong, counted from 1; null where none is.</summary>
    public int? WrongFile { get; private set; }

    /// <summary>Whether an administrator has closed this door.</summary>
    public bool Closed { get; private set; }

    /// <summary>The receipt code, once the letter is stored.</summary>
    public ReceiptCode? Code { get; private set; }

    /// <summary>Whether the letter had been typed in before.</summary>
    public bool Repeated { get; private set; }

    /// <summary>The first day of arrival that is taken.</summary>
    public DateOnly Earliest { get; private set; }

    /// <summary>The last one: today in the office.</summary>
    public DateOnly Today { get; private set; }

    /// <summary>Shows the form.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        ArrivedOn = Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>Takes the letter.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        if (Closed) return Page();
        var office = await texts.OfficeAsync(cancel);
        var (files, now) = (Uploads.Of(HttpContext), clock.GetUtcNow());
        var arrived = PaperArrival.Of(ArrivedOn, office.Calendar, now);
        var letter = Written.ToLetter(Desk.Letters.Channel.Paper, arrived ?? now, office, files, ArrivedOn);
        Problem = Refusals.Of(letter.Problem()) ?? (arrived is null ? Refusal.NoArrivalDay : Written.ProblemOf(letter));
        if (Problem is null && AttachmentRules.Check(files) is { } wrong) (Problem, WrongFile) = (Uploads.RefusalOf(wrong.Fault), wrong.Number);
        if (Problem is { } problem)
        {
            Response.StatusCode = RefusedResult.StatusOf(problem);
            return Page();
        }

        var receipt = await receive.HandleAsync(letter, cancel);
        (Code, Repeated) = (receipt.Code, receipt.Repeated);
        tally.Count(Desk.Letters.Channel.Paper, receipt);
        // Who typed it in, not which letter it was: what came over the counter is no officer's to follow.
        if (!Repeated) await audit.WriteAsync(Staff.Id, "paper-typed-in", null, Staff.Department, null, CancellationToken.None);
        worker.Wake();
        return Page();
    }

    private async Task PrepareAsync(CancellationToken cancel)
    {
        var calendar = (await texts.OfficeAsync(cancel)).Calendar;
        var now = clock.GetUtcNow();
        (Earliest, Today) = (PaperArrival.Earliest(calendar, now), calendar.DayOf(now));
        Closed = !await doors.IsOpenAsync(Desk.Letters.Channel.Paper, cancel);
        if (Closed) Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }
}
