using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;

namespace Opinion.Desk.Matters;

/// <summary>Leaves an internal note on a matter; the writer never sees it.</summary>
public sealed class LeaveNote(OpenMatters matters, TimeProvider clock)
{
    /// <summary>Adds the note.</summary>
    public async Task<Refusal?> HandleAsync(StaffMember officer, string number, string? text, CancellationToken cancel)
    {
        if (Refusals.ForText(text, LetterText.ReplyLimit) is { } wrong) return wrong;
        return await matters.WorkAsync(officer, number, async (session, matter) =>
        {
            await MatterHistory.AppendAsync(session, matter.LetterId, clock.GetUtcNow(), new HistoryEntry(HistoryKind.Note, officer.Id, Visible: false, officer.Department, Text: text!.Trim()), cancel);
            return null;
        }, cancel);
    }
}
