using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Matters;

/// <summary>
/// Moves a matter to the department that can solve it. The writer sees every transfer and its reason, and until the
/// office's waiting time is over, or the writer agrees sooner, the new department cannot open contact data: the writer
/// may withdraw first. The deadline runs on; a matter never goes to the department it complains about.
/// </summary>
public sealed class TransferMatter(OpenMatters matters, LetterReader reader, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>Transfers the matter.</summary>
    /// <param name="officer">An officer of the department that has it.</param>
    /// <param name="number">The letter's number.</param>
    /// <param name="department">The code of the department it goes to.</param>
    /// <param name="reason">Why; the writer reads it.</param>
    /// <param name="cancel">Cancels the work.</param>
    public async Task<Refusal?> HandleAsync(StaffMember officer, string number, string? department, string? reason, CancellationToken cancel)
    {
        if (Refusals.ForText(reason, LetterText.ReplyLimit) is { } wrong) return wrong;
        // The new department reads the reason at once; what it may not open yet must not stand in it.
        if (reader.RedactInside(reason!.Trim()) is not { } words) return Refusal.CannotRedact;
        var office = await offices.GetAsync(cancel);
        if (office.Department(department) is not { } target) return Refusal.UnknownDepartment;
        return await matters.WorkAsync(officer, number, async (session, matter) =>
        {
            if (string.Equals(matter.Department, target.Code, StringComparison.Ordinal)) return Refusal.SameDepartment;
            if (string.Equals(matter.About, target.Code, StringComparison.Ordinal)) return Refusal.ComplainedAbout;
            var now = clock.GetUtcNow();
            await session.ExecuteAsync("UPDATE matters SET department = @department, transfers = transfers + 1, contact_hold_until = @hold WHERE letter_id = @letter", cancel,
                ("department", target.Code), ("hold", now.AddHours(office.Settings.TransferHoldHours).ToUnixTimeMilliseconds()), ("letter", matter.LetterId));
            await MatterHistory.AppendAsync(session, matter.LetterId, now,
                new HistoryEntry(HistoryKind.Transferred, officer.Id, Visible: true, matter.Department, target.Code, words), cancel);
            return null;
        }, cancel);
    }
}
