using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Language;
using Opinion.Desk.Offices;

namespace Opinion.Dashboard.Pages.About;

/// <summary>The public subject scheme and its history.</summary>
public sealed class SchemeModel(OfficeDirectory offices, PageLanguage texts) : PageModel
{
    /// <summary>The changes since the scheme was first set up.</summary>
    public IReadOnlyList<SchemeChange> Changes { get; private set; } = [];

    /// <summary>A kind of change in the reader's words.</summary>
    public string Words(string change) => change switch
    {
        "added" => texts["新增"],
        "renamed" => texts["改名"],
        "moved" => texts["移动"],
        _ => texts["停止使用"],
    };

    /// <summary>Shows the scheme.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Changes = await offices.SchemeChangesAsync(cancel);
}
