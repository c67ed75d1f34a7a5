using System.Text.RegularExpressions;
using Opinion.Desk.Answers;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>What is said to a message.</summary>
/// <param name="Text">The words; null where nothing needs to be said.</param>
/// <param name="NewLetter">Whether a letter was stored that waits to be carried on.</param>
public sealed record AccountAnswer(string? Text, bool NewLetter = false);

/// <summary>
/// What becomes of a message to the official account: a receipt code is answered with the letter's state; a question that
/// the bank answers surely is answered, and becomes a letter when its writer then sends 1; everything else is a letter, whose
/// receipt is in the reply. A repeat, also many at once, gets the same answer and stores nothing. The account's id of the
/// writer is sealed with the letter as contact data.
/// </summary>
public sealed partial class AnswerAccountMessage(
    ReceiveLetter receive, FollowLetter follow, PendingQuestions pending, AnswerAtOnce answers, DoorSwitch doors, DoorTally tally, OfficeKeys keys, LetterReader reader, OfficeDirectory offices, TimeProvider clock)
{
    private const Channel Door = Channel.OfficialAccount;

    // A code and a few words: what is longer says something of its own, and is a letter.
    private const int MostAroundCode = 60;
    private const int LettersPerMinute = 30;
    private const int CodesPerMinute = 20;
    private readonly WriterTries _tries = new(clock);

    /// <summary>Answers a message.</summary>
    public async Task<AccountAnswer> HandleAsync(AccountMessage message, CancellationToken cancel)
    {
        try
        {
            if (!await doors.IsOpenAsync(Door, cancel)) return Refuse(AccountWords.Both(AccountWords.Closed));
            return message.Type switch
            {
                "text" => await TextAsync(message, message.Content?.Trim() ?? "", cancel),
                "event" => message.Event == "subscribe" ? new AccountAnswer(AccountWords.Both(AccountWords.Welcome(await offices.GetAsync(cancel)))) : new AccountAnswer(null),
                _ => Refuse(AccountWords.Both(AccountWords.OnlyText)),
            };
        }
        catch (Exception error) when (StoreFaults.Of(error) is not null && !cancel.IsCancellationRequested)
        {
            // Said, so that nobody believes it was stored; sent again it is one letter, even if this one came through after all.
            return new AccountAnswer(AccountWords.Both(AccountWords.NotStored));
        }
    }

    private Task<AccountAnswer> TextAsync(AccountMessage message, string text, CancellationToken cancel)
    {
        if (LetterText.Check(text, LetterText.BodyLimit, required: true) is { } problem) return Task.FromResult(Refuse(AccountWords.Both(problem == TextProblem.Empty ? AccountWords.Empty : AccountWords.TooLong)));
        if (text is AccountWords.Person or "１") return PersonAsync(message, cancel);
        return CodeIn(text) is { } code ? StateAsync(message, code, cancel) : QuestionAsync(message, text, cancel);
    }

    private async Task<AccountAnswer> QuestionAsync(AccountMessage message, string text, CancellationToken cancel)
    {
        var english = AccountWords.IsEnglish(text);
        // A repeat of what became a letter gets its receipt, whatever the bank holds by now.
        var code = ReceiptCode.Derive(keys.Receipts, Door, message.Key);
        if (await follow.FindAsync(code.Text, cancel) is not null)
        {
            tally.Count(Door, DoorOutcome.Repeated);
            return new AccountAnswer(AccountWords.In(AccountWords.Receipt(code, IsUrgent(text)), english));
        }

        if (!_tries.May("letter", message, LettersPerMinute)) return Refuse(AccountWords.In(AccountWords.Slowly, english));
        if (await answers.FindAsync(text, cancel) is { } entry && AccountWords.Answer(entry, english) is { } answer)
        {
            var repeated = (await pending.FindAsync(Door, message.From, cancel))?.Key == message.Key;
            if (!repeated) await pending.PutAsync(Door, message.From, new PendingQuestion(message.Key, text, clock.GetUtcNow()), cancel);
            tally.Count(Door, repeated ? DoorOutcome.Repeated : DoorOutcome.Answered);
            return new AccountAnswer(answer);
        }

        var receipt = await ReceiveAsync(message, message.Key, text, cancel);
        return new AccountAnswer(AccountWords.In(AccountWords.Receipt(receipt.Code, IsUrgent(text)), english), !receipt.Repeated);
    }

    // The letter has the question's own key: however often a person is asked for, it is one letter with one receipt.
    private async Task<AccountAnswer> PersonAsync(AccountMessage message, CancellationToken cancel)
    {
        if (await pending.FindAsync(Door, message.From, cancel) is not { } question) return new AccountAnswer(AccountWords.Both(AccountWords.NothingWaits));
        if (question.Text is not { } text)
        {
            tally.Count(Door, DoorOutcome.Repeated);
            return new AccountAnswer(AccountWords.Both(AccountWords.Receipt(ReceiptCode.Derive(keys.Receipts, Door, question.Key), urgent: false)));
        }

        var receipt = await ReceiveAsync(message, question.Key, text, cancel);
        await pending.BecameLetterAsync(Door, message.From, question, cancel);
        return new AccountAnswer(AccountWords.Both(AccountWords.Receipt(receipt.Code, urgent: false)), !receipt.Repeated);
    }

    private async Task<AccountAnswer> StateAsync(AccountMessage message, string typed, CancellationToken cancel)
    {
        if (!_tries.May("code", message, CodesPerMinute)) return Refuse(AccountWords.Both(AccountWords.Slowly));
        var letter = await follow.FindAsync(typed, cancel) is { } id ? await follow.ReadAsync(id, cancel) : null;
        return new AccountAnswer(AccountWords.Both(letter is null ? AccountWords.UnknownCode : AccountWords.State(letter, await offices.GetAsync(cancel))));
    }

    private async Task<Receipt> ReceiveAsync(AccountMessage message, string key, string text, CancellationToken cancel)
    {
        // A message has no field in which its writer agrees, so nothing of it is published unless that is chosen later.
        var receipt = await receive.HandleAsync(new IncomingLetter(Door, key, clock.GetUtcNow(), "", text) { Contact = new Contact(null, null, null) { Account = message.From }, Publish = false }, cancel);
        tally.Count(Door, receipt);
        return receipt;
    }

    private bool IsUrgent(string text) => reader.Redact(text) is { } twin && reader.IsUrgent(twin);

    private AccountAnswer Refuse(string words)
    {
        tally.Count(Door, DoorOutcome.Refused);
        return new AccountAnswer(words);
    }

    // The code a message sends back: alone, or as the desk wrote it with the words it stood behind. What was meant for a code
    // and mistyped is looked for like a wrong one, and is no letter: Latin letters and digits alone, about as many as a code
    // has, digits among them; or groups of five as a code has them, fewer than it has.
    private static string? CodeIn(string text)
    {
        if (text.Length > MostAroundCode) return null;
        if (ReceiptCode.TryParse(text, out _)) return text;
        var characters = text.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '\u2010' or '\u2013' or '\u2014')).ToList();
        var mistyped = characters.TrueForAll(char.IsAsciiLetterOrDigit) && characters.Exists(char.IsAsciiDigit)
            && (characters.Count is >= ReceiptCode.Length - 6 and <= ReceiptCode.Length + 6 || (CutShort().IsMatch(text) && characters.Exists(char.IsAsciiLetter)));
        return mistyped ? text : ReceiptCode.FindIn(text) is [var code] ? code : null;
    }

    [GeneratedRegex("^[0-9A-Za-z]{5}(?:-[0-9A-Za-z]{1,6}){1,5}-?$")]
    private static partial Regex CutShort();
}
