using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;
using Opinion.Desk.Attachments;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;

namespace Opinion.Dashboard.Language;

/// <summary>
/// The words of a page in the reader's language. Chinese is the language the pages are written in: a text's key is its
/// Chinese wording, and <c>PageLanguage.en.resx</c> holds the English. A test finds keys without English.
/// </summary>
public sealed class PageLanguage(IStringLocalizer<PageLanguage> texts, OfficeDirectory offices)
{
    private Office? _office;

    /// <summary>The cultures of the pages; the first is the default.</summary>
    public static IReadOnlyList<CultureInfo> Cultures { get; } = [CultureInfo.GetCultureInfo("zh"), CultureInfo.GetCultureInfo("en")];

    /// <summary>Whether this reader reads Chinese.</summary>
    public static bool IsChinese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";

    /// <summary>The value of the page's lang attribute.</summary>
    public static string Tag => IsChinese ? "zh-CN" : "en";

    /// <summary>A text of the page.</summary>
    /// <param name="chinese">Its Chinese wording.</param>
    /// <param name="values">What stands for {0}, {1}…</param>
    // A text is its own Chinese wording: nothing is looked up for it.
    public string this[string chinese, params object[] values] => (IsChinese, values.Length) switch
    {
        (true, 0) => chinese,
        (true, _) => string.Format(CultureInfo.CurrentCulture, chinese, values),
        (false, 0) => texts[chinese].Value,
        _ => texts[chinese, values].Value,
    };

    /// <summary>The office, read once for a request.</summary>
    public async Task<Office> OfficeAsync(CancellationToken cancel = default) => _office ??= await offices.GetOrLastAsync(cancel);

    /// <summary>A name in the reader's language.</summary>
    public static string Of(Name name) => IsChinese ? name.Zh : name.En;

    /// <summary>The name of a department.</summary>
    public async Task<string> DepartmentAsync(string? code) => (await OfficeAsync()).Department(code) is { } department ? Of(department.Name) : code ?? "";

    /// <summary>The name of a district.</summary>
    public async Task<string> DistrictAsync(string? code) => (await OfficeAsync()).District(code) is { } district ? Of(district.Name) : code ?? "";

    /// <summary>A subject with those above it, such as 住房与房产 › 物业管理.</summary>
    public async Task<string> SubjectAsync(string? code)
    {
        if (code is null) return this["待分类"];
        var path = (await OfficeAsync()).Scheme.PathOf(code);
        return path.Count == 0 ? code : string.Join(" › ", path.Select(subject => Of(subject.Name)));
    }

    /// <summary>A day, such as 2026年11月22日 or 22 November 2026.</summary>
    public static string Day(DateOnly day) => IsChinese
        ? string.Create(CultureInfo.InvariantCulture, $"{day.Year}年{day.Month}月{day.Day}日")
        : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A moment in the office's time zone: words to read, the exact time on hover and for machines.</summary>
    public async Task<IHtmlContent> MomentAsync(DateTimeOffset moment)
    {
        var local = (await OfficeAsync()).Calendar.InOffice(moment);
        var day = Day(DateOnly.FromDateTime(local.DateTime));
        var exact = WebUtility.HtmlEncode(local.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture));
        return new HtmlString($"<time datetime=\"{local.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)}\" title=\"{exact}\">{WebUtility.HtmlEncode(day)} {local.ToString("HH:mm", CultureInfo.InvariantCulture)}</time>");
    }

    /// <summary>How a need is called.</summary>
    public string Need(string? need) => need switch
    {
        "question" => this["咨询"],
        "complaint" => this["投诉"],
        "suggestion" => this["建议"],
        "thanks" => this["感谢"],
        "urgent-danger" => this["紧急险情"],
        _ => this["待分类"],
    };

    /// <summary>How a disposition is called.</summary>
    public string Disposition(string? disposition) => disposition switch
    {
        "solved" => this["已解决"],
        "partly-solved" => this["部分解决"],
        "declined" => this["不予采纳（附理由）"],
        "transferred" => this["不属本单位职责，已告知去向"],
        "withdrawn" => this["来信人已撤回"],
        _ => this["办理中"],
    };

    /// <summary>How a door is called.</summary>
    public string Channel(string channel) => channel switch
    {
        "form" => this["网上写信"],
        "mailbox" => this["电子邮箱"],
        "hotline" => this["热线电话"],
        "open311" => "Open311",
        "official-account" => this["官方账号"],
        "own-site" => this["本单位留言板"],
        _ => this["纸质来信"],
    };

    /// <summary>How a type of attachment is called.</summary>
    public string Attachment(AttachmentType type) => type switch
    {
        AttachmentType.Pdf => "PDF",
        AttachmentType.Jpeg or AttachmentType.Png or AttachmentType.Gif or AttachmentType.Webp => this["图片"],
        _ => this["录音"],
    };

    /// <summary>Why a letter was set aside.</summary>
    public string SetAside(string? reason) => reason switch
    {
        "seal-broken" => this["原文打不开"],
        "sorting-failed" => this["分类出错，已试多次"],
        "redaction-failed" => this["隐去个人信息出错，已试多次"],
        _ => this["没能隐去个人信息"],
    };

    /// <summary>Why a row or mail could not be taken; a word the pages do not know is shown as it is.</summary>
    public string NotTaken(string reason) => reason switch
    {
        "cell-count" => this["单元格数与表头不同"],
        "empty" => this["必填的内容是空的"],
        "too-long" => this["内容太长"],
        "null-character" => this["含有空字符（U+0000）"],
        "lone-surrogate" => this["含有损坏的字符（不完整的代理对）"],
        "no-date" => this["没有日期"],
        "unknown-date" => this["日期写法不认识，或没有这一天"],
        "date-too-early" => this["日期太早"],
        "date-in-future" => this["日期在将来"],
        "unreadable" => this["读不出来：结构或编码有误"],
        "too-large" => this["太大"],
        "attachment" => this["附件种类或数量不符"],
        "failed" => this["多次处理都没有成功"],
        _ => reason,
    };

    /// <summary>Why something was refused, and what to do now.</summary>
    public string Refused(Refusal refusal) => refusal switch
    {
        Refusal.NotFound => this["没有这封信。请核对编号。"],
        Refusal.OtherDepartment => this["这封信由其他部门办理，您不能打开。"],
        Refusal.ComplainedAbout => this["这封信反映的就是该部门，不能由该部门打开或办理。"],
        Refusal.NotYourRole => this["您的角色不能做这件事。"],
        Refusal.NotOpen => this["这件事已经办结或撤回，不能再改动。"],
        Refusal.NotClosed => this["这件事还没有办结。"],
        Refusal.Empty => this["内容是空的。请写上内容再提交。"],
        Refusal.TooLong => this["内容太长。正文最多两万字，标题最多二百字，请精简或分几次提交。"],
        Refusal.NullCharacter => this["内容里有无法识别的空字符（U+0000），请删去后重新提交。"],
        Refusal.LoneSurrogate => this["内容里有损坏的字符（不完整的代理对），请删去后重新提交。"],
        Refusal.UnknownSubject => this["请先选定一个分类。"],
        Refusal.UnknownDepartment => this["请选择一个部门。"],
        Refusal.SameDepartment => this["这件事已经在该部门办理。"],
        Refusal.DeadlineNotLater => this["请填 1 到 30 个工作日。"],
        Refusal.ContactOnHold => this["刚转办的信，联系方式暂不能打开：来信人可以先行撤回。"],
        Refusal.SealBroken => this["封存的原文打不开：密钥缺失或数据已损坏。请联系管理员。"],
        Refusal.NotWaiting => this["这条答复已不在待审之列。"],
        Refusal.CannotRedact => this["隐去个人信息的程序没有载入，暂时什么都不能公开。请联系管理员。"],
        Refusal.NoSource => this["请至少写一个出处，每行一个网址，以 http:// 或 https:// 开头。没有出处的澄清不能保存。"],
        Refusal.ObjectionOver => this["提出异议的期限已过。您可以另写一封信。"],
        Refusal.TooManyFiles => this["附件最多 5 个。请留下最有用的，其余的可以在补充说明里提一句。"],
        Refusal.FileTooLarge => this["附件太大：每个最多 10 MB。请缩小或截短后重新选择。"],
        Refusal.FileTypeUnknown => this["附件只收图片（JPEG、PNG、GIF、WebP）、PDF 和录音（MP3、M4A、WAV、OGG、AMR），按文件内容判断，不看文件名。"],
        Refusal.FileBroken => this["附件不完整或已损坏，请重新导出或拍摄后再选择。"],
        Refusal.FileEmpty => this["附件是空文件，请重新选择。"],
        Refusal.TooBusy => this["现在上传文件的人太多，请过几分钟再试；也可以先不带附件寄出。"],
        Refusal.NoArrivalDay => this["请填收到的日期：不能晚于今天，也不能早于一年前。"],
        _ => throw new ArgumentOutOfRangeException(nameof(refusal)),
    };
}
