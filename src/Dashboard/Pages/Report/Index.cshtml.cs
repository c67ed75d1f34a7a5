using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Language;
using Opinion.Desk.Reports;

namespace Opinion.Dashboard.Pages.Report;

/// <summary>The weekly report: released weeks as they were released, the same for everybody.</summary>
public sealed class IndexModel(WeeklyReport reports, PageLanguage texts) : PageModel
{
    /// <summary>The week shown.</summary>
    public Desk.Reports.Report? Report { get; private set; }

    /// <summary>The released weeks, newest first.</summary>
    public IReadOnlyList<string> Weeks { get; private set; } = [];

    /// <summary>What a figure is called.</summary>
    public string Measure(string name) => name == "open" ? texts["周末未办结"] : texts["周末已超期"];

    /// <summary>The formula beside a figure.</summary>
    public string Formula(string name) => name == "open" ? texts["到周末为止还没有办结的事项数"] : texts["未办结事项中，到周末期限已过的"];

    /// <summary>Shows the newest week, or the one asked for.</summary>
    public async Task<IActionResult> OnGetAsync(string? week, CancellationToken cancel)
    {
        Weeks = await reports.WeeksAsync(cancel);
        if (week is null && Weeks.Count == 0) return Page();
        if (IsoWeek.Parse(week ?? Weeks[0]) is not { } asked || await reports.FindAsync(asked, cancel) is not { } found) return NotFound();
        Report = found;
        return Page();
    }
}
