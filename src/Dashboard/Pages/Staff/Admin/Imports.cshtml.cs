using Opinion.Dashboard.Accounts;
using Opinion.Desk.Imports;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>The runs of imports, newest first. An error says what was wrong with the file and no word of a letter.</summary>
public sealed class ImportsModel(ImportRuns imports) : StaffPage
{
    /// <summary>The runs.</summary>
    public IReadOnlyList<ImportRun> Runs { get; private set; } = [];

    /// <summary>Shows the runs.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Runs = await imports.ListAsync(cancel);
}
