using Opinion.Ingest.Mailbox.Mime;

namespace Opinion.Ingest.Mailbox;

/// <summary>What kind of mail arrived.</summary>
public enum MailKind
{
    /// <summary>Somebody wrote it.</summary>
    Letter,

    /// <summary>A program wrote it: an absence note, a confirmation of reading, a notice.</summary>
    AutoReply,

    /// <summary>A mail server says what became of another mail.</summary>
    Bounce,

    /// <summary>It goes to many, over a list.</summary>
    ListMail,

    /// <summary>It says that the office itself sent it.</summary>
    Own,
}

/// <summary>Tells a letter from what programs send (RFC 3834, RFC 3464, and the older signs that are still in use), so that no loop begins.</summary>
internal static class MailKinds
{
    private static readonly string[] Automatic = ["X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-AutoReply-From", "X-Mail-Autoreply", "X-Vacation-Message"];

    // With their colon: a letter about absence notes is a letter.
    private static readonly string[] AbsenceSubjects = ["自动回复:", "自动回覆:", "自動回覆:", "自動回復:", "外出自动回复:", "automatic reply:", "auto reply:", "autoreply:", "auto-reply:", "auto:", "out of office:", "out of office autoreply:", "out of office reply:", "vacation reply:"];

    private static readonly string[] ReturnSubjects = ["undeliverable:", "undelivered mail", "delivery status notification", "mail delivery failed", "mail delivery failure", "returned mail", "delivery failure", "系统退信", "退信通知", "邮件投递失败", "邮件发送失败", "退信:"];

    /// <summary>What kind a mail is.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="envelopeSender">Whom the mail server would tell if it could not be delivered: empty for nobody, null where it is not known.</param>
    /// <param name="address">The address it says it is from.</param>
    /// <param name="own">The office's own addresses.</param>
    public static MailKind Of(MimePart mail, string? envelopeSender, string? address, IReadOnlyList<string> own)
    {
        var headers = mail.Headers;
        var nobody = envelopeSender is { Length: 0 } || (envelopeSender is null && headers.Raw("Return-Path") is { } path && path.Replace(" ", "", StringComparison.Ordinal) == "<>");
        // A file that names nobody at all is no mail of a writer: there is nobody to give its receipt to.
        nobody |= envelopeSender is null && !headers.Has("Return-Path") && !headers.Has("From") && !headers.Has("Reply-To");
        var subject = (headers.Text("Subject") ?? "").Replace('：', ':').TrimStart().ToLowerInvariant();
        var server = address is not null && (address.StartsWith("mailer-daemon@", StringComparison.OrdinalIgnoreCase) || address.StartsWith("postmaster@", StringComparison.OrdinalIgnoreCase) || address.StartsWith("mail-daemon@", StringComparison.OrdinalIgnoreCase));
        if (IsReport(mail, "delivery-status") || headers.Has("X-Failed-Recipients") || ((nobody || server) && StartsWith(subject, ReturnSubjects)) || (nobody && server)) return MailKind.Bounce;
        if (IsOwn(address, own) || (envelopeSender is { Length: > 0 } && IsOwn(envelopeSender, own))) return MailKind.Own;
        if (nobody || mail.MediaType == "multipart/report" || Array.Exists(Automatic, headers.Has) || StartsWith(subject, AbsenceSubjects) || server) return MailKind.AutoReply;
        if (HeaderParameters.Parse(headers.Raw("Auto-Submitted")).Value is not ("" or "no")) return MailKind.AutoReply;
        return (headers.Raw("Precedence") ?? "").Trim().ToLowerInvariant() switch
        {
            "auto_reply" or "auto-reply" => MailKind.AutoReply,
            "bulk" or "junk" or "list" => MailKind.ListMail,
            _ => headers.Has("List-Id") ? MailKind.ListMail : MailKind.Letter,
        };
    }

    /// <summary>Whether an address is one of the office's, whatever stands after a plus sign in it.</summary>
    public static bool IsOwn(string? address, IReadOnlyList<string> own) => address is not null && own.Any(mine => string.Equals(Bare(address), Bare(mine), StringComparison.OrdinalIgnoreCase));

    /// <summary>What a bounce says: its status such as 5.1.1, empty where it names none; null where the mail is only late, or arrived.</summary>
    public static string? FailureOf(MimePart mail)
    {
        if (Find(mail, "message/delivery-status") is not { } report) return "";
        var fields = MailCharsets.Guess(report.Content().Span).Split('\n').Select(line => line.Split(':', 2)).Where(field => field.Length == 2).ToList();
        if (fields.Find(field => Is(field, "Action")) is { } action && action[1].Trim().ToLowerInvariant() is not ("failed" or "")) return null;
        var status = fields.Find(field => Is(field, "Status"))?[1].Trim().Split(' ')[0] ?? "";
        return status.Length <= 11 && status.All(c => char.IsAsciiDigit(c) || c == '.') ? status : "";
    }

    private static bool Is(string[] field, string name) => string.Equals(field[0].Trim(), name, StringComparison.OrdinalIgnoreCase);

    private static string Bare(string address)
    {
        var at = address.LastIndexOf('@');
        var plus = address.IndexOf('+', StringComparison.Ordinal);
        return plus > 0 && plus < at ? string.Concat(address.AsSpan(0, plus), address.AsSpan(at)) : address;
    }

    private static bool StartsWith(string subject, string[] beginnings) => Array.Exists(beginnings, beginning => subject.StartsWith(beginning, StringComparison.Ordinal));

    private static bool IsReport(MimePart mail, string type) =>
        (mail.MediaType == "multipart/report" && string.Equals(mail.Type["report-type"], type, StringComparison.OrdinalIgnoreCase)) || mail.Parts.Any(part => part.MediaType == "message/" + type);

    private static MimePart? Find(MimePart part, string type) => part.MediaType == type ? part : part.Parts.Select(child => Find(child, type)).FirstOrDefault(found => found is not null);
}
