using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Opinion.Ingest.Mailbox.Mime;

namespace Opinion.Ingest.Mailbox;

/// <summary>A mail as the door reads it.</summary>
/// <param name="Kind">What kind it is.</param>
/// <param name="Key">What is the same at every delivery of this mail, however it came.</param>
/// <param name="Name">The name beside its address.</param>
/// <param name="Address">The address an answer goes to; null where it has none that can be used.</param>
/// <param name="Subject">Its subject in one line.</param>
/// <param name="Text">Its text.</param>
/// <param name="Files">The files that came with it.</param>
/// <param name="MessageId">Its own id in angle brackets, where it can stand in a header.</param>
/// <param name="Tokens">Ids of mails it answers that have the form of the desk's own, the oldest first.</param>
/// <param name="Failure">For a bounce: the status of the failure, or empty; null where nothing failed.</param>
internal sealed partial record ReceivedMail(
    MailKind Kind, string Key, string? Name, string? Address, string Subject, string Text, IReadOnlyList<MailFile> Files, string? MessageId, IReadOnlyList<string> Tokens, string? Failure)
{
    private const int BounceRead = 512 * 1024;
    private const int MostTokens = 50;

    /// <summary>Reads a mail.</summary>
    /// <param name="mail">Its bytes, with or without carriage returns.</param>
    /// <param name="envelopeSender">The envelope's sender: empty for none, null where it is not known.</param>
    /// <param name="own">The office's own addresses.</param>
    /// <exception cref="MailUnreadableException">It cannot be read.</exception>
    public static ReceivedMail Read(ReadOnlyMemory<byte> mail, string? envelopeSender, IReadOnlyList<string> own)
    {
        var root = MimeReader.Read(mail);
        var headers = root.Headers;
        var (name, address) = MailAddresses.First(headers.Raw("From"));
        // An answer goes where the writer wants it; a mail that says nothing at all, to where it came from.
        var reply = headers.Raw("Reply-To") is { } asked ? MailAddresses.First(asked).Address : null;
        var kind = MailKinds.Of(root, envelopeSender, address, own);
        var text = kind == MailKind.Letter ? MailText.Of(root) : new MailText("", []);
        var answer = reply is not null && !MailKinds.IsOwn(reply, own) ? reply : address ?? MailAddresses.Checked(envelopeSender);
        return new ReceivedMail(kind, KeyOf(headers, mail), name, answer, Line(headers.Text("Subject")), text.Text, text.Files, IdOf(headers), TokensOf(root, kind, mail), kind == MailKind.Bounce ? MailKinds.FailureOf(root) : null);
    }

    private static string Line(string? text) => MailCharsets.Clean(text ?? "").Replace('\n', ' ').Replace('\t', ' ').Trim();

    private static string? IdOf(MailHeaders headers) => headers.Raw("Message-ID") is ['<', _, .., '>'] id && id.Length <= 250 && id.All(c => c is > ' ' and < '\u007F') ? id : null;

    private static List<string> TokensOf(MimePart root, MailKind kind, ReadOnlyMemory<byte> mail)
    {
        var from = kind == MailKind.Bounce
            // A server quotes the mail it returns in a part of its own, or somewhere in its words.
            ? System.Text.Encoding.Latin1.GetString(mail.Span[..Math.Min(mail.Length, BounceRead)])
            : string.Join(' ', root.Headers.AllRaw("References").Concat(root.Headers.AllRaw("In-Reply-To")));
        return [.. Token().Matches(from).Take(MostTokens).Select(match => match.Value).Distinct(StringComparer.Ordinal)];
    }

    // With an id: that, who, when, about what, and the body; the way it came through is left out. Without one: all its bytes.
    // Line ends and blanks at them differ between ways, so they do not count.
    private static string KeyOf(MailHeaders headers, ReadOnlyMemory<byte> mail)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var id = headers.Bytes("Message-ID");
        var at = 0;
        if (!id.IsEmpty)
        {
            foreach (var field in new[] { "Message-ID", "From", "Date", "Subject" })
            {
                hash.AppendData(headers.Bytes(field).Trim(" \t"u8));
                hash.AppendData("\n"u8);
            }

            MailHeaders.Read(mail.Span, ref at);
        }

        var empty = 0;
        while (at < mail.Length)
        {
            var (length, next) = MailHeaders.Line(mail.Span, at);
            var line = mail.Span.Slice(at, length).TrimEnd(" \t\r"u8);
            at = next;
            if (line.IsEmpty)
            {
                empty++;
                continue;
            }

            for (; empty > 0; empty--) hash.AppendData("\n"u8);
            hash.AppendData(line);
            hash.AppendData("\n"u8);
        }

        return (id.IsEmpty ? "bytes " : "id ") + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [GeneratedRegex(@"(?<![0-9a-fA-F])[0-9a-f]{32}(?=@)", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
