using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;

namespace Opinion.Desk.Clarifications;

/// <summary>An officer notes that a letter asks whether something heard is true. The claim is counted; the link stands with the matter alone.</summary>
public sealed class AskAboutClaim(OpenMatters matters, LetterReader reader, TimeProvider clock)
{
    /// <summary>Joins the letter to a claim.</summary>
    /// <param name="officer">An officer of the responsible department.</param>
    /// <param name="number">The letter's number.</param>
    /// <param name="claimId">A claim that is there already; null for a new one.</param>
    /// <param name="wording">The wording of a new claim: what is asked about, never who said it.</param>
    /// <param name="cancel">Cancels the work.</param>
    public async Task<Refusal?> HandleAsync(StaffMember officer, string number, string? claimId, string? wording, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(claimId) && Refusals.ForText(wording, LetterText.TitleLimit) is { } wrong) return wrong;
        // A claim is what is said, never who said it.
        var redacted = string.IsNullOrEmpty(claimId) ? reader.Redact(wording!.Trim()) : null;
        if (string.IsNullOrEmpty(claimId) && redacted is null) return Refusal.CannotRedact;
        return await matters.WorkAsync(officer, number, async (session, matter) =>
        {
            // A letter asks about one claim, once.
            if (await session.CountAsync("SELECT COUNT(*) FROM matters WHERE letter_id = @letter AND claim_id IS NOT NULL", cancel, ("letter", matter.LetterId)) > 0) return null;
            var id = claimId;
            if (string.IsNullOrEmpty(id))
            {
                id = ReceiptCode.RandomNumber();
                await session.ExecuteAsync("INSERT INTO claims (id, wording) VALUES (@id, @wording)", cancel, ("id", id), ("wording", redacted));
            }

            if (await session.ExecuteAsync("UPDATE claims SET questions = questions + 1 WHERE id = @id", cancel, ("id", id)) == 0) return Refusal.NotFound;
            await session.ExecuteAsync("UPDATE matters SET claim_id = @id WHERE letter_id = @letter", cancel, ("id", id), ("letter", matter.LetterId));
            await MatterHistory.AppendAsync(session, matter.LetterId, clock.GetUtcNow(),
                new HistoryEntry(HistoryKind.Note, officer.Id, Visible: false, officer.Department, Detail: "claim"), cancel);
            return null;
        }, cancel);
    }
}
