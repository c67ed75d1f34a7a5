using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Dashboard.Writers;
using Opinion.Desk.Attachments;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.Pages.Write;

/// <summary>The public form. The receipt code stands in the answer to the post itself, so it is never in an address.</summary>
public sealed partial class IndexModel(ReceiveLetter receive, DoorSwitch doors, DoorTally tally, LetterWayWorker worker, PageLanguage texts, TimeProvider clock, ILogger<IndexModel> log) : PageModel
{
    /// <summary>What was written.</summary>
    [BindProperty]
    public WrittenLetter Written { get; set; } = new();

    /// <summary>What is wrong with what was typed.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>Which attachment is wrong, counted from 1; null where none is.</summary>
    public int? WrongFile { get; private set; }

    /// <summary>The receipt code, once the letter is stored.</summary>
    public ReceiptCode? Code { get; private set; }

    /// <summary>Why the letter could not be stored just now; null where it was, or was refused.</summary>
    public StoreFault? NotTaken { get; private set; }

    /// <summary>Whether an administrator has closed the form.</summary>
    public bool Closed { get; private set; }

    /// <summary>Whether the letter had arrived before.</summary>
    public bool Repeated { get; private set; }

    /// <summary>Shows the form, also where the store does not answer.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        try
        {
            if (!await doors.IsOpenAsync(Desk.Letters.Channel.Form, cancel)) Close();
        }
        catch (Exception error) when (StoreFaults.Of(error) is not null)
        {
            // Whether the form is open will be asked again when it is sent.
        }
    }

    /// <summary>Takes the letter.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var office = await texts.OfficeAsync(cancel);
        var files = Uploads.Of(HttpContext);
        var letter = Written.ToLetter(Desk.Letters.Channel.Form, clock.GetUtcNow(), office, files);
        Problem = Written.ProblemOf(letter);
        if (Problem is null && AttachmentRules.Check(files) is { } wrong) (Problem, WrongFile) = (Uploads.RefusalOf(wrong.Fault), wrong.Number);
        if (Problem is { } problem)
        {
            Response.StatusCode = RefusedResult.StatusOf(problem);
            return Page();
        }

        try
        {
            if (!await doors.IsOpenAsync(Desk.Letters.Channel.Form, cancel))
            {
                tally.Count(Desk.Letters.Channel.Form, DoorOutcome.Refused);
                Close();
                return Page();
            }

            var receipt = await receive.HandleAsync(letter, cancel);
            (Code, Repeated) = (receipt.Code, receipt.Repeated);
            tally.Count(Desk.Letters.Channel.Form, receipt);
            worker.Wake();
        }
        catch (Exception error) when (StoreFaults.Of(error) is { } fault && !cancel.IsCancellationRequested)
        {
            // What was typed stays, and so does the token: sent again it is one letter, even if this one came through after all.
            NotTaken = fault;
            ErrorPage.Mark(Response, fault);
            LogNotTaken(log, fault, error.Message);
        }

        return Page();
    }

    private void Close()
    {
        Closed = true;
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }

    [LoggerMessage(1, LogLevel.Error, "A letter could not be stored and its writer was told so ({Fault}): {Reason}")]
    private static partial void LogNotTaken(ILogger log, StoreFault fault, string reason);
}
