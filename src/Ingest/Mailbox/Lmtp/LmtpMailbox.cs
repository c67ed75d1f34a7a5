using Microsoft.Extensions.Logging;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Mailbox.Lmtp;

/// <summary>
/// Answers LMTP for the mailbox. What the store or this program cannot do now gets a 4xx, and the mail server keeps the mail;
/// what can never be taken gets a 5xx, and the mail server tells its sender.
/// </summary>
internal sealed partial class LmtpMailbox(MailboxDoor door, TakeMail take, DoorTally tally, TimeProvider clock, ILogger log) : ILmtpMailbox
{
    private const string Later = "451 4.3.0 the desk cannot take mail at the moment";

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<string> Addresses, string? Refusal)> OpenAsync(CancellationToken cancel)
    {
        try
        {
            return await door.OpenAsync(cancel) is { } own ? (own, null) : ([], "550 5.2.1 this mailbox takes no letters at present; see the office's website for other ways");
        }
        catch (InputFileException)
        {
            LogNoSettings(log);
            return ([], "451 4.3.5 the settings of mail are missing or cannot be used");
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            LogFailed(log, error.GetType().Name);
            return ([], Later);
        }
    }

    /// <inheritdoc/>
    public async Task<string> TakeAsync(ReadOnlyMemory<byte> mail, string sender, IReadOnlyList<string> addresses, CancellationToken cancel)
    {
        try
        {
            var taken = await take.HandleAsync(mail, sender, addresses, clock.GetUtcNow(), cancel);
            Count(taken.Fate);
            return taken.Fate switch
            {
                MailFate.Letter or MailFate.Added or MailFate.Repeated => "250 2.0.0 taken",
                MailFate.Discarded or MailFate.CameBack => "250 2.0.0 no letter",
                _ => ReasonOf(taken.Reason),
            };
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            if (StoreFaults.Of(error) is null) LogFailed(log, error.GetType().Name);
            return Later;
        }
    }

    // What programs send is refused as a letter, though the mail server is told that all is well: it would send another.
    private void Count(MailFate fate)
    {
        DoorOutcome? outcome = fate switch
        {
            MailFate.Letter => DoorOutcome.New,
            MailFate.Repeated => DoorOutcome.Repeated,
            MailFate.Added => null,
            _ => DoorOutcome.Refused,
        };
        if (outcome is { } counted) tally.Count(Channel.Mailbox, counted);
    }

    // Read by the writer, in the report of their own mail server.
    private static string ReasonOf(string? reason) => reason switch
    {
        SetAsideReasons.Empty => "550 5.6.0 the mail has no words",
        SetAsideReasons.TooLong => "550 5.6.0 the mail has more words than the desk takes: 20000 characters in a letter, 10000 in an addition",
        SetAsideReasons.TooLarge => "552 5.3.4 the mail is larger than this desk takes",
        TakeMail.OwnAddress => "550 5.7.1 the mail says it comes from this office",
        _ => "550 5.6.0 the mail cannot be read",
    };

    [LoggerMessage(1, LogLevel.Error, "A mail could not be taken in over LMTP: {Error}. The mail server keeps it")]
    private static partial void LogFailed(ILogger log, string error);

    [LoggerMessage(2, LogLevel.Error, "Mail waits at the mail server: the settings of mail are missing or cannot be used")]
    private static partial void LogNoSettings(ILogger log);
}
