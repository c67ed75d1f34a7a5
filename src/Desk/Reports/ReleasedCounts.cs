using Opinion.Analysis.Suppression;
using Opinion.Desk.Offices;
using Opinion.Desk.Reports.Sections;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Reports;

/// <summary>
/// The true counts that released weeks were made from, with what was shown of them. A query of today would not find the same
/// after erasure or re-sorting, and what a new week may show depends on what was shown before. Nobody but a release reads them.
/// </summary>
internal static class ReleasedCounts
{
    // Weeks hang together only by the stock of open matters, over two cells that are never published. What is older than
    // this adds nothing that a reader could use; the auditor, which reads all weeks, is asked in the tests.
    private const int WeeksBefore = 4;

    /// <summary>Counts a week in all sections, suppresses all of it together with the weeks before, and keeps the counts.</summary>
    /// <exception cref="InvalidOperationException">Earlier weeks have given hidden cells away, so that nothing may be published; the message names the cells.</exception>
    public static async Task<Report> ReleaseAsync(StoreSession session, Office office, IsoWeek week, long from, long to, DateTimeOffset now, CancellationToken cancel)
    {
        var first = Earlier(week);
        var (cells, lines) = await ReadAsync(session, first, week.Previous, cancel);
        var cube = new CountCubeBuilder();
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (cell, _) in cells)
        {
            cube.Cell(cell.Key, cell.Release, cell.Count, cell.Distinct);
            known.Add(cell.Key, cell.Count);
        }

        var errata = await session.QueryAsync("SELECT text FROM report_errata WHERE found_at >= @from AND found_at < @to ORDER BY week, number", row => row.GetString(0), cancel, ("from", from), ("to", to));

        // The oldest week's stock hangs on a week that is not looked at any more.
        foreach (var line in lines.Where(line => line.Parts.Concat(line.Totals).All(known.ContainsKey))) cube.Line(line.Parts, line.Totals);
        var count = new WeekCount(session, office, week, from, to, cube, known);
        foreach (var section in ReportSections.All) await section.CountAsync(count, cancel);
        var result = CellSuppression.Suppress(cube.Released(cells.Select(pair => new PublishedCell(pair.Cell.Key, pair.Shown))).Build());
        if (!result.IsPublishable) throw new InvalidOperationException($"Week {week} cannot be released: earlier weeks leave too few values for {string.Join(", ", result.Exposed)}.");
        var shown = result.Cells.ToDictionary(cell => cell.Key, cell => cell.Count, StringComparer.Ordinal);
        foreach (var cell in count.Cells) await KeepAsync(session, week, cell, shown[cell.Key], cancel);
        await KeepAsync(session, week, count.Lines, cancel);
        return count.Publish(shown, now, errata);
    }

    /// <summary>The kept cells and lines of released weeks, both ends included.</summary>
    internal static async Task<(List<(CountCell Cell, long? Shown)> Cells, List<CountLine> Lines)> ReadAsync(StoreSession session, IsoWeek first, IsoWeek last, CancellationToken cancel)
    {
        SqlValue[] span = [("first", first.ToString()), ("last", last.ToString())];
        return (
            await session.QueryAsync("SELECT key, week, true_count, distinct_count, shown FROM released_cells WHERE week >= @first AND week <= @last ORDER BY key",
                row => (new CountCell(row.GetString(0), row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3)), row.IsDBNull(4) ? (long?)null : row.GetInt64(4)), cancel, span),
            await session.QueryAsync("SELECT parts, totals FROM released_lines WHERE week >= @first AND week <= @last ORDER BY week, position",
                row => new CountLine(Keys(row.GetString(0)), Keys(row.GetString(1))), cancel, span));
    }

    /// <summary>Keeps a cell with what is shown of it.</summary>
    internal static Task KeepAsync(StoreSession session, IsoWeek week, CountCell cell, long? shown, CancellationToken cancel) =>
        session.ExecuteAsync("INSERT INTO released_cells (key, week, true_count, distinct_count, shown) VALUES (@key, @week, @count, @distinct, @shown)", cancel,
            ("key", cell.Key), ("week", week.ToString()), ("count", cell.Count), ("distinct", cell.Distinct), ("shown", shown));

    /// <summary>Keeps lines behind those that are kept of the week already.</summary>
    internal static async Task KeepAsync(StoreSession session, IsoWeek week, IEnumerable<CountLine> lines, CancellationToken cancel)
    {
        var position = await session.CountAsync("SELECT COUNT(*) FROM released_lines WHERE week = @week", cancel, ("week", week.ToString()));
        foreach (var line in lines)
            await session.ExecuteAsync("INSERT INTO released_lines (week, position, parts, totals) VALUES (@week, @position, @parts, @totals)", cancel,
                ("week", week.ToString()), ("position", position++), ("parts", string.Join('\n', line.Parts)), ("totals", string.Join('\n', line.Totals)));
    }

    /// <summary>The first of the weeks before one that are looked at with it.</summary>
    internal static IsoWeek Earlier(IsoWeek week) => IsoWeek.Of(week.Monday.AddDays(-7 * WeeksBefore));

    /// <summary>The last of the weeks after one that look at it.</summary>
    internal static IsoWeek Later(IsoWeek week) => IsoWeek.Of(week.Monday.AddDays(7 * WeeksBefore));

    private static string[] Keys(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
