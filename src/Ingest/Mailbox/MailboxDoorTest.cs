using Opinion.Desk;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;
using Opinion.Ingest.Mailbox.Lmtp;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Mailbox;

/// <summary>Tries what a letter by mail needs: a way in, settings for the receipt, and a store that takes a row.</summary>
public sealed class MailboxDoorTest(OpenedDesk desk, DeskStore store, MailboxOptions options, LmtpListener lmtp) : IDoorTest
{
    /// <inheritdoc/>
    public Channel Channel => Channel.Mailbox;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DoorCheck>> TestAsync(CancellationToken cancel)
    {
        List<DoorCheck> checks =
        [
            new(new Name("存储可以写入", "The store can be written to"), await FormDoorTest.TakesAsync(store, cancel)),
            new(new Name("mail.json 可用，收据可以寄出", "mail.json can be used, so that receipts can be sent"), await HasSettingsAsync(cancel)),
            new(new Name("有接收邮件的途径：启动时给出 --maildir 或 --lmtp-port", "There is a way in: serve was given --maildir or --lmtp-port"), options.Maildir is not null || options.LmtpPort is not null),
        ];
        if (options.Maildir is { } maildir) checks.Add(new DoorCheck(new Name("Maildir 的 new 文件夹可读，邮件可移走", "The Maildir's folder \"new\" can be read and mails can be moved"), Movable(maildir)));
        if (options.LmtpPort is not null) checks.Add(new DoorCheck(new Name("LMTP 正在本机监听", "LMTP listens on this machine"), lmtp.Port is not null));
        return checks;
    }

    private async Task<bool> HasSettingsAsync(CancellationToken cancel)
    {
        try
        {
            return await MailSettings.LoadAsync(desk.DataFolder, cancel) is not null;
        }
        catch (InputFileException)
        {
            return false;
        }
    }

    private static bool Movable(string maildir)
    {
        try
        {
            // Two names that begin with a dot: no mail, and nothing stays behind.
            var name = ".opinion-" + ReceiptCode.RandomNumber();
            var (from, to) = (Path.Combine(maildir, "new", name), Path.Combine(maildir, "cur", name));
            File.WriteAllBytes(from, []);
            Directory.CreateDirectory(Path.Combine(maildir, "cur"));
            File.Move(from, to);
            File.Delete(to);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
