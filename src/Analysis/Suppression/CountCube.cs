namespace Opinion.Analysis.Suppression;

/// <summary>A cell before suppression: how many letters (or matters) it counts.</summary>
/// <param name="Key">Names the cell in all tables and weeks, such as <c>2026-W46/received/subject/water</c>. A number that stands in several tables, such as a week's total, is one cell.</param>
/// <param name="Release">What the cell is released with: the ISO week, such as <c>2026-W46</c>, or the name of an erratum.</param>
/// <param name="Count">The true count as it was at the release, 0 or more.</param>
/// <param name="Distinct">How many are left once near-duplicates are collapsed; null where that was not counted, which means all. It decides only whether the cell is hidden and is never published.</param>
public readonly record struct CountCell(string Key, string Release, long Count, long? Distinct = null)
{
    /// <summary>Whether the cell is hidden for its own sake: fewer than <see cref="CountTable.Threshold"/> letters, or fewer once near-duplicates are collapsed.</summary>
    public bool IsSmall => Count < CountTable.Threshold || Distinct < CountTable.Threshold;
}

/// <summary>
/// A line that everybody knows to hold between true counts: the cells of <paramref name="Parts"/> add up to those of
/// <paramref name="Totals"/>. A row of a table is its cells on one side and its total on the other; a stock is
/// <c>open(t) + received(t) = closed(t) + open(t+1)</c>.
/// </summary>
/// <param name="Parts">Keys of the cells on the one side.</param>
/// <param name="Totals">Keys of the cells on the other side.</param>
public sealed record CountLine(IReadOnlyList<string> Parts, IReadOnlyList<string> Totals);

/// <summary>A cell as it stands in something published.</summary>
/// <param name="Key">The cell's key.</param>
/// <param name="Count">The count rounded to five; null where it is hidden.</param>
public readonly record struct PublishedCell(string Key, long? Count);

/// <summary>
/// Everything a release is decided on: the cells of the new release and of all before it with their true counts, the lines
/// between them, and what the earlier releases showed. The counts of an earlier release are those it was made from; the
/// caller keeps them, because letters that are erased or re-sorted later change what a query of today would count.
/// </summary>
public sealed class CountCube
{
    /// <summary>Checks and freezes the input; the order of cells, lines and terms has no effect on any result.</summary>
    /// <param name="cells">All cells, in any order.</param>
    /// <param name="lines">All lines, in any order; a line that stands twice counts once.</param>
    /// <param name="released">Every cell that has been released already, as it was released. It never changes.</param>
    /// <exception cref="ArgumentException">
    /// A key stands twice in the cells or on a line, or is not known; a count is negative; a line does not hold between the
    /// true counts; a released value contradicts the count it was made from. The message names the key.
    /// </exception>
    public CountCube(IEnumerable<CountCell> cells, IEnumerable<CountLine> lines, IEnumerable<PublishedCell> released)
    {
        Cells = [.. cells.OrderBy(cell => cell.Key, StringComparer.Ordinal)];
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (CountCell cell in Cells)
        {
            if (cell.Count < 0 || cell.Distinct < 0) throw new ArgumentException($"the count of \"{cell.Key}\" is negative", nameof(cells));
            if (!counts.TryAdd(cell.Key, cell.Count)) throw new ArgumentException($"the key \"{cell.Key}\" stands twice", nameof(cells));
        }

        Lines = Sorted(lines, counts);
        var shown = new Dictionary<string, long?>(StringComparer.Ordinal);
        foreach ((string key, long? value) in released)
        {
            if (!counts.TryGetValue(key, out long count)) throw new ArgumentException($"the released cell \"{key}\" has no true count", nameof(released));
            if (value is long v && (count < CountTable.Threshold || CountTable.Round(count) != v)) throw new ArgumentException($"\"{key}\" was released as {v} and cannot have been {count}", nameof(released));
            if (!shown.TryAdd(key, value)) throw new ArgumentException($"the released cell \"{key}\" stands twice", nameof(released));
        }

        Released = shown;
    }

    /// <summary>All cells by key.</summary>
    public IReadOnlyList<CountCell> Cells { get; }

    /// <summary>All lines, each once, in one order.</summary>
    public IReadOnlyList<CountLine> Lines { get; }

    /// <summary>What stands in earlier releases.</summary>
    public IReadOnlyDictionary<string, long?> Released { get; }

    private static List<CountLine> Sorted(IEnumerable<CountLine> lines, Dictionary<string, long> counts)
    {
        var byText = new SortedDictionary<string, CountLine>(StringComparer.Ordinal);
        foreach (CountLine line in lines)
        {
            string[] parts = [.. line.Parts.Order(StringComparer.Ordinal)];
            string[] totals = [.. line.Totals.Order(StringComparer.Ordinal)];
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (string key in parts.Concat(totals))
            {
                if (!counts.ContainsKey(key)) throw new ArgumentException($"a line names \"{key}\", which is no cell", nameof(lines));
                if (!seen.Add(key)) throw new ArgumentException($"a line names \"{key}\" twice", nameof(lines));
            }

            if (seen.Count == 0) continue;
            if (parts.Sum(key => counts[key]) != totals.Sum(key => counts[key])) throw new ArgumentException($"the line with \"{(totals.Length > 0 ? totals[0] : parts[0])}\" does not add up", nameof(lines));
            byText.TryAdd(string.Join('\u0001', parts) + '\u0002' + string.Join('\u0001', totals), new CountLine(parts, totals));
        }

        return [.. byText.Values];
    }
}
