using System.Globalization;
using Opinion.Desk.Outbox;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.OwnSite;

namespace Opinion.Dashboard.Language;

/// <summary>
/// Codes of what went wrong between this desk and other servers, as the store keeps them, in the reader's words. What is no known code,
/// such as a sentence of an older version, is shown as it is.
/// </summary>
public static class FaultWords
{
    /// <summary>Why a site could not be asked for its consent; null where it was asked.</summary>
    /// <param name="detail">The detail of a halt for want of consent.</param>
    public static string? OfUnasked(string? detail) => Split(detail) is (nameof(OptInFinding.Unreachable), var fault) ? fault : null;

    /// <summary>Why a site that was asked did not consent.</summary>
    public static string OptInFault(this PageLanguage texts, string? detail) => Split(detail) switch
    {
        (nameof(OptInFinding.Missing), var status) => texts["没有同意文件：网站回答 HTTP {0}", status],
        (nameof(OptInFinding.Unreadable), _) => texts["同意文件的写法不对"],
        (nameof(OptInFinding.OtherInstallation), _) => texts["同意文件写的是另一个平台"],
        (nameof(OptInFinding.Passed), var day) when DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) => texts["同意已于{0}到期", PageLanguage.Day(until)],
        _ => detail ?? "",
    };

    /// <summary>Why a call came to nothing: a fault, or a status of HTTP.</summary>
    public static string CallFault(this PageLanguage texts, string? detail) => detail switch
    {
        nameof(OutgoingFault.Scheme) => texts["网址不能用：只用 http 和 https，网址里不能有用户名"],
        nameof(OutgoingFault.Port) => texts["网址不能用：只用默认端口"],
        nameof(OutgoingFault.UnknownHost) => texts["找不到这个域名"],
        nameof(OutgoingFault.Address) => texts["域名指向内网或本机地址，不能访问"],
        nameof(OutgoingFault.Downgrade) => texts["网站从 https 转到了 http"],
        nameof(OutgoingFault.OtherHost) => texts["网站转到了另一个域名"],
        nameof(OutgoingFault.Redirects) => texts["网站转向太多次，或转向的网址不能用"],
        nameof(OutgoingFault.TooLarge) => texts["回答太大"],
        nameof(OutgoingFault.TooSlow) => texts["没有在规定时间内回答完"],
        nameof(OutgoingFault.Unreachable) => texts["连接不上，或证书不可信"],
        nameof(OutgoingFault.BadAnswer) => texts["回答不是正确的 HTTP"],
        nameof(BoardPageFault.TooManyElements) => texts["页面的元素太多"],
        nameof(BoardPageFault.Unparsable) => texts["页面的结构读不出来"],
        { Length: 3 } when detail.All(char.IsAsciiDigit) => texts["网站回答 HTTP {0}", detail],
        _ => detail ?? "",
    };

    /// <summary>Why a mail was not delivered.</summary>
    public static string MailFault(this PageLanguage texts, string? error) => Split(error) switch
    {
        (MailFaults.CameBack, "") => texts["被退回"],
        (MailFaults.CameBack, var status) when IsStatus(status) => texts["被退回，状态 {0}", status],
        (MailFaults.SealBroken, "") => texts["封存的联系方式打不开"],
        (MailFaults.Uncertain, "") => texts["不知道是否送到：连接中途断开"],
        (MailFaults.NoSettings, "") => texts["没有邮件设置"],
        (MailFaults.BadSettings, "") => texts["邮件设置不能用"],
        (MailFaults.BadAddress, "") => texts["邮箱地址不能用"],
        (MailFaults.BadSubject, "") => texts["邮件标题里有换行"],
        (MailFaults.NoAnswer, "") => texts["邮件服务器没有应答"],
        (MailFaults.Smtp, var status) when IsStatus(status) => texts["邮件服务器拒收，SMTP 状态 {0}", status],
        _ => error ?? "",
    };

    private static bool IsStatus(string text) => text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '.');

    private static (string Word, string More) Split(string? text) => (text ?? "").Split(' ', 2) is [var word, var rest] ? (word, rest) : (text ?? "", "");
}
