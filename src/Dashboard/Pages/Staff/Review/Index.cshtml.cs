using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Desk.Answers;

namespace Opinion.Dashboard.Pages.Staff.Review;

/// <summary>Answers waiting for the duty editor.</summary>
public sealed class IndexModel(ReviewAnswers review) : StaffPage
{
    /// <summary>What waits, the oldest first.</summary>
    public IReadOnlyList<ReviewLine> Lines { get; private set; } = [];

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>Shows the list.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Lines = await review.ListAsync(Staff, cancel);
}
