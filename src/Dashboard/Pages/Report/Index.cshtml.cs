using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.OpenData;
using Opinion.Desk.Reports;

namespace Opinion.Dashboard.Pages.Report;

/// <summary>The weekly report: released weeks as they were released, the same for everybody.</summary>
public sealed class IndexModel(WeeklyReport reports) : PageModel
{
    /// <summary>The week shown.</summary>
    public Desk.Reports.Report? Report { get; private set; }

    /// <summary>The released weeks, newest first.</summary>
    public IReadOnlyList<string> Weeks { get; private set; } = [];

    /// <summary>The released week before the one shown.</summary>
    public string? Earlier => Report is null ? null : Weeks.FirstOrDefault(week => string.CompareOrdinal(week, Report.Week) < 0);

    /// <summary>The released week after it.</summary>
    public string? Later => Report is null ? null : Weeks.LastOrDefault(week => string.CompareOrdinal(week, Report.Week) > 0);

    /// <summary>The forms in which the week can be had.</summary>
    public IEnumerable<string> Forms => WeekForm.OnSite.Select(form => form.Name);

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
