using System.Globalization;
using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Answers;

/// <summary>An answer waiting for the duty editor.</summary>
public sealed record ReviewLine(long AnswerId, string Title, string Department, string Subject, DateTimeOffset WrittenAt);

/// <summary>What the editor reviews: the redacted question and the redacted answer. The editor, too, sees no personal data.</summary>
/// <param name="AnswerId">The answer's id.</param>
/// <param name="Title">The redacted title.</param>
/// <param name="Question">The redacted letter.</param>
/// <param name="RedactedAnswer">The answer with personal data hidden.</param>
/// <param name="Subject">The letter's subject.</param>
/// <param name="Department">The department that answered.</param>
/// <param name="Disposition">How the matter ended.</param>
public sealed record ReviewView(long AnswerId, string Title, string Question, string RedactedAnswer, string Subject, string Department, string Disposition);

/// <summary>The duty editor's review: nothing is published without it, and only what the writer agreed to.</summary>
public sealed class ReviewAnswers(DeskStore store, LetterReader reader, PublishedAnswers published, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>Answers waiting for review, the oldest first; nothing for other roles.</summary>
    public async Task<IReadOnlyList<ReviewLine>> ListAsync(StaffMember editor, CancellationToken cancel)
    {
        if (editor.Role != Role.Editor) return [];
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            "SELECT a.id, l.title, l.body, a.department, l.subject, a.written_at FROM answers a JOIN letters l ON l.id = a.letter_id WHERE a.review = 'waiting' AND l.publish = 1 ORDER BY a.written_at, a.id",
            row => new ReviewLine(row.GetInt64(0), row.GetString(1).Length > 0 ? row.GetString(1) : ListQueue.Opening(row.GetString(2)), row.GetString(3), row.GetString(4), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5))), cancel);
    }

    /// <summary>Opens one answer under review.</summary>
    public async Task<(ReviewView? View, Refusal? Refusal)> OpenAsync(StaffMember editor, long answerId, CancellationToken cancel)
    {
        if (editor.Role != Role.Editor) return (null, Refusal.NotYourRole);
        await using var session = await store.ReadAsync(cancel);
        var view = await session.FirstAsync(
            "SELECT l.title, l.body, a.text, l.subject, a.department, a.disposition FROM answers a JOIN letters l ON l.id = a.letter_id WHERE a.id = @id AND a.review = 'waiting' AND l.publish = 1",
            row => new ReviewView(answerId, row.GetString(0).Length > 0 ? row.GetString(0) : ListQueue.Opening(row.GetString(1)), row.GetString(1), reader.Redact(row.GetString(2)) ?? "", row.GetString(3), row.GetString(4), row.GetString(5)),
            cancel, ("id", answerId));
        return view is null ? (null, Refusal.NotWaiting) : (view, null);
    }

    /// <summary>Publishes an answer as the editor has confirmed it. The texts are redacted once more, so that nothing slips in by hand.</summary>
    public async Task<Refusal?> PublishAsync(StaffMember editor, long answerId, string? title, string? question, string? answer, CancellationToken cancel)
    {
        if (editor.Role != Role.Editor) return Refusal.NotYourRole;
        if ((Refusals.ForText(title, LetterText.TitleLimit) ?? Refusals.ForText(question, LetterText.BodyLimit) ?? Refusals.ForText(answer, LetterText.ReplyLimit)) is { } wrong) return wrong;
        if (!reader.CanRedact) return Refusal.CannotRedact;
        var office = await offices.GetAsync(cancel);
        await using var session = await store.WriteAsync(cancel);
        var found = await FindAsync(session, answerId, cancel);
        if (found is null) return Refusal.NotWaiting;
        var now = clock.GetUtcNow();
        var number = ReceiptCode.RandomNumber();
        var (shownTitle, shownQuestion, shownAnswer) = (reader.Redact(title!.Trim())!, reader.Redact(question!.Trim())!, reader.Redact(answer!.Trim())!);
        // After a dispute the new answer takes the place of the one published before.
        await PublishedAnswers.TakeBackAsync(session, found.LetterId, cancel);
        await session.ExecuteAsync("UPDATE answers SET review = 'published', reviewed_by = @by, reviewed_at = @now WHERE id = @id", cancel, ("by", editor.Id), ("now", now.ToUnixTimeMilliseconds()), ("id", answerId));
        await session.ExecuteAsync("INSERT INTO published_answers (answer_id, number, subject, department, title, question, answer, published_on) VALUES (@id, @number, @subject, @department, @title, @question, @answer, @day)", cancel,
            ("id", answerId), ("number", number), ("subject", found.Subject), ("department", found.Department), ("title", shownTitle), ("question", shownQuestion), ("answer", shownAnswer),
            ("day", office.Calendar.DayOf(now).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        await published.IndexAsync(session, answerId, PublishedAnswers.TextOf(shownTitle, shownQuestion, shownAnswer), cancel);
        await MatterHistory.AppendAsync(session, found.LetterId, now, new HistoryEntry(HistoryKind.Published, editor.Id, Visible: true, Detail: number), cancel);
        await session.CommitAsync(cancel);
        return null;
    }

    /// <summary>Gives an answer back to the officer with a reason: the matter opens again for a better answer. The writer has the old one and is told that it is being revised.</summary>
    public async Task<Refusal?> ReturnAsync(StaffMember editor, long answerId, string? reason, CancellationToken cancel)
    {
        if (editor.Role != Role.Editor) return Refusal.NotYourRole;
        if (Refusals.ForText(reason, LetterText.ReplyLimit) is { } wrong) return wrong;
        await using var session = await store.WriteAsync(cancel);
        var found = await FindAsync(session, answerId, cancel);
        if (found is null) return Refusal.NotWaiting;
        var now = clock.GetUtcNow();
        await session.ExecuteAsync("UPDATE answers SET review = 'returned', reviewed_by = @by, reviewed_at = @now WHERE id = @id", cancel, ("by", editor.Id), ("now", now.ToUnixTimeMilliseconds()), ("id", answerId));
        await session.ExecuteAsync("UPDATE matters SET state = 'open', disposition = NULL, closed_at = NULL WHERE letter_id = @letter", cancel, ("letter", found.LetterId));
        await MatterHistory.AppendAsync(session, found.LetterId, now, new HistoryEntry(HistoryKind.Returned, editor.Id, Visible: true), cancel);
        await MatterHistory.AppendAsync(session, found.LetterId, now, new HistoryEntry(HistoryKind.Note, editor.Id, Visible: false, Text: reason!.Trim()), cancel);
        await session.CommitAsync(cancel);
        return null;
    }

    private static Task<Waiting?> FindAsync(StoreSession session, long answerId, CancellationToken cancel) => session.FirstAsync(
        "SELECT a.letter_id, l.subject, a.department FROM answers a JOIN letters l ON l.id = a.letter_id WHERE a.id = @id AND a.review = 'waiting' AND l.publish = 1",
        row => new Waiting(row.GetString(0), row.GetString(1), row.GetString(2)), cancel, ("id", answerId));

    private sealed record Waiting(string LetterId, string Subject, string Department);
}
