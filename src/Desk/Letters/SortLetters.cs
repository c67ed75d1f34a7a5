using System.Globalization;
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
        var added = (await session.QueryAsync(
            "SELECT e.letter_id, e.text FROM matter_events e JOIN letters l ON l.id = e.letter_id WHERE l.state = 'redacted' AND e.kind = 'writer-added' AND e.text IS NOT NULL ORDER BY e.id",
            row => (Letter: row.GetString(0), Text: row.GetString(1)), cancel)).ToLookup(line => line.Letter, line => line.Text, StringComparer.Ordinal);
        var sorted = waiting.AsParallel().AsOrdered().Select(letter =>
        {
            var text = string.Join('\n', [letter.Title, letter.Body, .. added[letter.Id]]);
            return (Letter: letter, Subject: reader.SubjectOf(text, office), Need: reader.NeedOf(text));
        }).ToList();
        foreach (var (letter, subject, need) in sorted) await AssignAsync(session, office, letter, subject, need, cancel);
        await index.AddAsync(session, [.. waiting.Select(letter => new IndexedLetter(letter.Id, letter.Arrived, letter.Title, letter.Body))], cancel);
        await StuckLetters.ForgetMovedAsync(session, cancel);
        await session.CommitAsync(cancel);
        return sorted.Count;
    }

    private async Task AssignAsync(StoreSession session, Office office, Waiting letter, SubjectSorting subject, NeedResult need, CancellationToken cancel)
    {
        var urgent = need.Need == Need.UrgentDanger && clock.GetUtcNow() - letter.Arrived < DutyAlerts.Recent;
        var department = office.ResponsibleFor(subject.Subject, letter.About);
        // Help comes first: what is urgent is due on the day it arrived.
        var deadline = office.Calendar.DeadlineFor(letter.Arrived, urgent ? 0 : office.Scheme.DaysOf(subject.Subject));
        var day = deadline.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var now = clock.GetUtcNow();
        await session.ExecuteAsync(
            """
            UPDATE letters SET state = 'assigned', subject = @subject, subject_confidence = @confidence, subject_words = @words,
                   need = @need, need_confidence = @needConfidence, need_words = @needWords, sorted_by = 'machine' WHERE id = @id
            """, cancel,
            ("subject", subject.Subject), ("confidence", subject.Confidence), ("words", string.Join(' ', subject.Words)),
            ("need", need.Need.NameOf()), ("needConfidence", need.Confidence), ("needWords", string.Join(' ', need.Reasons.Select(reason => reason.Word).Take(6))), ("id", letter.Id));
        await session.ExecuteAsync(
            "INSERT INTO matters (letter_id, department, state, urgent, deadline, deadline_at, opened_at) VALUES (@letter, @department, 'open', 0, @day, @end, @now)", cancel,
            ("letter", letter.Id), ("department", department.Code), ("day", day), ("end", deadline.End.ToUnixTimeMilliseconds()), ("now", now.ToUnixTimeMilliseconds()));
        await MatterHistory.AppendAsync(session, letter.Id, now, new HistoryEntry(HistoryKind.Sorted, MatterHistory.Desk, Visible: true, Detail: subject.Subject), cancel);
        await MatterHistory.AppendAsync(session, letter.Id, now, new HistoryEntry(HistoryKind.Assigned, MatterHistory.Desk, Visible: true, department.Code, day), cancel);
        if (urgent) await alerts.RaiseAsync(session, letter.Id, MatterHistory.Desk, again: false, cancel);
    }

    private sealed record Waiting(string Id, string Title, string Body, DateTimeOffset Arrived, string? About);
}
