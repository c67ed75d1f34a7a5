using System.Data.Common;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Answers;

/// <summary>A prepared answer (口径).</summary>
/// <param name="Id">The office's own key of it.</param>
/// <param name="Subject">A code of the scheme.</param>
/// <param name="Question">The question it answers.</param>
/// <param name="Alternatives">Further forms of the question.</param>
/// <param name="Answer">The answer, in Markdown.</param>
/// <param name="Basis">Its legal basis.</param>
/// <param name="Source">Where it can be checked.</param>
/// <param name="ReviewOn">The day by which it must be reviewed; past it, it is not proposed.</param>
public sealed record BankEntry(string Id, string Subject, string Question, IReadOnlyList<string> Alternatives, string Answer, string Basis, string Source, DateOnly ReviewOn);

/// <summary>The office's prepared answers, proposed to officers by the subject of a letter.</summary>
public sealed class AnswerBank(DeskStore store, OfficeDirectory offices, TimeProvider clock)
{
    private const string Columns = "SELECT id, subject, question, alternatives, answer, basis, source, review_on FROM bank_entries ";

    /// <summary>Adds entries, or replaces those of the same id.</summary>
    public async Task PutAsync(IReadOnlyList<BankEntry> entries, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        foreach (var entry in entries)
        {
            await session.ExecuteAsync(
                """
                INSERT INTO bank_entries (id, subject, question, alternatives, answer, basis, source, review_on) VALUES (@id, @subject, @question, @alternatives, @answer, @basis, @source, @review)
                ON CONFLICT (id) DO UPDATE SET subject = excluded.subject, question = excluded.question, alternatives = excluded.alternatives, answer = excluded.answer,
                    basis = excluded.basis, source = excluded.source, review_on = excluded.review_on
                """, cancel,
                ("id", entry.Id), ("subject", entry.Subject), ("question", entry.Question), ("alternatives", string.Join('\n', entry.Alternatives)), ("answer", entry.Answer),
                ("basis", entry.Basis), ("source", entry.Source), ("review", entry.ReviewOn.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        }

        await session.CommitAsync(cancel);
    }

    /// <summary>All entries, by subject.</summary>
    public async Task<IReadOnlyList<BankEntry>> ListAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(Columns + "ORDER BY subject, id", ReadEntry, cancel);
    }

    /// <summary>One entry by its id; null where there is none or it is past its review date.</summary>
    public async Task<BankEntry?> FindUsableAsync(string id, CancellationToken cancel)
    {
        var today = await TodayAsync(cancel);
        await using var session = await store.ReadAsync(cancel);
        return await session.FirstAsync(Columns + "WHERE id = @id AND review_on >= @today", ReadEntry, cancel, ("id", id), ("today", today));
    }

    /// <summary>Entries of a subject first, then of its neighbours under the same parent; none past their review date.</summary>
    internal async Task<List<BankEntry>> ForSubjectAsync(StoreSession session, string? subject, int most, CancellationToken cancel)
    {
        if (subject is null) return [];
        var today = await TodayAsync(cancel);
        var last = subject.LastIndexOf('.');
        return await session.QueryAsync(
            Columns + "WHERE review_on >= @today AND (subject = @subject OR subject LIKE @below OR subject LIKE @beside) ORDER BY CASE WHEN subject = @subject THEN 0 WHEN subject LIKE @below THEN 1 ELSE 2 END, id LIMIT @most",
            ReadEntry, cancel, ("today", today), ("subject", subject), ("below", subject + ".%"), ("beside", last < 0 ? subject : subject[..last] + ".%"), ("most", most));
    }

    private static BankEntry ReadEntry(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2),
        row.GetString(3).Split('\n', StringSplitOptions.RemoveEmptyEntries), row.GetString(4), row.GetString(5), row.GetString(6),
        DateOnly.ParseExact(row.GetString(7), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    // The office's own date: a prepared answer is not used on the morning after its last day.
    private async Task<string> TodayAsync(CancellationToken cancel) =>
        (await offices.GetAsync(cancel)).Calendar.DayOf(clock.GetUtcNow()).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
