using System.Globalization;
using System.Text;

namespace Opinion.Ingest.Mailbox.Lmtp;

/// <summary>What an LMTP session asks of the mailbox.</summary>
internal interface ILmtpMailbox
{
    /// <summary>The addresses it takes mail for.</summary>
    /// <returns>The addresses, or the answer that refuses all mail for now or for good.</returns>
    Task<(IReadOnlyList<string> Addresses, string? Refusal)> OpenAsync(CancellationToken cancel);

    /// <summary>Takes one mail; what it answers is said to the client for every recipient.</summary>
    Task<string> TakeAsync(ReadOnlyMemory<byte> mail, string sender, IReadOnlyList<string> addresses, CancellationToken cancel);
}

/// <summary>
/// One LMTP session (RFC 2033) with PIPELINING, 8BITMIME, SMTPUTF8, SIZE and enhanced status codes. After DATA it answers
/// once for each recipient, and with 250 only for what is durable; whatever is left out or breaks off stores nothing.
/// </summary>
internal sealed class LmtpSession(LmtpStream client, ILmtpMailbox mailbox, MailboxOptions options, TimeProvider clock)
{
    private const int MostMistakes = 20;
    private const int MostRecipients = 100;

    private readonly StringBuilder _answers = new();
    private readonly List<string> _recipients = [];
    private IReadOnlyList<string> _addresses = [];
    private string? _sender;
    private bool _greeted;
    private int _mistakes;

    /// <summary>Serves the client until it leaves.</summary>
    public async Task ServeAsync(CancellationToken cancel)
    {
        try
        {
            await client.SayAsync("220 localhost LMTP Opinion\r\n", cancel);
            while (await client.LineAsync(cancel) is { } line)
            {
                var goOn = await AnswerAsync(line, cancel);
                if (_mistakes > MostMistakes)
                {
                    Say("421 4.7.0 too many mistakes");
                    goOn = false;
                }

                // Answers to commands that came together go out together.
                if (!client.HasMore || !goOn) await FlushAsync(cancel);
                if (!goOn) return;
            }
        }
        catch (LmtpTooSlowException)
        {
            await client.SayAsync("421 4.4.2 you took too long\r\n", cancel);
        }
    }

    private async Task<bool> AnswerAsync(string line, CancellationToken cancel)
    {
        var (verb, rest) = line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? (line[..space].ToUpperInvariant(), line[(space + 1)..]) : (line.TrimEnd().ToUpperInvariant(), "");
        switch (verb)
        {
            case "LHLO":
                Reset();
                _greeted = true;
                Say("250-localhost", "250-PIPELINING", "250-8BITMIME", "250-SMTPUTF8", "250-ENHANCEDSTATUSCODES", string.Create(CultureInfo.InvariantCulture, $"250 SIZE {options.LargestMail}"));
                return true;
            case "MAIL":
                await MailAsync(rest, cancel);
                return true;
            case "RCPT":
                Recipient(rest);
                return true;
            case "DATA":
                await DataAsync(cancel);
                return true;
            case "RSET":
                Reset();
                Say("250 2.0.0 forgotten");
                return true;
            case "NOOP":
                Say("250 2.0.0 ok");
                return true;
            case "VRFY":
                Say("252 2.5.0 send it and see");
                return true;
            case "QUIT":
                Say("221 2.0.0 good-bye");
                return false;
            default:
                Mistake(line.Length == 0 ? "500 5.5.2 no command, or too long a line" : "500 5.5.1 this is LMTP: LHLO, MAIL, RCPT, DATA, RSET, NOOP, VRFY, QUIT");
                return true;
        }
    }

    private async Task MailAsync(string rest, CancellationToken cancel)
    {
        if (!_greeted) Mistake("503 5.5.1 LHLO first");
        else if (_sender is not null) Mistake("503 5.5.1 there is a sender already");
        else if (!rest.StartsWith("FROM:", StringComparison.OrdinalIgnoreCase) || LmtpPath.Parse(rest[5..]) is not { } path) Mistake("501 5.5.4 MAIL FROM:<address> is needed");
        else if (path.Unknown is not null || path.Size == -1) Mistake("555 5.5.4 a parameter is not known");
        else if (path.Size > options.LargestMail) Say("552 5.3.4 the mail is larger than this desk takes");
        else
        {
            var (addresses, refusal) = await mailbox.OpenAsync(cancel);
            if (refusal is not null)
            {
                Say(refusal);
                return;
            }

            (_addresses, _sender) = (addresses, path.Address);
            Say("250 2.1.0 ok");
        }
    }

    private void Recipient(string rest)
    {
        if (_sender is null) Mistake("503 5.5.1 MAIL first");
        else if (!rest.StartsWith("TO:", StringComparison.OrdinalIgnoreCase) || LmtpPath.Parse(rest[3..]) is not { Address.Length: > 0 } path) Mistake("501 5.5.4 RCPT TO:<address> is needed");
        else if (!MailKinds.IsOwn(path.Address, _addresses)) Mistake("550 5.1.1 this is none of the office's mailboxes");
        else if (_recipients.Count >= MostRecipients) Say("452 4.5.3 too many recipients");
        else
        {
            _recipients.Add(path.Address);
            Say("250 2.1.5 ok");
        }
    }

    private async Task DataAsync(CancellationToken cancel)
    {
        if (_sender is null || _recipients.Count == 0)
        {
            // RFC 2033, section 4.2: without a recipient that was taken there is nothing to answer for.
            Mistake("503 5.5.1 no recipient was taken");
            return;
        }

        Say("354 go on, and end with a dot");
        await FlushAsync(cancel);
        ReadOnlyMemory<byte>? mail;
        using (var limit = new CancellationTokenSource(options.MailPatience, clock))
        await using (cancel.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit))
        {
            try
            {
                mail = await client.MailAsync(options.LargestMail, limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new LmtpTooSlowException();
            }
        }

        var answer = mail is { } whole ? await mailbox.TakeAsync(whole, _sender, _addresses, cancel) : "552 5.3.4 the mail is larger than this desk takes";
        foreach (var _ in _recipients) Say(answer);
        Reset();
    }

    private void Reset()
    {
        _sender = null;
        _recipients.Clear();
    }

    private void Mistake(string answer)
    {
        _mistakes++;
        Say(answer);
    }

    private void Say(params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines) _answers.Append(line).Append("\r\n");
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (_answers.Length == 0) return;
        var text = _answers.ToString();
        _answers.Clear();
        await client.SayAsync(text, cancel);
    }
}
