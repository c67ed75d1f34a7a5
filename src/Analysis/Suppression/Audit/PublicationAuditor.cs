namespace Opinion.Analysis.Suppression.Audit;

/// <summary>What an audit found wrong with a cell.</summary>
public enum AuditFault
{
    /// <summary>A shown count is below ten.</summary>
    Small,

    /// <summary>A shown count is not a multiple of five.</summary>
    NotRounded,

    /// <summary>A cell is hidden in one place and shown in another, or shown with two values.</summary>
    Disagreement,

    /// <summary>A cell is the only hidden one on a line.</summary>
    Alone,

    /// <summary>A hidden cell has fewer than ten possible whole numbers.</summary>
    Narrow,

    /// <summary>No whole numbers agree with what is shown, so that something else is wrong and nothing is shown to be safe.</summary>
    Contradiction,
}

/// <summary>One fault.</summary>
/// <param name="Fault">Which rule is broken.</param>
/// <param name="Key">The cell.</param>
public readonly record struct AuditFinding(AuditFault Fault, string Key);

/// <summary>What a reader can work out about a hidden cell.</summary>
/// <param name="Key">The cell.</param>
/// <param name="Low">The smallest whole number it can be.</param>
/// <param name="High">The greatest; null where there is none.</param>
/// <param name="Possible">How many whole numbers it can be; where the interval has gaps, counted up to ten.</param>
public readonly record struct CellInterval(string Key, long Low, long? High, long Possible);

/// <summary>The outcome of an audit.</summary>
/// <param name="Hidden">Every hidden cell with its interval, by key.</param>
/// <param name="Findings">Every fault, by key.</param>
public sealed record AuditReport(IReadOnlyList<CellInterval> Hidden, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>Whether nothing was found.</summary>
    public bool Passed => Findings.Count == 0;
}

/// <summary>
/// Plays the reader who wants to know hidden cells. It shares nothing with <see cref="CellSuppression"/> but the form of the
/// data, and sees nothing but what is published.
/// </summary>
/// <remarks>
/// The reader is taken to have everything published in all weeks and formats, to add up everything that adds up, and to know
/// the rules: counts are whole and not negative; a shown v is v-2 to v+2 and at least ten; a hidden cell may be small or may
/// have been hidden to help another, and which of them is not known, nor is it said whether a small one is below ten by
/// letters or only once near-duplicates are collapsed. So nothing follows from a cell's being hidden, and all that is known of
/// it is what the lines leave; a cell that a line names and nothing shows counts as hidden. The reader is not taken to know
/// letters from elsewhere (a writer knows the own one), the order in which helpers were chosen, or any true count.
/// Intervals are exact: see <see cref="LineSystem"/> where lines form no cycle and <see cref="IntegerBounds"/> where they do
/// (Fischetti and Salazar 2001 call this the attacker problem). Where a search is cut short, a cell counts as narrow.
/// </remarks>
public static class PublicationAuditor
{
    private const long SmallestShown = 10;
    private const long Rounding = 5;
    private const long Enough = 10;

    /// <summary>Audits all that was published.</summary>
    /// <param name="cells">Every published cell of every page, file and answer of all weeks and errata; a cell may come many times.</param>
    /// <param name="lines">All lines that hold between the counts, within weeks and across them.</param>
    public static AuditReport Audit(IEnumerable<PublishedCell> cells, IEnumerable<CountLine> lines)
    {
        var findings = new SortedSet<(string Key, AuditFault Fault)>(Comparer<(string Key, AuditFault Fault)>.Create((a, b) =>
            string.CompareOrdinal(a.Key, b.Key) is not 0 and int order ? order : a.Fault.CompareTo(b.Fault)));
        var number = new Dictionary<string, int>(StringComparer.Ordinal);
        var keys = new List<string>();
        var isShown = new List<bool>();
        var isHidden = new List<bool>();
        var system = new LineSystem();
        bool agrees = true;
        foreach ((string key, long? count) in cells)
        {
            int cell = Number(key);
            if (count is not long shown)
            {
                isHidden[cell] = true;
                continue;
            }

            isShown[cell] = true;
            if (shown < SmallestShown) findings.Add((key, AuditFault.Small));
            if (shown % Rounding != 0) findings.Add((key, AuditFault.NotRounded));
            if (!system.Narrow(cell, Math.Min(shown, Math.Max(SmallestShown, shown - (Rounding / 2))), shown + (Rounding / 2)))
            {
                findings.Add((key, AuditFault.Disagreement));
                agrees = false;
            }
        }

        foreach (CountLine line in lines)
        {
            (int Variable, int Sign)[] terms = [.. line.Parts.Select(key => (Number(key), 1)), .. line.Totals.Select(key => (Number(key), -1))];
            system.AddLine(terms);
            if (terms.Where(term => !isShown[term.Variable]).Take(2).ToArray() is [var alone]) findings.Add((keys[alone.Variable], AuditFault.Alone));
        }

        for (int cell = 0; cell < keys.Count; cell++)
        {
            if (isShown[cell] && isHidden[cell]) findings.Add((keys[cell], AuditFault.Disagreement));
        }

        var intervals = new List<CellInterval>();
        WholeRange[]? ranges = agrees ? AttackerProblem.Solve(system, [.. isShown.Select(shown => !shown)]) : null;
        if (ranges is null) findings.Add((keys.Count > 0 ? keys[0] : "", AuditFault.Contradiction));
        for (int cell = 0; cell < keys.Count && ranges is not null; cell++)
        {
            if (isShown[cell]) continue;
            (long low, long high, long possible, _) = ranges[cell];
            intervals.Add(new CellInterval(keys[cell], low, high == BoundedSimplex.Unbounded ? null : high, possible));
            if (possible < Enough) findings.Add((keys[cell], AuditFault.Narrow));
        }

        return new AuditReport(
            [.. intervals.OrderBy(interval => interval.Key, StringComparer.Ordinal)],
            [.. findings.Select(finding => new AuditFinding(finding.Fault, finding.Key))]);

        int Number(string key)
        {
            if (number.TryGetValue(key, out int known)) return known;
            keys.Add(key);
            isShown.Add(false);
            isHidden.Add(false);
            return number[key] = system.AddVariable(0, BoundedSimplex.Unbounded);
        }
    }
}
