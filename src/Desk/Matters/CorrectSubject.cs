using Opinion.Desk.Accounts;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Matters;

/// <summary>
/// Corrects what the desk made of a letter: its subject, and what the writer needs. The correction is kept as a training
/// example made from the redacted twin (<see cref="LearnCorrections"/>). The responsible department does not change by it: that is a transfer, which the writer sees.
/// </summary>
public sealed class CorrectSubject(OpenMatters matters, DutyAlerts alerts, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>Corrects the subject and, where given, the need.</summary>
    public async Task<Refusal?> HandleAsync(StaffMember officer, string number, string? subject, Analysis.Classification.Need? need, CancellationToken cancel)
    {
        var office = await offices.GetAsync(cancel);
        if (office.Scheme.Find(subject) is not { } found) return Refusal.UnknownSubject;
        return await matters.WorkAsync(officer, number, async (session, matter) =>
        {
            var now = clock.GetUtcNow();
            await session.ExecuteAsync(
                "UPDATE letters SET subject = @subject, subject_confidence = NULL, subject_words = NULL, sorted_by = 'person' WHERE id = @letter", cancel,
                ("subject", found.Code), ("letter", matter.LetterId));
            await session.ExecuteAsync(
                "INSERT INTO training_examples (letter_id, subject, corrected_at) VALUES (@letter, @subject, @now) ON CONFLICT (letter_id) DO UPDATE SET subject = excluded.subject, corrected_at = excluded.corrected_at", cancel,
                ("letter", matter.LetterId), ("subject", found.Code), ("now", now.ToUnixTimeMilliseconds()));
            if (!string.Equals(matter.Subject, found.Code, StringComparison.Ordinal))
                await MatterHistory.AppendAsync(session, matter.LetterId, now, new HistoryEntry(HistoryKind.SubjectCorrected, officer.Id, Visible: true, officer.Department, found.Code), cancel);
            if (need is { } corrected) await alerts.SetNeedAsync(session, matter, corrected, officer.Id, cancel);
            return null;
        }, cancel);
    }
}
