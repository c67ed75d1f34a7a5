using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using Opinion.Desk;
using Opinion.Desk.Outbox;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Outgoing;

/// <summary>Hands mail to the office's own server by SMTP. Settings are read at every round, so a change needs no restart.</summary>
public sealed class SmtpPost(OpenedDesk desk) : IMailPost
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Knocking = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task<Uri?> OpenAsync(CancellationToken cancel) => await LoadAsync(cancel) is { } settings ? new Uri(settings.Site) : null;

    /// <inheritdoc/>
    public async Task SendAsync(OutgoingMail mail, CancellationToken cancel)
    {
        var settings = await LoadAsync(cancel) ?? throw new MailRefusedException(MailFaults.NoSettings, final: false);
        if (!MailSettings.IsAddress(mail.To)) throw new MailRefusedException(MailFaults.BadAddress, final: true);
        if (mail.Subject.Any(char.IsControl)) throw new MailRefusedException(MailFaults.BadSubject, final: true);
        using var message = new MailMessage(settings.From, mail.To)
        {
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = mail.Text.ReplaceLineEndings("\r\n"),
            BodyEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        message.Headers.Add("Message-ID", string.Create(CultureInfo.InvariantCulture, $"<{mail.MessageId}@{settings.From.Split('@')[1]}>"));
        // No answering machine answers, and no loop begins.
        message.Headers.Add("Auto-Submitted", mail.AutoReplied ? "auto-replied" : "auto-generated");
        if (mail.InReplyTo is { } answered && IsMessageId(answered))
        {
            message.Headers.Add("In-Reply-To", answered);
            message.Headers.Add("References", answered);
        }

        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.StartTls, DeliveryFormat = SmtpDeliveryFormat.International };
        if (settings.User is not null) client.Credentials = new NetworkCredential(settings.User, settings.Password);
        await KnockAsync(settings, cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            await client.SendMailAsync(message, limit.Token);
        }
        catch (SmtpException error) when (Code(error) is { } code)
        {
            // The server's words may quote the address; its number does not.
            throw new MailRefusedException(MailFaults.Smtp + " " + code.ToString(CultureInfo.InvariantCulture), final: code is >= 500 and not 530 and not 535 and not 554, error);
        }
        catch (SmtpException error) when (Connecting(error))
        {
            throw new MailRefusedException(MailFaults.NoAnswer, final: false, error);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException("The mail server did not answer in time.");
        }
    }

    // It came from outside once, so it is looked at again where it becomes a header.
    private static bool IsMessageId(string text) => text is ['<', _, .., '>'] && text.Length <= 250 && text.All(c => c is > ' ' and < '\u007F');

    // A server that is away is surely not delivering; only a connection that breaks later leaves a doubt.
    private static async Task KnockAsync(MailSettings settings, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Knocking);
        try
        {
            using var door = new TcpClient();
            await door.ConnectAsync(settings.Host, settings.Port, limit.Token);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new MailRefusedException(MailFaults.NoAnswer, final: false, error);
        }
    }

    private async Task<MailSettings?> LoadAsync(CancellationToken cancel)
    {
        try
        {
            return await MailSettings.LoadAsync(desk.DataFolder, cancel);
        }
        catch (InputFileException error)
        {
            throw new MailRefusedException(MailFaults.BadSettings, final: false, error, error.Message);
        }
    }

    private static int? Code(SmtpException error) => (int)error.StatusCode is >= 400 and < 600 and var code ? code : null;

    private static bool Connecting(Exception error)
    {
        for (var inner = error.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable or SocketError.NetworkUnreachable }) return true;
        }

        return false;
    }
}
