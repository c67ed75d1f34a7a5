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
        var first = week;
        for (var i = 0; i < WeeksBefore; i++) first = first.Previous;
        SqlValue[] span = [("first", first.ToString()), ("week", week.ToString())];
        var cells = await session.QueryAsync("SELECT key, week, true_count, distinct_count, shown FROM released_cells WHERE week >= @first AND week < @week ORDER BY key",
            row => (Cell: new CountCell(row.GetString(0), row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3)), Shown: row.IsDBNull(4) ? (long?)null : row.GetInt64(4)), cancel, span);
        var lines = await session.QueryAsync("SELECT parts, totals FROM released_lines WHERE week >= @first AND week < @week ORDER BY week, position",
            row => new CountLine(Keys(row.GetString(0)), Keys(row.GetString(1))), cancel, span);
        var cube = new CountCubeBuilder();
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (cell, _) in cells)
        {
            cube.Cell(cell.Key, cell.Release, cell.Count, cell.Distinct);
            known.Add(cell.Key, cell.Count);
        }

        // The oldest week's stock hangs on a week that is not looked at any more.
        foreach (var line in lines.Where(line => line.Parts.Concat(line.Totals).All(known.ContainsKey))) cube.Line(line.Parts, line.Totals);
        var count = new WeekCount(session, office, week, from, to, cube, known);
        foreach (var section in ReportSections.All) await section.CountAsync(count, cancel);
        var result = CellSuppression.Suppress(cube.Released(cells.Select(pair => new PublishedCell(pair.Cell.Key, pair.Shown))).Build());
        if (!result.IsPublishable) throw new InvalidOperationException($"Week {week} cannot be released: earlier weeks leave too few values for {string.Join(", ", result.Exposed)}.");
        var shown = result.Cells.ToDictionary(cell => cell.Key, cell => cell.Count, StringComparer.Ordinal);
        foreach (var cell in count.Cells)
            await session.ExecuteAsync("INSERT INTO released_cells (key, week, true_count, distinct_count, shown) VALUES (@key, @week, @count, @distinct, @shown)", cancel,
                ("key", cell.Key), ("week", cell.Release), ("count", cell.Count), ("distinct", cell.Distinct), ("shown", shown[cell.Key]));
        foreach (var (position, line) in count.Lines.Index())
            await session.ExecuteAsync("INSERT INTO released_lines (week, position, parts, totals) VALUES (@week, @position, @parts, @totals)", cancel,
                ("week", week.ToString()), ("position", (long)position), ("parts", string.Join('\n', line.Parts)), ("totals", string.Join('\n', line.Totals)));
        return count.Publish(shown, now, []);
    }

    private static string[] Keys(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
