using System.Data.Common;
using System.Globalization;
using Opinion.Desk.Search;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Answers;

/// <summary>A published answer: redacted, agreed to by its writer, confirmed by an editor. It carries no number of the letter.</summary>
public sealed record PublishedAnswer(string Number, string Subject, string Department, string Title, string Question, string Answer, DateOnly PublishedOn);

/// <summary>One page of published answers.</summary>
public sealed record PublishedPage(IReadOnlyList<PublishedAnswer> Answers, bool More);

/// <summary>Reads and searches what is published. The words of a search are kept nowhere.</summary>
public sealed class PublishedAnswers(DeskStore store, SearchTokens tokens)
{
    /// <summary>Answers on one page.</summary>
    public const int PageSize = 20;

    private const string Columns = "SELECT p.number, p.subject, p.department, p.title, p.question, p.answer, p.published_on FROM published_answers p ";

    /// <summary>Searches, or lists the newest where there is nothing to search for.</summary>
    /// <param name="words">What to search for; every word must stand in the question or the answer.</param>
    /// <param name="subject">Only this subject and those below it; null for all.</param>
    /// <param name="page">The page, counted from 0.</param>
    /// <param name="cancel">Cancels the read.</param>
    public async Task<PublishedPage> SearchAsync(string? words, string? subject, int page, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        SqlValue[] values = [("subject", subject), ("below", subject is null ? null : subject + ".%"), ("take", PageSize + 1), ("skip", page * PageSize), ("query", Query(words, session.IsPostgres))];
        List<PublishedAnswer> found;
        if (string.IsNullOrWhiteSpace(words))
            found = await session.QueryAsync(Columns + "WHERE (CAST(@subject AS TEXT) IS NULL OR p.subject = @subject OR p.subject LIKE @below) ORDER BY p.published_on DESC, p.number LIMIT @take OFFSET @skip", ReadAnswer, cancel, values);
        else if (values[^1].Value is null)
            found = [];
        else if (session.IsPostgres)
            found = await session.QueryAsync(
                Columns + "JOIN published_search s ON s.answer_id = p.answer_id, CAST(@query AS tsquery) q WHERE s.tokens @@ q AND (CAST(@subject AS TEXT) IS NULL OR p.subject = @subject OR p.subject LIKE @below) ORDER BY ts_rank(s.tokens, q) DESC, p.number LIMIT @take OFFSET @skip",
                ReadAnswer, cancel, values);
        else
            found = await session.QueryAsync(
                Columns + "JOIN published_search s ON s.rowid = p.answer_id WHERE s.tokens MATCH @query AND (CAST(@subject AS TEXT) IS NULL OR p.subject = @subject OR p.subject LIKE @below) ORDER BY s.rank, p.number LIMIT @take OFFSET @skip",
                ReadAnswer, cancel, values);
        return new PublishedPage([.. found.Take(PageSize)], found.Count > PageSize);
    }

    /// <summary>One published answer; null where there is none of this number.</summary>
    public async Task<PublishedAnswer?> FindAsync(string number, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.FirstAsync(Columns + "WHERE p.number = @number", ReadAnswer, cancel, ("number", number));
    }

    /// <summary>Takes back what is published of a letter.</summary>
    /// <returns>Whether anything was.</returns>
    internal static async Task<bool> TakeBackAsync(StoreSession session, string letterId, CancellationToken cancel)
    {
        // On PostgreSQL the index of an answer goes with it.
        if (!session.IsPostgres)
            await session.ExecuteAsync("DELETE FROM published_search WHERE rowid IN (SELECT p.answer_id FROM published_answers p JOIN answers a ON a.id = p.answer_id WHERE a.letter_id = @letter)", cancel, ("letter", letterId));
        await session.ExecuteAsync("UPDATE answers SET review = 'not-asked' WHERE letter_id = @letter AND review = 'published'", cancel, ("letter", letterId));
        return await session.ExecuteAsync("DELETE FROM published_answers WHERE answer_id IN (SELECT id FROM answers WHERE letter_id = @letter)", cancel, ("letter", letterId)) > 0;
    }

    /// <summary>Makes an answer findable by the segmenter's search tokens of its texts.</summary>
    internal async Task IndexAsync(StoreSession session, long answerId, string text, CancellationToken cancel)
    {
        if (session.IsPostgres)
            await session.ExecuteAsync("INSERT INTO published_search (answer_id, tokens) VALUES (@id, array_to_tsvector(@tokens))", cancel, ("id", answerId), ("tokens", tokens.Of(text).Select(token => token.Word).Distinct(StringComparer.Ordinal).ToArray()));
        else
            await session.ExecuteAsync("INSERT INTO published_search (rowid, tokens) VALUES (@id, @tokens)", cancel, ("id", answerId), ("tokens", string.Join(' ', tokens.Of(text).Select(token => token.Word))));
    }

    /// <summary>Makes the index of all published answers anew, in one transaction.</summary>
    internal async Task RebuildSearchAsync(CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync("DELETE FROM published_search", cancel);
        foreach (var (id, text) in await session.QueryAsync("SELECT answer_id, title, question, answer FROM published_answers ORDER BY answer_id",
            row => (row.GetInt64(0), TextOf(row.GetString(1), row.GetString(2), row.GetString(3))), cancel)) await IndexAsync(session, id, text, cancel);
        await session.CommitAsync(cancel);
    }

    /// <summary>The text by which an answer is found.</summary>
    internal static string TextOf(string title, string question, string answer) => string.Join('\n', title, question, answer);

    private string? Query(string? words, bool postgres) => tokens.OfSearch(words) is { Count: > 0 } found ? new MatchText(postgres).All(found) : null;

    private static PublishedAnswer ReadAnswer(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
        DateOnly.ParseExact(row.GetString(6), "yyyy-MM-dd", CultureInfo.InvariantCulture));
}
