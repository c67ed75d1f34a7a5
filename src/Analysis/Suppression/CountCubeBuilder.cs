namespace Opinion.Analysis.Suppression;

/// <summary>One node of a table in levels, such as a subject of the scheme.</summary>
/// <param name="Key">The cell's key.</param>
/// <param name="Parent">The key of the cell it adds up to; null for one below the table's total.</param>
/// <param name="Count">The true count with everything below it.</param>
/// <param name="Distinct">The count once near-duplicates are collapsed; null where not counted.</param>
public readonly record struct TreeCount(string Key, string? Parent, long Count, long? Distinct = null);

/// <summary>
/// Collects the tables of one or more releases into a <see cref="CountCube"/> with the lines that follow from their form.
/// A number that stands in several tables is added once and named by its key in the others.
/// </summary>
public sealed class CountCubeBuilder
{
    private readonly List<CountCell> cells = [];
    private readonly List<CountLine> lines = [];
    private readonly List<PublishedCell> released = [];

    /// <summary>Adds a single cell, such as the week's total.</summary>
    public CountCubeBuilder Cell(string key, string release, long count, long? distinct = null)
    {
        cells.Add(new CountCell(key, release, count, distinct));
        return this;
    }

    /// <summary>Adds a line between cells: the parts add up to the totals.</summary>
    public CountCubeBuilder Line(IReadOnlyList<string> parts, IReadOnlyList<string> totals)
    {
        lines.Add(new CountLine(parts, totals));
        return this;
    }

    /// <summary>
    /// Adds a table of one or more levels whose top nodes add up to a cell that stands elsewhere. Children must cover their
    /// parent: letters that were sorted no deeper than the parent need a node of their own below it.
    /// </summary>
    /// <param name="release">The release of the table.</param>
    /// <param name="total">The key of the table's total.</param>
    /// <param name="nodes">Every node of the scheme, those that count nothing too: a missing line would tell a zero.</param>
    public CountCubeBuilder Tree(string release, string total, IReadOnlyList<TreeCount> nodes)
    {
        foreach (TreeCount node in nodes) Cell(node.Key, release, node.Count, node.Distinct);
        foreach (var family in nodes.GroupBy(node => node.Parent ?? total, StringComparer.Ordinal)) Line([.. family.Select(node => node.Key)], [family.Key]);
        return this;
    }

    /// <summary>Adds the inner cells of a table of two ways whose row and column totals stand elsewhere.</summary>
    /// <param name="release">The release of the table.</param>
    /// <param name="rowTotals">Keys of the row totals.</param>
    /// <param name="columnTotals">Keys of the column totals.</param>
    /// <param name="cell">The inner cell of a row and a column, by their positions.</param>
    public CountCubeBuilder TwoWay(string release, IReadOnlyList<string> rowTotals, IReadOnlyList<string> columnTotals, Func<int, int, (string Key, long Count, long? Distinct)> cell)
    {
        var keys = new string[rowTotals.Count, columnTotals.Count];
        for (int row = 0; row < rowTotals.Count; row++)
        {
            for (int column = 0; column < columnTotals.Count; column++)
            {
                (keys[row, column], long count, long? distinct) = cell(row, column);
                Cell(keys[row, column], release, count, distinct);
            }
        }

        for (int row = 0; row < rowTotals.Count; row++) Line([.. Enumerable.Range(0, columnTotals.Count).Select(column => keys[row, column])], [rowTotals[row]]);
        for (int column = 0; column < columnTotals.Count; column++) Line([.. Enumerable.Range(0, rowTotals.Count).Select(row => keys[row, column])], [columnTotals[column]]);
        return this;
    }

    /// <summary>Links a stock over a week by the keys of its four cells: before + in = out + after.</summary>
    public CountCubeBuilder Stock(string before, string inflow, string outflow, string after) => Line([before, inflow], [outflow, after]);

    /// <summary>States what an earlier release showed.</summary>
    public CountCubeBuilder Released(IEnumerable<PublishedCell> published)
    {
        released.AddRange(published);
        return this;
    }

    /// <summary>Freezes what was added.</summary>
    /// <exception cref="ArgumentException">As <see cref="CountCube"/> says.</exception>
    public CountCube Build() => new(cells, lines, released);
}
