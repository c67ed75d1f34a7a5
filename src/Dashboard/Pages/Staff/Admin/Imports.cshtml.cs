using Opinion.Dashboard.Accounts;
using Opinion.Desk.Imports;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>The runs of imports with their counts.</summary>
public sealed class ImportsModel(ImportRuns runs) : StaffPage
{
    /// <summary>The runs.</summary>
    public IReadOnlyList<ImportRun> Runs { get; private set; } = [];

    /// <summary>Shows the runs.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Runs = await runs.ListAsync(cancel);
}
