using System.Globalization;
using Opinion.Analysis.Suppression;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Reports.Sections;

/// <summary>One row of a section's table.</summary>
/// <param name="Key">A code that never changes; it names the row in all weeks and formats.</param>
/// <param name="Count">The true count.</param>
/// <param name="Distinct">How many are left once near-duplicates are collapsed; null where not counted.</param>
/// <param name="Label">Published words where the key is no code that the pages can name, such as a topic's title.</param>
/// <param name="State">A published state, such as a topic's; null for none.</param>
public readonly record struct SectionRow(string Key, long Count, long? Distinct = null, string? Label = null, string? State = null);

/// <summary>What a section counts a week on, and what it says about it. The cells of all sections go through one suppression.</summary>
public sealed class WeekCount
{
    private readonly CountCubeBuilder _cube;
    private readonly HashSet<string> _added = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly List<CountCell> _cells = [];
    private readonly List<CountLine> _lines = [];
    private readonly List<Func<Func<string, long?>, ReportTable>> _tables = [];
    private readonly List<Func<Func<string, long?>, ReportMeasure>> _measures = [];
    private readonly IReadOnlyDictionary<string, long> _before;

    internal WeekCount(StoreSession session, Office office, IsoWeek week, long from, long to, CountCubeBuilder cube, IReadOnlyDictionary<string, long> before)
    {
        (Session, Office, Week, From, To, _cube, _before) = (session, office, week, from, to, cube, before);
    }

    /// <summary>The releasing transaction.</summary>
    internal StoreSession Session { get; }

    /// <summary>The office as it stands.</summary>
    public Office Office { get; }

    /// <summary>The week.</summary>
    public IsoWeek Week { get; }

    /// <summary>The week's first moment in the office's time zone, UTC milliseconds.</summary>
    public long From { get; }

    /// <summary>The first moment after it.</summary>
    public long To { get; }

    /// <summary>Letters that arrived before the week's end have ids below this.</summary>
    public string Before => IdAt(To);

    /// <summary>Letters that arrived in the week or later have ids from this on.</summary>
    public string First => IdAt(From);

    /// <summary>The ids of letters that arrived at a moment or later are not below this.</summary>
    /// <param name="moment">UTC milliseconds.</param>
    public static string IdAt(long moment) => moment.ToString("x12", CultureInfo.InvariantCulture);

    /// <summary>The cells of this week.</summary>
    internal IReadOnlyList<CountCell> Cells => _cells;

    /// <summary>The lines of this week.</summary>
    internal IReadOnlyList<CountLine> Lines => _lines;

    /// <summary>The key of a cell of this week, such as <c>2026-W47/closed</c>.</summary>
    public string Key(string path) => $"{Week}/{path}";

    /// <summary>Adds a cell that stands in no table of its own, such as a total.</summary>
    /// <param name="path">Its name within the week.</param>
    /// <param name="count">The true count.</param>
    /// <param name="distinct">The count once near-duplicates are collapsed; null where not counted.</param>
    public void Cell(string path, long count, long? distinct = null)
    {
        if (!_added.Add(path)) return;
        _cells.Add(new CountCell(Key(path), Week.ToString(), count, distinct));
        _cube.Cell(Key(path), Week.ToString(), count, distinct);
    }

    /// <summary>States that cells of this week add up: parts to totals, by their names within the week.</summary>
    public void Line(IReadOnlyList<string> parts, IReadOnlyList<string> totals) => AddLine(new CountLine([.. parts.Select(Key)], [.. totals.Select(Key)]));

    /// <summary>
    /// Adds a table. Every row it can have stands in it each week, those that count nothing too: a missing row would tell a zero.
    /// (The ten topics are the exception: they are those with the most letters.)
    /// </summary>
    /// <param name="name">The table's name, such as <c>received-by-channel</c>.</param>
    /// <param name="total">The cell to which the rows add up, added before; null where they add up to nothing published.</param>
    /// <param name="rows">The rows in the order in which they stand.</param>
    public void Table(string name, string? total, IReadOnlyList<SectionRow> rows)
    {
        foreach (var row in rows)
        {
            Cell($"{name}/{row.Key}", row.Count, row.Distinct);
            _told.Add(Key($"{name}/{row.Key}"));
        }

        if (total is not null && rows.Count > 0) Line([.. rows.Select(row => $"{name}/{row.Key}")], [total]);
        (string Path, string Key, string? Label, string? State)[] kept = [.. rows.Select(row => (Key($"{name}/{row.Key}"), row.Key, row.Label, row.State))];
        _tables.Add(shown => new ReportTable(name, [.. kept.Select(row => new ReportRow(row.Key, shown(row.Path), row.Label, row.State))]));
    }

    /// <summary>Shows a cell as a measure with its formula.</summary>
    public void Measure(string path, string formula)
    {
        _told.Add(Key(path));
        _measures.Add(shown => new ReportMeasure(path, shown(Key(path)), formula));
    }

    /// <summary>A rate in whole percent, made from the published counts alone; hidden where one of them is. Where rounding would make it more than 100, it is 100.</summary>
    /// <param name="name">The measure's name.</param>
    /// <param name="numerator">The cell on top.</param>
    /// <param name="denominators">The cells whose sum is below.</param>
    /// <param name="formula">The formula in English.</param>
    public void Rate(string name, string numerator, IReadOnlyList<string> denominators, string formula) => _measures.Add(shown =>
    {
        var below = denominators.Select(path => shown(Key(path))).Aggregate((long?)0, (sum, count) => sum + count);
        return new ReportMeasure(name, shown(Key(numerator)) is { } top && below > 0 ? Math.Min(100, Math.Round(top * 100m / below.Value, 0, MidpointRounding.AwayFromZero)) : null, formula);
    });

    /// <summary>A median and a ninth decile of values of matters; each stands only beside a shown count of enough matters.</summary>
    /// <param name="name">The measure's name; the decile's ends in <c>-p90</c>, the median's in <c>-median</c>.</param>
    /// <param name="values">One value for each matter.</param>
    /// <param name="counted">The cell that counts these matters.</param>
    /// <param name="formula">What the values are.</param>
    public void Spread(string name, IReadOnlyCollection<double> values, string counted, string formula)
    {
        _measures.Add(shown => new ReportMeasure(name + "-median", Tenths(PublishedFigures.Median(values, shown(Key(counted)))), "median of " + formula + "; needs ten matters"));
        _measures.Add(shown => new ReportMeasure(name + "-p90", Tenths(PublishedFigures.Quantile(values, 0.9, shown(Key(counted)))), "what nine in ten do not exceed of " + formula + "; needs ten matters beyond it"));
    }

    /// <summary>
    /// States that a stock goes on from the week before: before + inflow = outflow + after. What else changes it (late sheets,
    /// matters moved in time) stands in two cells of its own, so that the line holds. For the first week no line is stated.
    /// </summary>
    public void Stock(string stock, IReadOnlyList<string> inflow, IReadOnlyList<string> outflow)
    {
        var earlier = $"{Week.Previous}/{stock}";
        var known = _before.ContainsKey(earlier);
        // Where an erratum corrected it, the stock goes on from what it was corrected to.
        if (known) earlier = Erratum.Current(_before.Keys, earlier);
        var before = _before.GetValueOrDefault(earlier);
        var balance = known ? Sum(outflow) + Sum([stock]) - before - Sum(inflow) : 0;
        Cell(stock + "-else-in", Math.Max(0, balance));
        Cell(stock + "-else-out", Math.Max(0, -balance));
        Measure(stock + "-else-in", "what else came to the open matters since the week before, such as letters registered late");
        Measure(stock + "-else-out", "what else left them, such as letters that came in but no department has yet");
        if (known) AddLine(new CountLine([earlier, .. inflow.Select(Key), Key(stock + "-else-in")], [.. outflow.Select(Key), Key(stock), Key(stock + "-else-out")]));
    }

    // What a line names is known to the suppression as shown or hidden, so all of it is told: a cell in no table is a figure of its own.
    internal Report Publish(IReadOnlyDictionary<string, long?> cells, DateTimeOffset released, IReadOnlyList<string> errata) => new(Week.ToString(), released, cells.GetValueOrDefault(Key("received")),
        [.. _tables.Select(table => table(key => cells[key]))],
        [
            .. _measures.Select(measure => measure(key => cells[key])),
            .. _cells.Where(cell => !_told.Contains(cell.Key)).Select(cell => new ReportMeasure(cell.Key[(Week.ToString().Length + 1)..], cells[cell.Key], "counted for the figures above")),
        ],
        errata);

    private void AddLine(CountLine line)
    {
        _lines.Add(line);
        _cube.Line(line.Parts, line.Totals);
    }

    private long Sum(IReadOnlyList<string> paths) => paths.Sum(path => _cells.First(cell => cell.Key == Key(path)).Count);

    private static decimal? Tenths(double? value) => value is { } days ? Math.Round((decimal)days, 1, MidpointRounding.AwayFromZero) : null;
}
