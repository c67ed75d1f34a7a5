using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Language;
using Opinion.Desk.Imports;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>The runs of imports, newest first, each of which may be paused and let go on. An error says what was wrong with the file and no word of a letter.</summary>
public sealed class ImportsModel(ImportRuns imports, PageLanguage texts) : StaffPage
{
    /// <summary>The runs.</summary>
    public IReadOnlyList<ImportRun> Runs { get; private set; } = [];

    /// <summary>Why a run was not steered.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>How a run stands.</summary>
    public string ResultOf(ImportRun run) => run switch
    {
        { Error: { } error } => error,
        { Finished: not null } => texts["完成"],
        { Hold: ImportHold.Asked } => texts["这一批收完就暂停"],
        { Hold: ImportHold.Paused } => texts["已暂停"],
        { Hold: ImportHold.Ready } => texts["等表格再次送来时从停下处继续"],
        _ => texts["未完成"],
    };

    /// <summary>Shows the runs.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Runs = await imports.ListAsync(cancel);

    /// <summary>Pauses a run or lets it go on.</summary>
    public async Task<IActionResult> OnPostSteerAsync(long run, bool pause, CancellationToken cancel)
    {
        if (await imports.SteerAsync(Staff, run, pause, cancel) is { } refusal)
        {
            Problem = refusal;
            Response.StatusCode = RefusedResult.StatusOf(refusal);
            Runs = await imports.ListAsync(cancel);
            return Page();
        }

        Done = pause ? texts["已要求暂停。"] : texts["监看文件夹里的表格会在一分钟内继续；用命令导入的，请再运行一次同一条命令。"];
        return RedirectToPage();
    }
}
