using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Opinion.Desk.Answers;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>
/// What the official account says, in Chinese, and in English to who writes in it. What answers a code or a figure, which
/// are in no language, is said in both.
/// </summary>
internal static partial class AccountWords
{
    /// <summary>The longest text of an answer, in bytes of UTF-8: the platform's limit.</summary>
    public const int Limit = 2048;

    /// <summary>What the writer answers for a person to read the question.</summary>
    public const string Person = "1";

    private static readonly Name Danger = new("遇到火灾、燃气泄漏、房屋坍塌或有人需要救援，请先拨打 119、110 或 120。", "In a fire, a gas leak or a collapse, or where somebody needs rescue, call 119, 110 or 120 first.");

    public static readonly Name NothingWaits = new("现在没有等待转交的问题。请直接把要问、要反映的事写在这里。", "No question is waiting to be passed on. Write here what you want to ask or report.");

    public static readonly Name UnknownCode = new("没有查到这个收据码，请核对后再发一次。", "There is no letter with this receipt code. Check it and send it again.");

    public static readonly Name OnlyText = new("这里目前只能收文字。请用文字写下来；图片等请在本单位网站的写信页面或到窗口提交。", "Only text can be taken here. Write it down in words; use the office's website or counter for pictures and the like.");

    public static readonly Name Slowly = new("发得太快了，这一条没有收下。请一分钟后再发。", "Too many messages in a minute; this one was not taken. Send it again in a minute.");

    public static readonly Name Closed = new("这里暂时不收信，没有收下任何内容。请在本单位网站写信，或打热线电话。" + Danger.Zh, "Letters are not taken here at the moment and nothing was stored. Write on the office's website or call the hotline. " + Danger.En);

    public static readonly Name NotStored = new("刚才没能收下，没有存下任何内容。请过几分钟再发一次；重复发送也只算一封。", "It could not be stored just now and nothing was. Send it again in a few minutes; sent twice it is one letter.");

    public static readonly Name TooLong = new("内容太长，没有收下。请分几次发。", "It is too long and was not taken. Send it in parts.");

    public static readonly Name Empty = new("没有收到文字。请把要问、要反映的事写在这里。", "There was no text. Write here what you want to ask or report.");

    public static Name Welcome(Office office) => new(
        $"您好，这里是{office.Settings.Name.Zh}。请直接写下要问、要反映的事：能马上答的当场答复，其余的有人办理，并给您一个收据码。您的信先隐去个人信息再办理；账号标识加密单独存放，只用于答复您。" + Danger.Zh,
        $"This is {office.Settings.Name.En}. Write what you want to ask or report: what can be answered at once is, the rest is worked on by people and you get a receipt code. Personal data are hidden before anybody works on your letter; the account's id is sealed apart and used only to answer you. " + Danger.En);

    public static Name Receipt(ReceiptCode code, bool urgent) => new(
        (urgent ? Danger.Zh + "\n" : "") + $"信已收到。收据码：\n{code.Shown}\n请保存。把收据码发到这里，就能知道办到哪一步；在本单位网站用它可以看答复、补充、撤回。我们不保存收据码，丢失后无法找回。",
        (urgent ? Danger.En + "\n" : "") + $"Your letter has arrived. Receipt code:\n{code.Shown}\nKeep it. Send it here to learn how far the matter has come; on the office's website it opens the answer and lets you add to the letter or withdraw it. We do not keep the code and cannot find it again.");

    /// <summary>A prepared answer as it is sent; null where it is too long to be sent whole.</summary>
    public static string? Answer(BankEntry entry, bool english)
    {
        var basis = entry.Basis.Length == 0 ? "" : "\n\n" + (english ? "Basis: " : "依据：") + entry.Basis;
        var text = Plain(entry.Answer) + basis + "\n——\n" + (english
            ? $"This is a prepared answer. If it did not help, answer {Person} within two days and a person will read your question too."
            : $"这是事先准备好的答复。如果没有解决问题，两天内回复 {Person}，会有人来看您的问题。");
        return Encoding.UTF8.GetByteCount(text) <= Limit ? text : null;
    }

    public static Name State(FollowedLetter letter, Office office)
    {
        var day = office.Calendar.DayOf(letter.Arrived);
        var (zh, en) = letter switch
        {
            { Disposition: "withdrawn" } => ("已撤回。", "It was withdrawn."),
            { Stage: LetterStage.Received } => ("已收到，等待分办。", "It has arrived and waits to be sorted."),
            { Stage: LetterStage.Open } => Open(letter, office),
            _ => ($"已办结：{Ended(letter.Disposition).Zh}。答复请在本单位网站用收据码查看。", $"It is closed: {Ended(letter.Disposition).En}. Read the answer on the office's website with your receipt code."),
        };
        return new Name($"{day:yyyy-MM-dd} 的信（编号 {letter.Number}）：{zh}", string.Create(CultureInfo.InvariantCulture, $"Letter of {day:yyyy-MM-dd} (number {letter.Number}): {en}"));
    }

    public static string Both(Name words) => words.Zh + "\n\n" + words.En;

    public static string In(Name words, bool english) => english ? words.En : words.Zh;

    /// <summary>Whether a text is in English rather than Chinese: words of Latin letters and no Chinese character.</summary>
    public static bool IsEnglish(string text) => !text.Any(c => c is >= '\u3400' and <= '\u9FFF') && LatinWords().Count(text) >= 2;

    /// <summary>Markdown as a text to read: no marks, addresses beside their words.</summary>
    public static string Plain(string markdown) => Links().Replace(Marks().Replace(markdown.ReplaceLineEndings("\n"), ""), "$1（$2）").Trim();

    private static (string Zh, string En) Open(FollowedLetter letter, Office office)
    {
        var department = office.Department(letter.Department)?.Name ?? new Name("承办部门", "The department");
        if (letter.Deadline is not { } deadline) return ($"{department.Zh}正在办理。", $"{department.En} is working on it.");
        return letter.Overdue
            ? ($"{department.Zh}正在办理，应在 {deadline:yyyy-MM-dd} 前答复，已经超期。", string.Create(CultureInfo.InvariantCulture, $"{department.En} is working on it; the answer was due by {deadline:yyyy-MM-dd} and is overdue."))
            : ($"{department.Zh}正在办理，{deadline:yyyy-MM-dd} 前答复。", string.Create(CultureInfo.InvariantCulture, $"{department.En} is working on it; the answer is due by {deadline:yyyy-MM-dd}."));
    }

    private static Name Ended(string? disposition) => disposition switch
    {
        "solved" => new Name("已解决", "solved"),
        "partly-solved" => new Name("部分解决", "partly solved"),
        "declined" => new Name("不予采纳（附理由）", "declined, with the reason"),
        _ => new Name("不属本单位职责，已告知去向", "not for this office to solve; you are told who can"),
    };

    [GeneratedRegex(@"\*\*|__|^#{1,6} |^> ", RegexOptions.Multiline)]
    private static partial Regex Marks();

    [GeneratedRegex(@"\[([^\[\]\n]{1,200})\]\(([^()\s]{1,500})\)")]
    private static partial Regex Links();

    [GeneratedRegex("[A-Za-z]{2,}")]
    private static partial Regex LatinWords();
}
