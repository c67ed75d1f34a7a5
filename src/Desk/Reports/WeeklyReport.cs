using System.Text.Json;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Reports;

/// <summary>
/// The one weekly report. It takes no parameter but the week: there is no edition for anybody, and no
/// section can be left out: they stand in code (<see cref="Sections.ReportSections"/>). A week is computed once, after it has ended, passes the suppression, and is frozen as released.
/// </summary>
public sealed class WeeklyReport(DeskStore store, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>The released weeks, newest first.</summary>
    public async Task<IReadOnlyList<string>> WeeksAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync("SELECT week FROM released_weeks ORDER BY week DESC", row => row.GetString(0), cancel);
    }

    /// <summary>A released week as it was released, with what was found wrong in it since; null where it was not.</summary>
    public async Task<Report?> FindAsync(IsoWeek week, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        if (await session.TextAsync("SELECT report FROM released_weeks WHERE week = @week", cancel, ("week", week.ToString())) is not { } json
            || JsonSerializer.Deserialize(json, ReportJson.Default.Report) is not { } report) return null;
        var found = await session.QueryAsync("SELECT text FROM report_errata WHERE week = @week ORDER BY number", row => row.GetString(0), cancel, ("week", week.ToString()));
        return found.Count == 0 ? report : report with { Errata = [.. report.Errata, .. found.Except(report.Errata)] };
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
            // Two programs may come here at once; the second finds what the first did.
            if (await session.TextAsync("SELECT week FROM released_weeks WHERE week = @week", cancel, ("week", week.ToString())) is null)
            {
                var report = await ReleasedCounts.ReleaseAsync(session, office, week, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), clock.GetUtcNow(), cancel);
                await session.ExecuteAsync("INSERT INTO released_weeks (week, released_at, report) VALUES (@week, @at, @report)", cancel,
                    ("week", week.ToString()), ("at", report.Released.ToUnixTimeMilliseconds()), ("report", JsonSerializer.Serialize(report, ReportJson.Default.Report)));
            }

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
}
