using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>Accounts and roles. Granting a role needs a second administrator.</summary>
public sealed class AccountsModel(StaffDirectory directory, UserManager<DeskAccount> users, AuditLog audit, PageLanguage texts) : StaffPage
{
    /// <summary>All accounts.</summary>
    public IReadOnlyList<AccountRow> Accounts { get; private set; } = [];

    /// <summary>What is wrong.</summary>
    public string? Problem { get; private set; }

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>How a role is called.</summary>
    public string RoleName(Role role) => role switch
    {
        Role.Officer => texts["承办人员"],
        Role.Editor => texts["值班编辑"],
        Role.Analyst => texts["分析员"],
        _ => texts["管理员"],
    };

    /// <summary>Shows the accounts.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Accounts = await directory.ListAsync(cancel);

    /// <summary>Asks for a role.</summary>
    public async Task<IActionResult> OnPostAskAsync(string account, Role role, string? department, CancellationToken cancel)
    {
        // A role or department that is not one is refused, never read as another.
        var office = await texts.OfficeAsync(cancel);
        if (!ModelState.IsValid || !Enum.IsDefined(role) || (!string.IsNullOrEmpty(department) && office.Department(department) is null)) return await FailAsync(texts["承办人员要选部门，其他角色不选部门。"], cancel);
        return await directory.AskForRoleAsync(Staff, account, role, office.Department(department)?.Code, cancel)
            ? Finish(texts["已申请，请另一位管理员确认。"])
            : await FailAsync(texts["承办人员要选部门，其他角色不选部门。"], cancel);
    }

    /// <summary>Confirms a role another administrator asked for.</summary>
    public async Task<IActionResult> OnPostConfirmAsync(long grant, CancellationToken cancel) => await directory.ConfirmRoleAsync(Staff, grant, cancel)
        ? Finish(texts["已确认，角色生效。"])
        : await FailAsync(texts["需要另一位管理员来确认。"], cancel);

    /// <summary>Disables or enables an account.</summary>
    public async Task<IActionResult> OnPostDisableAsync(string account, bool disabled, CancellationToken cancel)
    {
        if (account == Staff.Id) return await FailAsync(texts["不能停用自己的账号。"], cancel);
        await directory.SetDisabledAsync(Staff, account, disabled, cancel);
        return Finish(disabled ? texts["账号已停用，立即生效。"] : texts["账号已启用。"]);
    }

    /// <summary>Says who is on duty.</summary>
    public async Task<IActionResult> OnPostDutyAsync(string account, bool duty, CancellationToken cancel)
    {
        if (duty && !await directory.PutOnDutyAsync(Staff, account, cancel)) return Finish(texts["已申请，请另一位管理员确认。"]);
        if (!duty) await directory.EndDutyAsync(Staff, account, cancel);
        return Finish(texts["值班安排已更新。"]);
    }

    /// <summary>Adds an account without a role.</summary>
    public async Task<IActionResult> OnPostAddAsync(string? login, string? nameZh, string? nameEn, string? password, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(login) || string.IsNullOrWhiteSpace(nameZh) || string.IsNullOrWhiteSpace(nameEn)) return await FailAsync(texts["账号和姓名都要填。"], cancel);
        var account = new DeskAccount { UserName = login.Trim(), NameZh = nameZh.Trim(), NameEn = nameEn.Trim() };
        var made = await users.CreateAsync(account, password ?? "");
        if (!made.Succeeded)
        {
            var taken = made.Errors.Any(error => error.Code == "DuplicateUserName");
            return await FailAsync(taken ? texts["已有这个账号。"] : texts["密码至少 12 位，且不要只用几个相同的字符。"], cancel);
        }

        await audit.WriteAsync(Staff.Id, "account-added", account.Id, null, null, cancel);
        return Finish(texts["账号已新增，还没有角色。"]);
    }

    private RedirectToPageResult Finish(string done)
    {
        Done = done;
        return RedirectToPage();
    }

    private async Task<IActionResult> FailAsync(string problem, CancellationToken cancel)
    {
        Problem = problem;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        Accounts = await directory.ListAsync(cancel);
        return Page();
    }
}
