using Opinion.Desk.Answers;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;

namespace Opinion.Desk.Letters;

/// <summary>The writer disputes the answer within the objection period: the matter opens again, and its clock, which never stopped, goes on.</summary>
public sealed class DisputeAnswer(WriterMatters writer, SealedLetters sealedLetters, LetterReader reader, DutyAlerts alerts, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>Whether an answer given at a moment may still be disputed.</summary>
    public static bool MayStill(Office office, DateTimeOffset closed, DateTimeOffset now) =>
        now < office.Calendar.DeadlineFor(closed, office.Settings.ObjectionDays).End;

    /// <summary>Disputes the answer.</summary>
    /// <param name="letterId">The letter.</param>
    /// <param name="reason">What is not solved; sealed, and shown redacted.</param>
    /// <param name="cancel">Cancels the work.</param>
    public async Task<Refusal?> HandleAsync(string letterId, string? reason, CancellationToken cancel)
    {
        if (Refusals.ForText(reason, LetterText.ReplyLimit) is { } wrong) return wrong;
        var office = await offices.GetAsync(cancel);
        return await writer.WorkAsync(letterId, async (session, matter) =>
        {
            if (matter is not { Open: false }) return Refusal.NotClosed;
            var closed = await session.CountAsync("SELECT closed_at FROM matters WHERE letter_id = @letter AND disposition <> 'withdrawn'", cancel, ("letter", letterId));
            var now = clock.GetUtcNow();
            if (closed == 0 || !MayStill(office, DateTimeOffset.FromUnixTimeMilliseconds(closed), now)) return Refusal.ObjectionOver;
            var words = reason!.Trim();
            await session.ExecuteAsync("UPDATE matters SET state = 'open', disposition = NULL, closed_at = NULL, disputes = disputes + 1 WHERE letter_id = @letter", cancel, ("letter", letterId));
            // A disputed answer is not put before the public until the dispute is settled.
            await session.ExecuteAsync("UPDATE answers SET review = 'not-asked' WHERE letter_id = @letter AND review = 'waiting'", cancel, ("letter", letterId));
            if (await PublishedAnswers.TakeBackAsync(session, letterId, cancel))
                await MatterHistory.AppendAsync(session, letterId, now, new HistoryEntry(HistoryKind.Unpublished, MatterHistory.Desk, Visible: true), cancel);
            await sealedLetters.PutTextAsync(session, letterId, await SealedLetters.NextPartAsync(session, letterId, cancel), new OriginalText("", "", words), cancel);
            var twin = reader.Redact(words);
            await MatterHistory.AppendAsync(session, letterId, now, new HistoryEntry(HistoryKind.Disputed, MatterHistory.Writer, Visible: true, Text: twin), cancel);
            // The answer ended an earlier alert; danger that is still there, or new, needs its own.
            if (twin is not null && reader.IsUrgent(twin)) await alerts.RaiseAsync(session, letterId, MatterHistory.Desk, again: true, cancel);
            return null;
        }, cancel);
    }
}
