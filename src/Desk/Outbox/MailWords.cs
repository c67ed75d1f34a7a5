using System.Globalization;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Outbox;

/// <summary>What the desk's mails say, in both languages: nobody knows which one an address reads.</summary>
internal static class MailWords
{
    /// <summary>
    /// A reply: the words as they were written for the writer, and the way to the letter's own page. The receipt code is in
    /// no such mail and in no address; the writer has it.
    /// </summary>
    public static OutgoingMail Reply(string id, string to, Office office, string number, string? department, string text, Uri site)
    {
        var from = office.Department(department)?.Name ?? office.Settings.Name;
        return new OutgoingMail(id, to, $"来信 {number} 的回复 / About your letter {number} · {office.Settings.Name.Zh}",
            $"""
            {office.Settings.Name.Zh} · {from.Zh}
            {office.Settings.Name.En} · {from.En}

            {text}

            ——
            查看办理经过、补充、评价或提出异议：{new Uri(site, "/follow")} （请用您的收据码。本邮件不含收据码，请勿告诉任何人。）
            To follow, add to, rate or dispute: {new Uri(site, "/follow")} (with your receipt code, which is not in this mail; tell it to nobody).
            """);
    }

    /// <summary>The receipt of a letter that came by mail: the one mail that carries a receipt code, and no word of the letter.</summary>
    public static OutgoingMail Receipt(string id, string to, Office office, string number, string code, string? inReplyTo, Uri site) =>
        new(id, to, $"已收到来信 {number} / Your letter {number} has arrived · {office.Settings.Name.Zh}",
            $"""
            {office.Settings.Name.Zh} 已收到您的来信，来信编号 {number}。
            收据码：{code}
            凭收据码在 {new Uri(site, "/follow")} 查看办理经过、补充、评价、提出异议或撤回。请保存好，勿告诉任何人。
            直接回复本邮件，也可以补充这封来信。

            {office.Settings.Name.En} has received your letter; its number is {number}.
            Receipt code: {code}
            With the code you follow, add to, rate, dispute or withdraw it at {new Uri(site, "/follow")} . Keep it and tell it to nobody.
            To add to your letter you may also answer this mail.
            """)
        { AutoReplied = true, InReplyTo = inReplyTo };

    /// <summary>A reminder: number, subject, deadline and link, and no word of the letter.</summary>
    public static OutgoingMail Reminder(string id, string to, Office office, string number, string? subject, bool overdue, DateOnly deadline, Uri site)
    {
        var name = subject is null ? new Name("待分类", "not sorted yet") : office.Scheme.PathOf(subject) is { Count: > 0 } path ? path[^1].Name : new Name(subject, subject);
        var day = deadline.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new OutgoingMail(id, to, overdue ? $"已逾期 / Overdue: {number}" : $"即将到期 / Due soon: {number}",
            $"""
            {(overdue ? "已逾期" : "即将到期")}：{number}，{name.Zh}，期限 {day}
            {(overdue ? "Overdue" : "Due soon")}: {number}, {name.En}, deadline {day}

            {new Uri(site, "/staff/matter/" + number)}
            """);
    }
}
