using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Open311;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>The Open311 door: keys of applications, what is asked beside the description, jurisdictions. No letter and no word of one.</summary>
public sealed class Open311Model(Applications applications, ServiceSetup setup, DoorSwitch doors, PageLanguage texts) : StaffPage
{
    /// <summary>The keys.</summary>
    public IReadOnlyList<Application> Keys { get; private set; } = [];

    /// <summary>What is set up.</summary>
    public DoorSetup Setup { get; private set; } = new([], [], false);

    /// <summary>Whether the door is open.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>A key that was just made: on this one answer and never again.</summary>
    public string? NewKey { get; private set; }

    /// <summary>What is wrong.</summary>
    public string? Problem { get; private set; }

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>How a kind of attribute is called.</summary>
    public string KindOf(AttributeKind kind) => kind switch
    {
        AttributeKind.String => texts["一行文字"],
        AttributeKind.Number => texts["数字"],
        AttributeKind.DateTime => texts["日期时间"],
        AttributeKind.Text => texts["多行文字"],
        AttributeKind.SingleValueList => texts["单选"],
        _ => texts["多选"],
    };

    /// <summary>Shows the door.</summary>
    public Task OnGetAsync(CancellationToken cancel) => ReadAsync(cancel);

    /// <summary>Makes a key and shows it once, on this answer: it is in no cookie and in no address.</summary>
    public async Task<IActionResult> OnPostMakeAsync(string? label, CancellationToken cancel)
    {
        var (key, refusal) = await applications.MakeAsync(Staff, label, cancel);
        if (refusal is { } wrong) return await FailAsync(wrong, cancel);
        NewKey = key;
        await ReadAsync(cancel);
        return Page();
    }

    /// <summary>Revokes a key.</summary>
    public async Task<IActionResult> OnPostRevokeAsync(long id, CancellationToken cancel) =>
        await FinishAsync(ModelState.IsValid ? await applications.RevokeAsync(Staff, id, cancel) : Refusal.NotFound, texts["密钥已停用，立即生效。"], cancel);

    /// <summary>Sets when numbers are given.</summary>
    public async Task<IActionResult> OnPostNumbersAsync(bool later, CancellationToken cancel) => await FinishAsync(await setup.SetNumbersLaterAsync(Staff, later, cancel), texts["已保存。"], cancel);

    /// <summary>Says which other installation may fetch; an empty id for none.</summary>
    public async Task<IActionResult> OnPostGuestAsync(string? installation, DateOnly? until, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(installation)) return await FinishAsync(await setup.SetGuestAsync(Staff, null, cancel), texts["已保存。"], cancel);
        if (!ModelState.IsValid || until is not { } day || !ServiceSetup.IsInstallation(installation.Trim())) return await FailAsync(texts["没有保存：请填对方的安装编号和有效日期。"], cancel);
        return await FinishAsync(await setup.SetGuestAsync(Staff, new Guest(installation.Trim(), day), cancel), texts["已保存。"], cancel);
    }

    /// <summary>Adds a jurisdiction.</summary>
    public async Task<IActionResult> OnPostJurisdictionAsync(string? jurisdiction, string? district, CancellationToken cancel) =>
        await FinishAsync(await setup.PutJurisdictionAsync(Staff, new Jurisdiction(jurisdiction ?? "", string.IsNullOrEmpty(district) ? null : district), cancel), texts["已保存。"], cancel);

    /// <summary>Takes a jurisdiction away.</summary>
    public async Task<IActionResult> OnPostDropJurisdictionAsync(string? jurisdiction, CancellationToken cancel) => await FinishAsync(await setup.RemoveJurisdictionAsync(Staff, jurisdiction, cancel), texts["已删除。"], cancel);

    /// <summary>Adds an attribute to a service, or changes it.</summary>
    public async Task<IActionResult> OnPostAttributeAsync(string? service, string? code, string? kind, bool required, int position, string? question, string? hint, string? choices, CancellationToken cancel)
    {
        if (ServiceAttribute.KindOf(kind) is not { } known || ServiceAttribute.ChoicesOf(choices) is not { } list || !ServiceAttribute.IsCode(code?.Trim()))
            return await FailAsync(texts["没有保存：代码只用小写字母、数字、- 和 _；选项每行写成“键=名称”，键不重复。"], cancel);
        var attribute = new ServiceAttribute(service ?? "", code!.Trim(), known, required, position, question ?? "", hint ?? "", list);
        if (attribute.IsList != list.Count > 0) return await FailAsync(texts["单选和多选要写选项，其他类型不写。"], cancel);
        return await FinishAsync(await setup.PutAttributeAsync(Staff, attribute, cancel), texts["已保存。"], cancel);
    }

    /// <summary>Takes an attribute away.</summary>
    public async Task<IActionResult> OnPostDropAttributeAsync(string? service, string? code, CancellationToken cancel) => await FinishAsync(await setup.RemoveAttributeAsync(Staff, service, code, cancel), texts["已删除。"], cancel);

    private async Task<IActionResult> FinishAsync(Refusal? refusal, string done, CancellationToken cancel)
    {
        if (refusal is { } wrong) return await FailAsync(wrong, cancel);
        Done = done;
        return RedirectToPage();
    }

    private Task<IActionResult> FailAsync(Refusal refusal, CancellationToken cancel) => FailAsync(refusal == Refusal.NotFound ? texts["没有这一项，可能已经删除。"] : texts.Refused(refusal), cancel);

    private async Task<IActionResult> FailAsync(string problem, CancellationToken cancel)
    {
        Problem = problem;
        await ReadAsync(cancel);
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        Keys = await applications.ListAsync(cancel);
        Setup = await setup.ReadAsync(cancel);
        IsOpen = await doors.IsOpenAsync(Channel.Open311, cancel);
    }
}
