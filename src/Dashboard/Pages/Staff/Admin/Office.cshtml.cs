using Opinion.Dashboard.Accounts;
using Opinion.Desk.Offices;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>The office's settings, departments and calendar.</summary>
public sealed class OfficeModel(OfficeDirectory offices) : StaffPage
{
    /// <summary>The calendar's exceptions.</summary>
    public IReadOnlyList<CalendarDay> Days { get; private set; } = [];

    /// <summary>Shows the settings.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Days = await offices.CalendarAsync(cancel);
}
