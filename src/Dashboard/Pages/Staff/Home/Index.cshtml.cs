using Opinion.Dashboard.Accounts;
using Opinion.Desk.Accounts;
using Opinion.Desk.Answers;
using Opinion.Desk.Matters;

namespace Opinion.Dashboard.Pages.Staff.Home;

/// <summary>Where a member of staff begins: what waits.</summary>
public sealed class IndexModel(ListQueue list, ReviewAnswers review) : StaffPage
{
    /// <summary>An officer's counts.</summary>
    public Desk.Matters.Queue? Queue { get; private set; }

    /// <summary>How many answers wait for an editor.</summary>
    public int? Reviews { get; private set; }

    /// <summary>Shows the page.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        if (Staff.Role == Role.Officer) Queue = await list.HandleAsync(Staff, QueueView.Open, null, 0, cancel);
        if (Staff.Role == Role.Editor) Reviews = (await review.ListAsync(Staff, cancel)).Count;
    }
}
