using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Opinion.Desk;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Runs;
using Opinion.Desk.Storage;
using Opinion.Ingest.Mailbox.Mime;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Mailbox;

/// <summary>
/// Takes mail from the <c>new</c> folder of a Maildir. What is taken goes to <c>cur</c>, marked as seen; what cannot be, to
/// <c>failed</c> with its reason beside it, and to the office's list of things set aside. A mail moves only after what became
/// of it is durable, so killed at any moment the next round takes it again and knows it. Tries are counted on the disk: a
/// mail that brings the program down is set aside as well.
/// </summary>
public sealed partial class ReadMaildir(OpenedDesk desk, MailboxOptions options, MailboxDoor door, TakeMail take, LetterWay way, SetAsideRows aside, DoorRuns runs, TimeProvider clock, ILogger<ReadMaildir> log)
{
    /// <summary>How often a mail is tried that fails for a reason that is not its own.</summary>
    public const int Tries = 3;

    private const int Round = 1_000;
    private const int SealedLength = 200_000;

    private string Counting { get; } = Path.Combine(desk.DataFolder, "mailbox", "tries");

    /// <summary>Takes what lies there. Without a Maildir, or while the door is closed, there is nothing to do.</summary>
    /// <exception cref="InputFileException">There is no such folder, or no mail can be sent; the mails wait.</exception>
    public async Task HandleAsync(RunningJob run, CancellationToken cancel)
    {
        if (options.Maildir is not { } maildir || await door.OpenAsync(cancel) is not { } own) return;
        var folder = new DirectoryInfo(Path.Combine(maildir, "new"));
        if (!folder.Exists) throw new InputFileException(maildir, "this is no Maildir: it has no folder \"new\"");
        var started = clock.GetUtcNow();
        var counts = default(DoorCounts);
        // Oldest first, by the moment that begins a name. A link could lead out of the folder.
        foreach (var file in folder.EnumerateFiles().Where(file => file.LinkTarget is null && file.Name[0] != '.').OrderBy(file => file.Name, StringComparer.Ordinal).Take(Round).ToList())
        {
            if (await TakeAsync(maildir, file, own, cancel) is not { } taken) continue;
            counts = new DoorCounts(counts.Came + 1, counts.New + (taken.Fate == MailFate.Letter ? 1 : 0), counts.Repeated + (taken.Fate == MailFate.Repeated ? 1 : 0), counts.SetAside + (taken.Fate == MailFate.Refused ? 1 : 0));
            await run.AdvanceAsync(run.Counts + new RunCounts(1, taken.Fate == MailFate.Refused ? 0 : 1, taken.Fate == MailFate.Refused ? 1 : 0), cancel);
        }

        if (counts.Came == 0) return;
        await runs.RecordAsync(new DoorRun(Channel.Mailbox, "Maildir", started, null, counts), cancel);
        if (counts.New > 0) await way.CarryOnAsync(cancel);
    }

    // Null where the mail stays where it is, for the next round, or where another has taken it.
    private async Task<MailTaken?> TakeAsync(string maildir, FileInfo file, IReadOnlyList<string> own, CancellationToken cancel)
    {
        var tries = Begin(file.Name);
        MailTaken taken;
        try
        {
            if (tries > Tries) taken = new MailTaken(MailFate.Refused, SetAsideReasons.Failed);
            else if (file.Length > options.LargestMail) taken = new MailTaken(MailFate.Refused, SetAsideReasons.TooLarge);
            else taken = await take.HandleAsync(await File.ReadAllBytesAsync(file.FullName, cancel), null, own, ArrivalOf(file), cancel);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            End(file.Name);
            return null;
        }
        catch (Exception error) when (StoreFaults.Of(error) is not null || error is OperationCanceledException or RunStaleException)
        {
            // Not the mail's fault: this was no try.
            Undo(file.Name, tries);
            throw;
        }
        catch (Exception error)
        {
            LogFailed(log, tries, error.GetType().Name);
            if (tries < Tries) return null;
            taken = new MailTaken(MailFate.Refused, SetAsideReasons.Failed);
        }

        try
        {
            // An own address is a loop, not a letter that somebody waits for.
            if (taken.Fate == MailFate.Refused && taken.Reason != TakeMail.OwnAddress) await SetAsideAsync(maildir, file, taken.Reason!, cancel);
            else Move(file.FullName, Path.Combine(maildir, "cur"), SeenName(file.Name));
        }
        catch (FileNotFoundException)
        {
            // Another node moved it, and counted it.
            taken = new MailTaken(MailFate.Repeated);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It cannot be read or moved: somebody has to look at the folder; the others go on.
            LogFailed(log, tries, error.GetType().Name);
            return null;
        }

        End(file.Name);
        return taken;
    }

    private async Task SetAsideAsync(string maildir, FileInfo file, string reason, CancellationToken cancel)
    {
        var head = new byte[Math.Min(file.Length, SealedLength)];
        await using (var stream = file.OpenRead()) await stream.ReadExactlyAsync(head, cancel);
        await aside.PutAsync(new NotTaken(Channel.Mailbox, reason, file.Name, null, null, MailCharsets.Clean(MailCharsets.Guess(head))), cancel);
        var path = Move(file.FullName, Path.Combine(maildir, "failed"), file.Name);
        await File.WriteAllTextAsync(path + ".reason.txt", reason + "\n", cancel);
    }

    // The mail server's own moment of delivery; a clock that is ahead there does not make a letter of the future.
    private DateTimeOffset ArrivalOf(FileInfo file)
    {
        var (delivered, now) = (new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), clock.GetUtcNow());
        return delivered < now && delivered > DateTimeOffset.UnixEpoch ? delivered : now;
    }

    private static string SeenName(string name)
    {
        var info = name.IndexOf(":2,", StringComparison.Ordinal);
        return (info < 0 ? name : name[..info]) + ":2,S";
    }

    private static string Move(string from, string folder, string name)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        for (var number = 1; File.Exists(path) && number < 1_000; number++) path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number}.{name}"));
        File.Move(from, path, overwrite: false);
        return path;
    }

    private int Begin(string name)
    {
        var path = Path.Combine(Directory.CreateDirectory(Counting).FullName, name);
        var tries = (File.Exists(path) && int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : 0) + 1;
        File.WriteAllText(path, tries.ToString(CultureInfo.InvariantCulture), Encoding.ASCII);
        return tries;
    }

    private void Undo(string name, int tries)
    {
        if (tries <= 1) End(name);
        else File.WriteAllText(Path.Combine(Counting, name), (tries - 1).ToString(CultureInfo.InvariantCulture), Encoding.ASCII);
    }

    private void End(string name) => File.Delete(Path.Combine(Counting, name));

    [LoggerMessage(1, LogLevel.Error, "A mail could not be taken in (try {Try}): {Error}")]
    private static partial void LogFailed(ILogger log, int @try, string error);
}
