using Opinion.Dashboard.Accounts;
using Opinion.Desk.Answers;

namespace Opinion.Dashboard.Pages.Staff.Bank;

/// <summary>The office's prepared answers.</summary>
public sealed class IndexModel(AnswerBank bank) : StaffPage
{
    /// <summary>All entries, by subject.</summary>
    public IReadOnlyList<BankEntry> Entries { get; private set; } = [];

    /// <summary>Shows the bank.</summary>
    public async Task OnGetAsync(CancellationToken cancel) => Entries = await bank.ListAsync(cancel);
}
