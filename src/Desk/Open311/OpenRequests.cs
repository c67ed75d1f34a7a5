using System.Data.Common;
using System.Globalization;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Open311;

/// <summary>A published matter as everybody may read it: redacted, agreed to by its writer, confirmed by an editor.</summary>
/// <param name="Number">Its public number: the letter's own where it came by this door and its sender was given it, else the published answer's.</param>
/// <param name="Open">Whether it was opened again.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Department">The department that answered.</param>
/// <param name="Title">The published title.</param>
/// <param name="Question">The published question.</param>
/// <param name="Answer">The published answer.</param>
/// <param name="AnswerNumber">The published answer's number.</param>
/// <param name="Arrived">The day it arrived; the hour would tell those who know the writer.</param>
/// <param name="PublishedOn">The day it was published.</param>
/// <param name="District">Its district, the finest place that is told; null where none was given.</param>
public sealed record OpenRequest(
    string Number, bool Open, string Subject, string Department, string Title, string Question, string Answer, string AnswerNumber, DateOnly Arrived, DateOnly PublishedOn, string? District);

/// <summary>Which published matters are asked for.</summary>
/// <param name="From">The first day of arrival.</param>
/// <param name="To">The last day of arrival.</param>
/// <param name="Services">Only these subjects; empty for all.</param>
/// <param name="Open">Only open or only closed ones; null for both.</param>
/// <param name="District">Only this district; null for all.</param>
/// <param name="Skip">How many of the newest to leave out.</param>
/// <param name="Take">The most that are wanted.</param>
public sealed record OpenQuery(DateOnly From, DateOnly To, IReadOnlyList<string> Services, bool? Open, string? District, int Skip, int Take);

/// <summary>
/// What of the casework this door tells. To everybody: published matters alone. To an application: the letter of a request
/// it sent. To whoever holds a receipt code: that letter. No other matter is in any list.
/// </summary>
public sealed class OpenRequests(DeskStore store, OfficeDirectory offices)
{
    private const string Published =
        """
        SELECT CASE WHEN o.key_id IS NULL THEN p.number ELSE l.number END, m.state, p.subject, p.department, p.title, p.question, p.answer, p.number, l.arrived_at, p.published_on, l.district
        FROM published_answers p JOIN answers a ON a.id = p.answer_id JOIN letters l ON l.id = a.letter_id JOIN matters m ON m.letter_id = l.id
        LEFT JOIN open311_requests o ON o.letter_id = l.id
        
        """;

    /// <summary>Lists published matters by their day of arrival, newest first.</summary>
    public async Task<IReadOnlyList<OpenRequest>> ListAsync(OpenQuery query, CancellationToken cancel)
    {
        var calendar = (await offices.GetAsync(cancel)).Calendar;
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            Published + """
            WHERE l.arrived_at >= @from AND l.arrived_at < @to AND (CAST(@state AS TEXT) IS NULL OR m.state = @state) AND (CAST(@district AS TEXT) IS NULL OR l.district = @district)
              AND (CAST(@services AS TEXT) IS NULL OR @services LIKE '%,' || p.subject || ',%')
            ORDER BY l.arrived_at DESC, p.number LIMIT @take OFFSET @skip
            """, row => Read(row, calendar), cancel,
            ("from", calendar.StartOf(query.From).ToUnixTimeMilliseconds()), ("to", calendar.EndOf(query.To).End.ToUnixTimeMilliseconds()),
            ("state", query.Open is null ? null : query.Open.Value ? "open" : "closed"), ("district", query.District),
            ("services", query.Services.Count == 0 ? null : "," + string.Join(',', query.Services) + ","), ("take", (long)query.Take), ("skip", (long)query.Skip));
    }

    /// <summary>Lists published matters by the day of their publication, newest first.</summary>
    public async Task<IReadOnlyList<OpenRequest>> AnswersAsync(OpenQuery query, CancellationToken cancel)
    {
        var calendar = (await offices.GetAsync(cancel)).Calendar;
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            Published + "WHERE p.published_on >= @from AND p.published_on <= @to AND (CAST(@district AS TEXT) IS NULL OR l.district = @district) ORDER BY p.published_on DESC, p.number LIMIT @take OFFSET @skip",
            row => Read(row, calendar), cancel, ("from", TextOf(query.From)), ("to", TextOf(query.To)), ("district", query.District), ("take", (long)query.Take), ("skip", (long)query.Skip));
    }

    /// <summary>One published matter by its public number; null where there is none.</summary>
    public async Task<OpenRequest?> FindAsync(string number, CancellationToken cancel)
    {
        var calendar = (await offices.GetAsync(cancel)).Calendar;
        await using var session = await store.ReadAsync(cancel);
        return await session.FirstAsync(Published + "WHERE p.number = @number AND o.key_id IS NULL", row => Read(row, calendar), cancel, ("number", number))
            ?? (session.IsPostgres
                ? await session.FirstAsync(Published + "WHERE l.id = (SELECT k.letter_id FROM letter_keys k WHERE k.number = @number) AND o.key_id IS NOT NULL", row => Read(row, calendar), cancel, ("number", number))
                : await session.FirstAsync(Published + "WHERE l.number = @number AND o.key_id IS NOT NULL", row => Read(row, calendar), cancel, ("number", number)));
    }

    /// <summary>The id inside the store of a request that an application sent itself; null for any other.</summary>
    public async Task<string?> OwnAsync(long application, string number, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return session.IsPostgres
            ? await session.TextAsync("SELECT o.letter_id FROM letter_keys k JOIN open311_requests o ON o.letter_id = k.letter_id WHERE k.number = @number AND o.key_id = @key", cancel, ("number", number), ("key", application))
            : await session.TextAsync("SELECT o.letter_id FROM letters l JOIN open311_requests o ON o.letter_id = l.id WHERE l.number = @number AND o.key_id = @key", cancel, ("number", number), ("key", application));
    }

    /// <summary>The subject the sender of a letter chose; null where there is none.</summary>
    public async Task<string?> ServiceAsync(string letterId, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.TextAsync("SELECT service FROM open311_requests WHERE letter_id = @letter", cancel, ("letter", letterId));
    }

    /// <summary>The public number of the letter a receipt belongs to; null where there is none.</summary>
    public async Task<string?> NumberOfAsync(ReceiptCode code, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return session.IsPostgres
            ? await session.TextAsync("SELECT number FROM letter_keys WHERE receipt_hash = @hash", cancel, ("hash", code.Hash))
            : await session.TextAsync("SELECT number FROM letters WHERE receipt_hash = @hash", cancel, ("hash", code.Hash));
    }

    /// <summary>The public number a token leads to.</summary>
    /// <param name="token">The token.</param>
    /// <param name="assigned">Whether a number is given only once the letter is assigned.</param>
    /// <param name="cancel">Cancels the read.</param>
    /// <returns>Whether there is such a token, and its number; null where it is not given yet.</returns>
    public async Task<(bool Known, string? Number)> TokenAsync(string token, bool assigned, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        var found = await session.FirstAsync("SELECT l.number, l.state FROM letters l JOIN open311_requests o ON o.letter_id = l.id WHERE o.token = @token",
            row => (string[])[row.GetString(0), row.GetString(1)], cancel, ("token", token));
        return found is null ? (false, null) : (true, assigned && found[1] is not ("assigned" or "withdrawn") ? null : found[0]);
    }

    private static OpenRequest Read(DbDataReader row, Deadlines.WorkingCalendar calendar) => new(
        row.GetString(0), row.GetString(1) == "open", row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7),
        calendar.DayOf(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8))), DateOnly.ParseExact(row.GetString(9), "yyyy-MM-dd", CultureInfo.InvariantCulture), row.IsDBNull(10) ? null : row.GetString(10));

    private static string TextOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
