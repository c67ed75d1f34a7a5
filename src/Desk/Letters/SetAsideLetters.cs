using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>A letter that the desk could not carry on.</summary>
/// <param name="Number">Its public number.</param>
/// <param name="Channel">The door it came through.</param>
/// <param name="Arrived">When it arrived.</param>
/// <param name="Reason">Why it was set aside: <c>seal-broken</c>, <c>redaction-failed</c> or <c>sorting-failed</c>; null for one that an older program set aside.</param>
public sealed record SetAsideLine(string Number, string Channel, DateTimeOffset Arrived, string? Reason);

/// <summary>
/// Letters that could not be redacted or sorted wait for a person of the intake, who opens the original (audited, with a reason) and
/// writes the redacted twin by hand. No other step sees them before. A letter about the intake waits for the supervision.
/// </summary>
public sealed class SetAsideLetters(DeskStore store, SealedLetters sealedLetters, LetterReader reader, OfficeDirectory offices, AuditLog audit, TimeProvider clock)
{
    private const string Theirs = "state = 'set-aside' AND (about_department = @about OR (CAST(@about AS TEXT) IS NULL AND (about_department IS NULL OR about_department <> @department)))";

    /// <summary>Lists the letters that wait, oldest first; nothing for anybody but those officers.</summary>
    public async Task<IReadOnlyList<SetAsideLine>> ListAsync(StaffMember officer, CancellationToken cancel)
    {
        var (about, refusal) = await MayAsync(officer, cancel);
        if (refusal is not null) return [];
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync("SELECT number, channel, arrived_at, (SELECT s.reason FROM stuck_letters s WHERE s.letter_id = letters.id) FROM letters WHERE " + Theirs + " ORDER BY id",
            row => new SetAsideLine(row.GetString(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.IsDBNull(3) ? null : row.GetString(3)), cancel, ("department", officer.Department), ("about", about));
    }

    /// <summary>Opens the words of one such letter; the audit line is durable first. Contact data stays sealed.</summary>
    public async Task<(OriginalText? Text, Refusal? Refusal)> OpenAsync(StaffMember officer, string number, string? reason, CancellationToken cancel)
    {
        if (Refusals.ForText(reason, LetterText.TitleLimit) is { } wrong) return (null, wrong);
        var (about, refusal) = await MayAsync(officer, cancel);
        if (refusal is not null) return (null, refusal);
        if (reader.RedactInside(reason!.Trim()) is not { } words) return (null, Refusal.CannotRedact);
        string? id;
        await using (var session = await store.WriteAsync(cancel))
        {
            id = await FindAsync(session, officer, about, number, cancel);
            if (id is null) return (null, Refusal.NotFound);
            await audit.WriteAsync(session, officer.Id, AuditLog.OriginalOpened, number, officer.Department, words, cancel);
            await MatterHistory.AppendAsync(session, id, clock.GetUtcNow(), new HistoryEntry(HistoryKind.OriginalOpened, officer.Id, Visible: true, officer.Department, Text: words), cancel);
            await session.CommitAsync(cancel);
        }

        try
        {
            await using var session = await store.ReadAsync(cancel);
            return await sealedLetters.OpenTextsAsync(session, id, cancel) is [var letter, ..] ? (letter, null) : (null, Refusal.NotFound);
        }
        catch (SealBrokenException)
        {
            return (null, Refusal.SealBroken);
        }
    }

    /// <summary>Stores the twin a person wrote; the letter goes on its way.</summary>
    public async Task<Refusal?> RedactAsync(StaffMember officer, string number, string? title, string? body, CancellationToken cancel)
    {
        if (Refusals.ForText(body, LetterText.BodyLimit) is { } wrong) return wrong;
        if (Refusals.ForText(title, LetterText.TitleLimit, required: false) is { } wrongTitle) return wrongTitle;
        var (about, refusal) = await MayAsync(officer, cancel);
        if (refusal is not null) return refusal;
        await using var session = await store.WriteAsync(cancel);
        var id = await FindAsync(session, officer, about, number, cancel);
        if (id is null) return Refusal.NotFound;
        await session.ExecuteAsync("UPDATE letters SET state = 'redacted', title = @title, place = '', body = @body WHERE id = @id AND state = 'set-aside'", cancel,
            ("title", title?.Trim() ?? ""), ("body", body!.Trim()), ("id", id));
        // The letter begins anew: what stopped it may have been in the words that are gone now.
        await StuckLetters.ForgetAsync(session, id, cancel);
        await audit.WriteAsync(session, officer.Id, "redacted-by-hand", number, officer.Department, null, cancel);
        await session.CommitAsync(cancel);
        return null;
    }

    private static Task<string?> FindAsync(StoreSession session, StaffMember officer, string? about, string number, CancellationToken cancel) =>
        session.TextAsync("SELECT id FROM letters WHERE number = @number AND " + Theirs, cancel, ("number", number), ("department", officer.Department), ("about", about));

    // The intake, for all letters but those about itself; for these the supervision, and for no others.
    private async Task<(string? About, Refusal? Refusal)> MayAsync(StaffMember officer, CancellationToken cancel)
    {
        if (officer.Role != Role.Officer) return (null, Refusal.NotYourRole);
        var office = await offices.GetAsync(cancel);
        if (string.Equals(officer.Department, office.Intake.Code, StringComparison.Ordinal)) return (null, null);
        return string.Equals(officer.Department, office.Supervision.Code, StringComparison.Ordinal) ? (office.Intake.Code, null) : (null, Refusal.OtherDepartment);
    }
}
