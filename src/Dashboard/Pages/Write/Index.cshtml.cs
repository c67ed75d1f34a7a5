using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Desk.Attachments;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.Pages.Write;

/// <summary>The public form. The receipt code stands in the answer to the post itself, so it is never in an address.</summary>
public sealed partial class IndexModel(ReceiveLetter receive, DoorSwitch doors, DoorTally tally, LetterWayWorker worker, PageLanguage texts, TimeProvider clock, ILogger<IndexModel> log) : PageModel
{
    /// <summary>Random; makes a page sent twice one letter.</summary>
    [BindProperty]
    public string? Token { get; set; }

    /// <summary>The title.</summary>
    [BindProperty]
    public string? Title { get; set; }

    /// <summary>The text.</summary>
    [BindProperty]
    public string? Body { get; set; }

    /// <summary>The district's code.</summary>
    [BindProperty]
    public string? District { get; set; }

    /// <summary>The place in the writer's words.</summary>
    [BindProperty]
    public string? Place { get; set; }

    /// <summary>The department complained about.</summary>
    [BindProperty]
    public string? About { get; set; }

    /// <summary>The writer's name, if given.</summary>
    [BindProperty]
    public string? ContactName { get; set; }

    /// <summary>The writer's telephone number, if given.</summary>
    [BindProperty]
    public string? ContactPhone { get; set; }

    /// <summary>The writer's e-mail address, if given.</summary>
    [BindProperty]
    public string? ContactEmail { get; set; }

    /// <summary>Whether the answer may be published.</summary>
    [BindProperty]
    public bool Publish { get; set; }

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
        Token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
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
        Token = string.IsNullOrWhiteSpace(Token) || Token.Length > 64 ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) : Token;
        var office = await texts.OfficeAsync(cancel);
        var files = Uploads.Of(HttpContext);
        // The page's token and what was written: the same page sent twice is one letter, a page gone back to and changed is another.
        var key = Token + "|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001F', Title, Place, Body)))) + FilesKey(files);
        var letter = new IncomingLetter(Desk.Letters.Channel.Form, key, clock.GetUtcNow(), Title ?? "", Body ?? "")
        {
            District = office.District(District)?.Code,
            Place = Place ?? "",
            AboutDepartment = office.Department(About)?.Code,
            Contact = new Contact(ContactName?.Trim(), ContactPhone?.Trim(), ContactEmail?.Trim()),
            Publish = Publish,
            Attachments = files,
        };
        Problem = letter.Problem() switch
        {
            null => null,
            TextProblem.Empty => Refusal.Empty,
            TextProblem.TooLong => Refusal.TooLong,
            TextProblem.NullCharacter => Refusal.NullCharacter,
            _ => Refusal.LoneSurrogate,
        };
        // A department complained about that nobody knows must not be dropped in silence: the letter could reach it.
        if (Problem is null && !string.IsNullOrEmpty(About) && letter.AboutDepartment is null) Problem = Refusal.UnknownDepartment;
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

    // Files belong to what was written. Of this key only its keyed hash is kept.
    private static string FilesKey(IReadOnlyList<IncomingAttachment> files) => string.Concat(files.Select(file => "|" + Convert.ToHexStringLower(SHA256.HashData(file.Content.Span))));

    private void Close()
    {
        Closed = true;
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }

    [LoggerMessage(1, LogLevel.Error, "A letter could not be stored and its writer was told so ({Fault}): {Reason}")]
    private static partial void LogNotTaken(ILogger log, StoreFault fault, string reason);
}
