using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Desk.Attachments;
using Opinion.Desk.Audit;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;

namespace Opinion.Dashboard.Pages.Staff.Paper;

/// <summary>
/// An officer types in a letter that came over the counter or by post. From then on it is a letter like any other: it is
/// sealed, and goes to the department it belongs to, which may be another. The receipt stands in the answer to the post
/// alone, to be printed and handed over.
/// </summary>
public sealed class IndexModel(ReceiveLetter receive, DoorSwitch doors, DoorTally tally, AuditLog audit, LetterWayWorker worker, PageLanguage texts, TimeProvider clock) : StaffPage
{
    /// <summary>Random; makes a page sent twice one letter.</summary>
    [BindProperty]
    public string? Token { get; set; }

    /// <summary>The day the letter arrived, <c>yyyy-MM-dd</c>.</summary>
    [BindProperty]
    public string? ArrivedOn { get; set; }

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

    /// <summary>Whether the writer agreed in writing that the answer may be published.</summary>
    [BindProperty]
    public bool Publish { get; set; }

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
        Token = NewToken();
        await PrepareAsync(cancel);
        ArrivedOn = Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>Takes the letter.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        Token = string.IsNullOrWhiteSpace(Token) || Token.Length > 64 ? NewToken() : Token;
        await PrepareAsync(cancel);
        if (Closed) return Page();
        var office = await texts.OfficeAsync(cancel);
        var (files, now) = (Uploads.Of(HttpContext), clock.GetUtcNow());
        var arrived = PaperArrival.Of(ArrivedOn, office.Calendar, now);
        // What was typed belongs to the key, as at the public form: a page gone back to and changed is another letter.
        var written = string.Join('\u001F', [ArrivedOn, Title, Place, Body, .. files.Select(file => Convert.ToHexStringLower(SHA256.HashData(file.Content.Span)))]);
        var letter = new IncomingLetter(Desk.Letters.Channel.Paper, Token + "|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(written))), arrived ?? now, Title ?? "", Body ?? "")
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
            TextProblem.Empty => Refusal.Empty,
            TextProblem.TooLong => Refusal.TooLong,
            TextProblem.NullCharacter => Refusal.NullCharacter,
            TextProblem.LoneSurrogate => Refusal.LoneSurrogate,
            _ when arrived is null => Refusal.NoArrivalDay,
            _ when !string.IsNullOrEmpty(About) && letter.AboutDepartment is null => Refusal.UnknownDepartment,
            _ => null,
        };
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

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private async Task PrepareAsync(CancellationToken cancel)
    {
        var calendar = (await texts.OfficeAsync(cancel)).Calendar;
        var now = clock.GetUtcNow();
        (Earliest, Today) = (PaperArrival.Earliest(calendar, now), calendar.DayOf(now));
        Closed = !await doors.IsOpenAsync(Desk.Letters.Channel.Paper, cancel);
        if (Closed) Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }
}
