using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Desk.Audit;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>The audit log, newest first.</summary>
public sealed class AuditModel(AuditLog audit, PageLanguage texts) : StaffPage
{
    /// <summary>The newest lines.</summary>
    public IReadOnlyList<AuditEntry> Entries { get; private set; } = [];

    /// <summary>What was done, in the reader's words.</summary>
    public string Action(string action) => action switch
    {
        "original-opened" => texts["打开原文和联系方式"],
        "hotline-map-saved" => texts["保存热线表格的栏目对照"],
        "import-paused" => texts["暂停导入"],
        "import-resumed" => texts["继续导入"],
        "paper-typed-in" => texts["登记纸质来信"],
        "redacted-by-hand" => texts["人工隐去个人信息"],
        "signed-in" => texts["登录"],
        "role-asked" => texts["申请授予角色"],
        "role-confirmed" => texts["确认授予角色"],
        "account-added" => texts["新增账号"],
        "account-disabled" => texts["停用账号"],
        "account-enabled" => texts["启用账号"],
        "duty-asked" => texts["申请安排值班"],
        "duty-taken" => texts["开始值班"],
        "duty-ended" => texts["结束值班"],
        "clarification-published" => texts["公开澄清"],
        "reply-address-opened" => texts["为寄出回复打开邮箱地址（程序）"],
        "mail-again" => texts["重发未寄出的邮件"],
        "mail-dropped" => texts["放弃未寄出的邮件"],
        "board-added" => texts["新增留言板"],
        "board-changed" => texts["修改留言板"],
        "board-on" => texts["启用留言板"],
        "board-off" => texts["停用留言板"],
        "job-run" => texts["立即运行计划任务"],
        "door-opened" => texts["开启来信渠道"],
        "door-closed" => texts["关闭来信渠道"],
        "set-aside-opened" => texts["打开搁置的行"],
        "week-corrected" => texts["更正周报"],
        "set-aside-erased" => texts["删除搁置的行"],
        "open311-key-made" => texts["发出 Open311 密钥"],
        "open311-key-revoked" => texts["停用 Open311 密钥"],
        "open311-changed" => texts["修改 Open311 设置"],
        "clock-confirmed" => texts["确认时钟日期"],
        _ => action,
    };

    /// <summary>Shows the log.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Entries = await audit.NewestAsync(300, cancel);
}
