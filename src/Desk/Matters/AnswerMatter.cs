using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;

namespace Opinion.Desk.Matters;

/// <summary>
/// Answers a matter and closes it by its disposition. The writer has the answer at once; where the writer agreed to
/// publication it also goes to the editor, and is published only after that review.
/// </summary>
public sealed class AnswerMatter(OpenMatters matters, LetterReader reader, TimeProvider clock)
{
    /// <summary>Answers and closes.</summary>
    /// <param name="officer">An officer of the responsible department.</param>
    /// <param name="number">The letter's number.</param>
    /// <param name="disposition">How it ends; an officer cannot withdraw for the writer.</param>
    /// <param name="text">The answer; with <see cref="Disposition.Declined"/> it holds the reason, with <see cref="Disposition.Transferred"/> who is competent.</param>
    /// <param name="cancel">Cancels the work.</param>
    public async Task<Refusal?> HandleAsync(StaffMember officer, string number, Disposition disposition, string? text, CancellationToken cancel)
    {
        if (disposition == Disposition.Withdrawn) return Refusal.NotYourRole;
        if (Refusals.ForText(text, LetterText.ReplyLimit) is { } wrong) return wrong;
        if (reader.RedactToWriter(text!.Trim()) is not { } answer) return Refusal.CannotRedact;
        return await matters.WorkAsync(officer, number, async (session, matter) =>
        {
            // A letter without a subject has not been sorted: it cannot be found under its subject once published.
            if (matter.Subject is null) return Refusal.UnknownSubject;
            var now = clock.GetUtcNow();
            await session.ExecuteAsync(
                "INSERT INTO answers (letter_id, text, disposition, department, written_by, written_at, review) VALUES (@letter, @text, @disposition, @department, @by, @now, @review)", cancel,
                ("letter", matter.LetterId), ("text", answer), ("disposition", disposition.NameOf()), ("department", matter.Department), ("by", officer.Id),
                ("now", now.ToUnixTimeMilliseconds()), ("review", matter.Publish ? "waiting" : "not-asked"));
            await session.ExecuteAsync("UPDATE matters SET state = 'closed', disposition = @disposition, closed_at = @now WHERE letter_id = @letter", cancel,
                ("disposition", disposition.NameOf()), ("now", now.ToUnixTimeMilliseconds()), ("letter", matter.LetterId));
            await session.ExecuteAsync("UPDATE duty_alerts SET acknowledged_at = @now, acknowledged_by = @by WHERE letter_id = @letter AND acknowledged_at IS NULL", cancel,
                ("now", now.ToUnixTimeMilliseconds()), ("by", officer.Id), ("letter", matter.LetterId));
            await MatterHistory.AppendAsync(session, matter.LetterId, now,
                new HistoryEntry(HistoryKind.Answered, officer.Id, Visible: true, matter.Department, disposition.NameOf(), answer), cancel);
            return null;
        }, cancel);
    }
}
