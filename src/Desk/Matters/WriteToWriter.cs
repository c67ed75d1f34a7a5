using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;

namespace Opinion.Desk.Matters;

/// <summary>Asks the writer a question or sends an interim reply. The matter stays open and its clock goes on.</summary>
public sealed class WriteToWriter(OpenMatters matters, LetterReader reader, TimeProvider clock)
{
    /// <summary>Asks the writer something needed to settle the matter.</summary>
    public Task<Refusal?> AskAsync(StaffMember officer, string number, string? text, CancellationToken cancel) => SendAsync(officer, number, HistoryKind.QuestionAsked, text, cancel);

    /// <summary>Tells the writer how far the matter is.</summary>
    public Task<Refusal?> ReplyAsync(StaffMember officer, string number, string? text, CancellationToken cancel) => SendAsync(officer, number, HistoryKind.InterimReply, text, cancel);

    private async Task<Refusal?> SendAsync(StaffMember officer, string number, HistoryKind kind, string? text, CancellationToken cancel)
    {
        if (Refusals.ForText(text, LetterText.ReplyLimit) is { } wrong) return wrong;
        if (reader.RedactToWriter(text!.Trim()) is not { } words) return Refusal.CannotRedact;
        return await matters.WorkAsync(officer, number, async (session, matter) =>
        {
            await MatterHistory.AppendAsync(session, matter.LetterId, clock.GetUtcNow(), new HistoryEntry(kind, officer.Id, Visible: true, officer.Department, Text: words), cancel);
            return null;
        }, cancel);
    }
}
