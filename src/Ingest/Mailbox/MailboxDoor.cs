using Opinion.Desk;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Mailbox;

/// <summary>Whether the mailbox takes letters: the door is open, and the office can send the receipts.</summary>
public sealed class MailboxDoor(OpenedDesk desk, DoorSwitch doors)
{
    /// <summary>The office's own addresses while the door is open; null while it is closed.</summary>
    /// <exception cref="InputFileException">There are no settings of mail, or they cannot be used: nobody could be given a receipt.</exception>
    public async Task<IReadOnlyList<string>?> OpenAsync(CancellationToken cancel)
    {
        if (!await doors.IsOpenAsync(Channel.Mailbox, cancel)) return null;
        var settings = await MailSettings.LoadAsync(desk.DataFolder, cancel) ?? throw new InputFileException(MailSettings.FileName, "the mailbox needs the settings of mail: without them no receipt can be sent");
        return [settings.From, .. settings.Mailboxes ?? []];
    }
}
