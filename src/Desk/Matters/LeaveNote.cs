using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;

namespace Opinion.Desk.Matters;

/// <summary>Leaves an internal note on a matter; the writer never sees it. Personal data in it is hidden.</summary>
public sealed class LeaveNote(OpenMatters matters, LetterReader reader, TimeProvider clock)
{
    /// <summary>Adds the note.</summary>
    public async Task<Refusal?> HandleAsync(StaffMember officer, string number, string? text, CancellationToken cancel)
    {
        if (Refusals.ForText(text, LetterText.ReplyLimit) is { } wrong) return wrong;
        if (reader.RedactInside(text!.Trim()) is not { } words) return Refusal.CannotRedact;
        return await matters.WorkAsync(officer, number, async (session, matter) =>
        {
            await MatterHistory.AppendAsync(session, matter.LetterId, clock.GetUtcNow(), new HistoryEntry(HistoryKind.Note, officer.Id, Visible: false, officer.Department, Text: words), cancel);
            return null;
        }, cancel);
    }
}
