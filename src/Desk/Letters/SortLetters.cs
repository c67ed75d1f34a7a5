using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Analysis.Classification;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Search;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>
/// The third step of a letter's way: subject, need and department, from the redacted twin alone, each with its confidence
/// and the words that led to it. What the desk is not sure of goes to the intake, where a person sorts it. From here on the
/// letter can be found by its department.
/// </summary>
public sealed class SortLetters(DeskStore store, OfficeDirectory offices, LetterReader reader, DutyAlerts alerts, LetterIndex index, StuckLetters stuck, TimeProvider clock)
{
    /// <summary>Sorts and assigns the oldest letters that wait. One that cannot be sorted is tried again, at last set aside for a person, and the others go on.</summary>
    /// <returns>How many were tried, and how many of them became matters.</returns>
    public async Task<(int Tried, int Assigned)> HandleAsync(int most, CancellationToken cancel)
    {
        if (!reader.CanSort) return (0, 0);
        var office = await offices.GetAsync(cancel);
        var assigned = 0;
        var tried = await stuck.TakeOnAsync(
            async letter =>
            {
                var sorted = await SortAsync(office, letter, most, cancel);
                assigned += sorted;
                return sorted;
            },
            async () =>
            {
                await using var session = await store.ReadAsync(cancel);
                return await session.QueryAsync("SELECT id FROM letters WHERE state = 'redacted'" + StuckLetters.MayTry + "ORDER BY id LIMIT @most", row => row.GetString(0), cancel, [("most", most), .. stuck.Now]);
            },
            StuckLetters.SortingFailed, cancel);
        return (tried, assigned);
    }

    private async Task<int> SortAsync(Office office, string? only, int most, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        var waiting = await session.QueryAsync(
            "SELECT id, title, body, arrived_at, about_department FROM letters WHERE state = 'redacted' AND (CAST(@only AS TEXT) IS NULL OR id = @only)" + StuckLetters.MayTry + "ORDER BY id LIMIT @most",
            row => new Waiting(row.GetString(0), row.GetString(1), row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), row.IsDBNull(4) ? null : row.GetString(4)), cancel,
            [("only", only), ("most", most), .. stuck.Now]);
        if (waiting.Count == 0) return 0;
        // What the writer added meanwhile belongs to the letter: danger in it must not wait.
        var ids = waiting.Select(letter => letter.Id).ToArray();
        var added = (session.IsPostgres
            ? await session.QueryAsync("SELECT letter_id, text FROM matter_events WHERE letter_id = ANY(@ids) AND kind = 'writer-added' AND text IS NOT NULL ORDER BY id", ReadAdded, cancel, ("ids", ids))
            : await session.QueryAsync("SELECT letter_id, text FROM matter_events WHERE letter_id IN (SELECT value FROM json_each(@ids)) AND kind = 'writer-added' AND text IS NOT NULL ORDER BY id", ReadAdded, cancel,
                ("ids", JsonSerializer.Serialize(ids, LetterIdsJson.Default.StringArray)))).ToLookup(line => line.Letter, line => line.Text, StringComparer.Ordinal);
        var sorted = waiting.AsParallel().AsOrdered().Select(letter =>
        {
            var text = string.Join('\n', [letter.Title, letter.Body, .. added[letter.Id]]);
            return Assign(office, letter, reader.SubjectOf(text, office), reader.NeedOf(text));
        }).ToList();
        await StoreAsync(session, sorted, cancel);
        foreach (var letter in sorted.Where(letter => letter.Urgent)) await alerts.RaiseAsync(session, letter.Id, MatterHistory.Desk, again: false, cancel);
        await index.AddAsync(session, [.. waiting.Select(letter => new IndexedLetter(letter.Id, letter.Arrived, letter.Title, letter.Body))], cancel);
        await StuckLetters.ForgetMovedAsync(session, cancel);
        await session.CommitAsync(cancel);
        return sorted.Count;
    }

    private Assigned Assign(Office office, Waiting letter, SubjectSorting subject, NeedResult need)
    {
        var urgent = need.Need == Need.UrgentDanger && clock.GetUtcNow() - letter.Arrived < DutyAlerts.Recent;
        var department = office.ResponsibleFor(subject.Subject, letter.About);
        // Help comes first: what is urgent is due on the day it arrived.
        var deadline = office.Calendar.DeadlineFor(letter.Arrived, urgent ? 0 : office.Scheme.DaysOf(subject.Subject));
        return new Assigned(letter.Id, subject, need, urgent, department.Code, deadline.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), deadline.End.ToUnixTimeMilliseconds());
    }

    private async Task StoreAsync(StoreSession session, List<Assigned> letters, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var ids = letters.Select(letter => letter.Id).ToArray();
        var batch = session.Batch();
        batch.AddRows(
            """
            UPDATE letters SET state = 'assigned', subject = @subject, subject_confidence = @confidence, subject_words = @words,
                   need = @need, need_confidence = @needConfidence, need_words = @needWords, sorted_by = 'machine' WHERE id = @id
            """,
            """
            UPDATE letters SET state = 'assigned', subject = rows.subject, subject_confidence = rows.confidence, subject_words = rows.words,
                   need = rows.need, need_confidence = rows.need_confidence, need_words = rows.need_words, sorted_by = 'machine'
            FROM unnest(@id, @subject, @confidence, @words, @need, @needConfidence, @needWords) AS rows (id, subject, confidence, words, need, need_confidence, need_words)
            WHERE letters.id = rows.id AND letters.id >= (@id)[1] AND letters.id <= (@id)[cardinality(@id)]
            """,
            ("id", ids), ("subject", letters.Select(letter => letter.Subject.Subject).ToArray()), ("confidence", letters.Select(letter => letter.Subject.Confidence).ToArray()),
            ("words", letters.Select(letter => string.Join(' ', letter.Subject.Words)).ToArray()), ("need", letters.Select(letter => letter.Need.Need.NameOf()).ToArray()),
            ("needConfidence", letters.Select(letter => letter.Need.Confidence).ToArray()),
            ("needWords", letters.Select(letter => string.Join(' ', letter.Need.Reasons.Select(reason => reason.Word).Take(6))).ToArray()));
        batch.AddRows(
            "INSERT INTO matters (letter_id, department, state, urgent, deadline, deadline_at, opened_at) VALUES (@letter, @department, 'open', 0, @day, @end, @now)",
            """
            INSERT INTO matters (letter_id, department, state, urgent, deadline, deadline_at, opened_at)
            SELECT letter, department, 'open', 0, day, end_at, now FROM unnest(@letter, @department, @day, @end, @now) AS rows (letter, department, day, end_at, now)
            """,
            ("letter", ids), ("department", letters.Select(letter => letter.Department).ToArray()), ("day", letters.Select(letter => letter.Day).ToArray()),
            ("end", letters.Select(letter => letter.End).ToArray()), ("now", letters.Select(_ => now.ToUnixTimeMilliseconds()).ToArray()));
        MatterHistory.Append(batch, [.. letters.Select(letter => (letter.Id, now, (string?)null, letter.Subject.Subject))], HistoryKind.Sorted, MatterHistory.Desk);
        MatterHistory.Append(batch, [.. letters.Select(letter => (letter.Id, now, (string?)letter.Department, (string?)letter.Day))], HistoryKind.Assigned, MatterHistory.Desk);
        await batch.ExecuteAsync(cancel);
    }

    private static (string Letter, string Text) ReadAdded(System.Data.Common.DbDataReader row) => (row.GetString(0), row.GetString(1));

    private sealed record Waiting(string Id, string Title, string Body, DateTimeOffset Arrived, string? About);

    private sealed record Assigned(string Id, SubjectSorting Subject, NeedResult Need, bool Urgent, string Department, string Day, long End);
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class LetterIdsJson : JsonSerializerContext;
