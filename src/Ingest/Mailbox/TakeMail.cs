using System.Globalization;
using Opinion.Desk.Attachments;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Outbox;
using Opinion.Desk.Sealing;
using Opinion.Ingest.Mailbox.Mime;

namespace Opinion.Ingest.Mailbox;

/// <summary>What became of one mail.</summary>
public enum MailFate
{
    /// <summary>It became a letter.</summary>
    Letter,

    /// <summary>It was added to the letter it answers.</summary>
    Added,

    /// <summary>It had arrived before.</summary>
    Repeated,

    /// <summary>A program sent it; nothing of it is kept.</summary>
    Discarded,

    /// <summary>One of the desk's own mails came back, and that is noted.</summary>
    CameBack,

    /// <summary>It cannot be taken; nothing of it was stored.</summary>
    Refused,
}

/// <summary>What became of one mail, and why it was not taken.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Reason">One of <see cref="SetAsideReasons"/>, or <c>own-address</c>; null where it was taken or discarded.</param>
public readonly record struct MailTaken(MailFate Fate, string? Reason = null);

/// <summary>
/// Makes of one mail one letter with one receipt mail, or an addition to the letter it answers. What it answers is told by
/// the id of the desk's own mail that it names, or by the receipt code in it, never by its address. Everything is durable
/// when it returns, and it may be called again for the same mail after any interruption.
/// </summary>
public sealed class TakeMail(ReceiveLetter receive, AddToLetter add, FollowLetter follow, MailThreads threads, QueueReceipt receipts, MailboxOptions options)
{
    /// <summary>The reason of a mail that says the office itself sent it.</summary>
    public const string OwnAddress = "own-address";

    private const int MostNamed = 20;
    private const int LongestName = 80;
    private const int NoteRoom = 2_000;

    /// <summary>Takes a mail.</summary>
    /// <param name="mail">Its bytes.</param>
    /// <param name="envelopeSender">The envelope's sender: empty for none, null where it is not known.</param>
    /// <param name="own">The office's own addresses.</param>
    /// <param name="arrived">When it arrived.</param>
    /// <param name="cancel">Cancels it; what is durable stays.</param>
    public async Task<MailTaken> HandleAsync(ReadOnlyMemory<byte> mail, string? envelopeSender, IReadOnlyList<string> own, DateTimeOffset arrived, CancellationToken cancel)
    {
        var taken = await TakeAsync(mail, envelopeSender, own, arrived, cancel);
        if (taken.Fate is MailFate.Letter or MailFate.Added) options.Arrived?.Invoke();
        return taken;
    }

    private async Task<MailTaken> TakeAsync(ReadOnlyMemory<byte> bytes, string? envelopeSender, IReadOnlyList<string> own, DateTimeOffset arrived, CancellationToken cancel)
    {
        if (bytes.Length > options.LargestMail) return new MailTaken(MailFate.Refused, SetAsideReasons.TooLarge);
        ReceivedMail mail;
        try
        {
            mail = ReceivedMail.Read(bytes, envelopeSender, own);
        }
        catch (MailUnreadableException)
        {
            return new MailTaken(MailFate.Refused, SetAsideReasons.Unreadable);
        }

        switch (mail.Kind)
        {
            case MailKind.Letter:
                break;
            case MailKind.Own:
                return new MailTaken(MailFate.Refused, OwnAddress);
            case MailKind.Bounce when mail.Failure is { } status && await threads.CameBackAsync(mail.Tokens, status, cancel):
                return new MailTaken(MailFate.CameBack);
            default:
                return new MailTaken(MailFate.Discarded);
        }

        return await AnsweredAsync(mail, cancel) is { } letterId && await AddAsync(mail, letterId, cancel) is { } added ? added : await ReceiveAsync(mail, arrived, cancel);
    }

    private async Task<string?> AnsweredAsync(ReceivedMail mail, CancellationToken cancel)
    {
        if (mail.Tokens.Count > 0 && await threads.FindAsync(mail.Tokens, cancel) is { } byToken) return byToken;
        foreach (var code in ReplyWords.Codes(mail.Subject + "\n" + mail.Text))
        {
            if (await follow.FindAsync(code, cancel) is { } byCode) return byCode;
        }

        return null;
    }

    // Null where the letter takes nothing more: then what was written is a letter of its own.
    private async Task<MailTaken?> AddAsync(ReceivedMail mail, string letterId, CancellationToken cancel)
    {
        var words = ReplyWords.New(ReplyWords.WithoutCodes(mail.Text));
        if (words.Length == 0) words = ReplyWords.WithoutCodes(mail.Subject);
        var (refusal, repeated) = await add.HandleAsync(letterId, WithNote(words, mail.Files, LetterText.ReplyLimit), Channel.Mailbox, mail.Key, cancel);
        return refusal switch
        {
            // Taken before, as an addition or as a letter: a letter must not stay without its receipt.
            null => repeated ? await ReceiptAgainAsync(mail, cancel) : new MailTaken(MailFate.Added),
            Refusal.Empty => new MailTaken(MailFate.Refused, SetAsideReasons.Empty),
            Refusal.TooLong => new MailTaken(MailFate.Refused, SetAsideReasons.TooLong),
            _ => null,
        };
    }

    private async Task<MailTaken> ReceiptAgainAsync(ReceivedMail mail, CancellationToken cancel)
    {
        await receipts.HandleAsync(Channel.Mailbox, mail.Key, mail.MessageId, cancel);
        return new MailTaken(MailFate.Repeated);
    }

    private async Task<MailTaken> ReceiveAsync(ReceivedMail mail, DateTimeOffset arrived, CancellationToken cancel)
    {
        var attached = new List<IncomingAttachment>();
        var others = new List<MailFile>();
        foreach (var file in mail.Files)
        {
            if (attached.Count < AttachmentRules.Most && AttachmentRules.Check(file.Content) is null) attached.Add(new IncomingAttachment(file.Name, file.Content));
            else others.Add(file);
        }

        var subject = ReplyWords.WithoutCodes(mail.Subject);
        var text = ReplyWords.WithoutCodes(mail.Text);
        // Many write the whole matter into the subject, and nothing below it or nothing that fits above it.
        var (title, body) = subject.Length > LetterText.TitleLimit ? ("", (subject + "\n\n" + text).Trim()) : text.Length == 0 ? ("", subject) : (subject, text);
        var letter = new IncomingLetter(Channel.Mailbox, mail.Key, arrived, title, WithNote(body, others, LetterText.BodyLimit)) { Contact = ContactOf(mail), Attachments = attached };
        if (letter.Problem() is { } problem) return new MailTaken(MailFate.Refused, SetAsideReasons.Of(problem));
        var receipt = await receive.HandleAsync(letter, cancel);
        await receipts.HandleAsync(Channel.Mailbox, mail.Key, mail.MessageId, cancel);
        return new MailTaken(receipt.Repeated ? MailFate.Repeated : MailFate.Letter);
    }

    private static Contact? ContactOf(ReceivedMail mail)
    {
        var name = mail.Name is { Length: > LetterText.TitleLimit } ? null : mail.Name;
        var contact = new Contact(name, null, mail.Address is { Length: <= LetterText.TitleLimit } address ? address : null);
        return contact.IsEmpty ? null : contact;
    }

    // Files that are not taken are named, so that writer and officer both know what is missing.
    private static string WithNote(string words, IReadOnlyList<MailFile> others, int limit)
    {
        if (others.Count == 0 || words.Trim().Length == 0) return words;
        var names = others.Take(MostNamed).Select(file => file.Name is { Length: > 0 } name ? MailCharsets.Clean(name.Length > LongestName ? name[..LongestName] + "…" : name).Replace('\n', ' ') : "—");
        var note = string.Create(CultureInfo.InvariantCulture, $"（邮件中未收下的文件 {others.Count} 个 / {others.Count} files not taken: {string.Join("; ", names)}）");
        if (note.Length > NoteRoom || words.Length + note.Length + 2 > limit) note = string.Create(CultureInfo.InvariantCulture, $"（邮件中未收下的文件 {others.Count} 个 / {others.Count} files not taken）");
        return words.Length + note.Length + 2 > limit ? words : words + "\n\n" + note;
    }
}
