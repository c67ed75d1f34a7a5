using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Analysis.Suppression;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Reports;

/// <summary>One line of a published table; the count is null where it is hidden.</summary>
public sealed record ReportRow(string Key, long? Count);

/// <summary>One published table.</summary>
public sealed record ReportTable(string Name, IReadOnlyList<ReportRow> Rows);

/// <summary>One published figure with the formula it comes from; the value is null where it is hidden.</summary>
public sealed record ReportMeasure(string Name, long? Value, string Formula);

/// <summary>The weekly report as published: the same for leadership, press and public.</summary>
/// <param name="Week">The ISO week, such as 2026-W46.</param>
/// <param name="Released">When it was released, UTC.</param>
/// <param name="Received">Letters that arrived in the week, rounded to 5; null below ten.</param>
/// <param name="Tables">Counts by subject.</param>
/// <param name="Measures">What is open and overdue at the week's end. They cannot be left out.</param>
/// <param name="Errata">What was found wrong since.</param>
public sealed record Report(string Week, DateTimeOffset Released, long? Received, IReadOnlyList<ReportTable> Tables, IReadOnlyList<ReportMeasure> Measures, IReadOnlyList<string> Errata);

/// <summary>
/// The one weekly report in its first form. It takes no parameter but the week: there is no edition for anybody, and no
/// section can be left out. A week is computed once, after it has ended, passes the suppression, and is frozen as released.
/// </summary>
public sealed class WeeklyReport(DeskStore store, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>The released weeks, newest first.</summary>
    public async Task<IReadOnlyList<string>> WeeksAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync("SELECT week FROM released_weeks ORDER BY week DESC", row => row.GetString(0), cancel);
    }

    /// <summary>A released week as it was released; null where it was not.</summary>
    public async Task<Report?> FindAsync(IsoWeek week, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.TextAsync("SELECT report FROM released_weeks WHERE week = @week", cancel, ("week", week.ToString())) is { } json
            ? JsonSerializer.Deserialize(json, ReportJson.Default.Report)
            : null;
    }

    /// <summary>Releases a week that has ended; one that is released already is returned as it was. Null for a week that has not ended.</summary>
    public async Task<Report?> ReleaseAsync(IsoWeek week, CancellationToken cancel)
    {
        var office = await offices.GetAsync(cancel);
        var (from, to) = (office.Calendar.StartOf(week.Monday), office.Calendar.StartOf(week.Next.Monday));
        if (clock.GetUtcNow() < to) return null;
        if (await FindAsync(week, cancel) is { } released) return released;
        await using (var session = await store.WriteAsync(cancel))
        {
            var report = await ComputeAsync(session, office, week, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), cancel);
            await session.ExecuteAsync("INSERT INTO released_weeks (week, released_at, report) VALUES (@week, @at, @report) ON CONFLICT DO NOTHING", cancel,
                ("week", week.ToString()), ("at", report.Released.ToUnixTimeMilliseconds()), ("report", JsonSerializer.Serialize(report, ReportJson.Default.Report)));
            await session.CommitAsync(cancel);
        }

        return await FindAsync(week, cancel);
    }

    /// <summary>Releases every week that has ended since the first letter, oldest first, and says how many.</summary>
    public async Task<int> ReleaseDueAsync(CancellationToken cancel)
    {
        var office = await offices.GetAsync(cancel);
        long first;
        await using (var session = await store.ReadAsync(cancel))
        {
            // Weeks before the last released one were decided when it was released.
            var last = await session.TextAsync("SELECT MAX(week) FROM released_weeks", cancel);
            first = IsoWeek.Parse(last) is { } known
                ? office.Calendar.StartOf(known.Next.Monday).ToUnixTimeMilliseconds()
                : await session.CountAsync("SELECT MIN(arrived_at) FROM letters", cancel);
        }

        var count = 0;
        if (first == 0) return count;
        var today = office.Calendar.DayOf(clock.GetUtcNow());
        for (var week = IsoWeek.Of(office.Calendar.DayOf(DateTimeOffset.FromUnixTimeMilliseconds(first))); week.Next.Monday <= today; week = week.Next)
        {
            if (await ReleaseAsync(week, cancel) is not null) count++;
        }

        return count;
    }

    private async Task<Report> ComputeAsync(StoreSession session, Office office, IsoWeek week, long from, long to, CancellationToken cancel)
    {
        SqlValue[] span = [("from", from), ("to", to)];
        // A letter's id begins with its moment of arrival, so the letters themselves need not be read for it.
        SqlValue[] stock = [("to", to), ("before", to.ToString("x12", System.Globalization.CultureInfo.InvariantCulture))];
        var subjects = await session.QueryAsync("SELECT subject, COUNT(*) FROM letters WHERE arrived_at >= @from AND arrived_at < @to GROUP BY subject",
            row => (Subject: row.IsDBNull(0) ? null : row.GetString(0), Count: row.GetInt64(1)), cancel, span);
        // Every top subject has its line, with or without letters: a missing line would tell a count of zero.
        var tops = office.Scheme.Subjects.Where(subject => subject.Parent is null).Select(subject => new TrueCount(subject.Code,
            subjects.Where(pair => pair.Subject is not null && office.Scheme.PathOf(pair.Subject) is [var top, ..] && top.Code == subject.Code).Sum(pair => pair.Count))).ToList();
        var open = await session.CountAsync("SELECT COUNT(*) FROM matters m WHERE m.letter_id < @before AND (m.closed_at IS NULL OR m.closed_at >= @to)", cancel, stock);
        var overdue = await session.CountAsync("SELECT COUNT(*) FROM matters m WHERE m.letter_id < @before AND (m.closed_at IS NULL OR m.closed_at >= @to) AND m.deadline_at <= @to", cancel, stock);
        return new Report(week.ToString(), clock.GetUtcNow(), null,
            [new ReportTable("received-by-subject", [.. CountTable.Suppress(tops).Select(row => new ReportRow(row.Key, row.Count))])],
            [
                new ReportMeasure("open", Shown(open), "matters not closed at the end of the week"),
                new ReportMeasure("overdue", Shown(overdue), "open matters whose deadline was past at the end of the week"),
            ], []);
    }

    // The total of received letters, or of closed matters beside the open ones of two weeks, would let hidden cells of the
    // table be computed; they come with the suppression of several tables and weeks at once.
    private static long? Shown(long count) => count < CountTable.Threshold ? null : CountTable.Round(count);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
