namespace Opinion.Analysis.Suppression.Audit;

/// <summary>
/// The simplex method with bounded variables in exact arithmetic on a sparse tableau (Dantzig 1955; Chvátal, "Linear
/// Programming", 1983, chapter 8), with Bland's rule (1977), under which it always ends. It goes from one goal to the next
/// without starting again. On its way it notes which whole values it has passed.
/// </summary>
internal sealed class BoundedSimplex
{
    /// <summary>Stands for "no upper bound".</summary>
    public const long Unbounded = long.MaxValue / 4;

    private readonly int structural;
    private readonly long[] low;
    private readonly long[] high;
    private readonly Rational[] value;
    private readonly int[] rowOf;
    private readonly List<SparseRow> rows = [];
    private readonly List<(int Row, Rational Factor)> column = [];

    /// <summary>Finds a first solution of the lines: for each, the signed sum of its variables is zero.</summary>
    /// <param name="low">Lower bounds, 0 or more.</param>
    /// <param name="high">Upper bounds; <see cref="Unbounded"/> for none.</param>
    /// <param name="lines">Terms of each line; a variable stands at most once on a line.</param>
    public BoundedSimplex(long[] low, long[] high, IReadOnlyList<(int Variable, int Sign)[]> lines)
    {
        structural = low.Length;
        this.low = [.. low, .. new long[lines.Count]];
        this.high = [.. high, .. Enumerable.Repeat(Unbounded, lines.Count)];
        value = new Rational[structural + lines.Count];
        rowOf = new int[structural + lines.Count];
        Array.Fill(rowOf, -1);
        for (int i = 0; i < structural; i++)
        {
            value[i] = low[i];
            if (low[i] > high[i]) return;
        }

        for (int line = 0; line < lines.Count; line++)
        {
            int artificial = structural + line;
            long residual = lines[line].Sum(term => term.Sign * low[term.Variable]);
            long sign = residual > 0 ? -1 : 1;
            rowOf[artificial] = rows.Count;
            value[artificial] = Math.Abs(residual);
            rows.Add(new SparseRow(artificial, lines[line].OrderBy(term => term.Variable).Select(term => (term.Variable, (Rational)(sign * term.Sign)))));
        }

        IsFeasible = DriveOut();
        IsWhole = value.All(v => v.IsWhole);
        PassedLow = [.. value.Take(structural).Select(v => v.Floor())];
        PassedHigh = [.. PassedLow];
    }

    /// <summary>Whether the lines have a solution.</summary>
    public bool IsFeasible { get; }

    /// <summary>Whether every point since the first solution was whole, so that the values passed are without a gap.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The smallest value each variable had at a whole solution; all up to <see cref="PassedHigh"/> were passed.</summary>
    public long[] PassedLow { get; } = [];

    /// <summary>The greatest value each variable had at a whole solution.</summary>
    public long[] PassedHigh { get; } = [];

    /// <summary>A variable's value at the current solution.</summary>
    public Rational Value(int variable) => value[variable];

    /// <summary>Takes a variable as far as it goes.</summary>
    /// <param name="variable">Which one.</param>
    /// <param name="direction">1 for the maximum, -1 for the minimum.</param>
    /// <returns>The optimum; null where there is none because the variable is unbounded.</returns>
    public Rational? Optimise(int variable, int direction)
    {
        while (true)
        {
            if (value[variable] == (direction > 0 ? high[variable] : low[variable])) return value[variable];
            (int entering, int way) = rowOf[variable] < 0 ? (variable, direction) : Entering(rows[rowOf[variable]], direction);
            if (entering < 0) return value[variable];
            if (!Step(entering, way)) return null;
        }
    }

    // A basic variable is its row's constant less the coefficients times the others.
    private (int Entering, int Way) Entering(SparseRow row, int direction)
    {
        for (int k = 0; k < row.Count; k++)
        {
            int candidate = row.Columns[k];
            int way = -direction * row.Factors[k].Sign;
            if (way > 0 ? value[candidate] < high[candidate] : value[candidate] > low[candidate]) return (candidate, way);
        }

        return (-1, 0);
    }

    private bool Step(int entering, int way)
    {
        ReadColumn(entering);
        bool bounded = high[entering] != Unbounded;
        Rational length = bounded ? high[entering] - low[entering] : 0;
        int leaving = -1;
        foreach ((int row, Rational factor) in column)
        {
            int basic = rows[row].Basic;
            Rational slope = way > 0 ? -factor : factor;
            if (slope.Sign > 0 && high[basic] == Unbounded) continue;
            Rational limit = slope.Sign > 0 ? (high[basic] - value[basic]) / slope : (value[basic] - low[basic]) / -slope;
            if (bounded && (limit > length || (limit == length && (leaving < 0 || basic > rows[leaving].Basic)))) continue;
            (bounded, length, leaving) = (true, limit, row);
        }

        if (!bounded)
        {
            // On a ray in whole steps of one, everything from here on is passed.
            if (IsWhole && column.All(pair => pair.Factor.IsUnit)) PassRay(entering, way);
            return false;
        }

        if (!length.IsZero) Walk(entering, way, length);
        if (leaving >= 0) Pivot(leaving, entering);
        return true;
    }

    private void Walk(int entering, int way, Rational length)
    {
        value[entering] += way * length;
        bool whole = length.IsWhole;
        foreach ((int row, Rational factor) in column)
        {
            value[rows[row].Basic] -= way * length * factor;
            whole &= factor.IsUnit;
        }

        // A longer step leaves values out, so nothing more is noted.
        IsWhole &= whole;
        if (!IsWhole) return;
        Pass(entering);
        foreach ((int row, _) in column) Pass(rows[row].Basic);
    }

    private void Pass(int variable)
    {
        if (variable >= structural) return;
        long now = value[variable].Floor();
        PassedLow[variable] = Math.Min(PassedLow[variable], now);
        PassedHigh[variable] = Math.Max(PassedHigh[variable], now);
    }

    private void PassRay(int entering, int way)
    {
        PassedHigh[entering] = Unbounded;
        foreach ((int row, Rational factor) in column)
        {
            if (way * factor.Sign < 0) PassedHigh[rows[row].Basic] = Unbounded;
        }
    }

    private void ReadColumn(int variable)
    {
        column.Clear();
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows[row].TryGet(variable, out Rational factor)) column.Add((row, factor));
        }
    }

    private void Pivot(int leavingRow, int entering)
    {
        SparseRow pivot = rows[leavingRow];
        int leaving = pivot.Basic;
        pivot.Exchange(entering, leaving, keep: leaving < structural);
        foreach ((int row, Rational factor) in column)
        {
            if (row != leavingRow) rows[row].Subtract(pivot, entering, factor);
        }

        rowOf[leaving] = -1;
        rowOf[entering] = leavingRow;
    }

    // Phase one, one artificial variable after the other; each is fixed at zero once it is there.
    private bool DriveOut()
    {
        for (int artificial = structural; artificial < value.Length; artificial++)
        {
            if (Optimise(artificial, -1) is not { IsZero: true }) return false;
            high[artificial] = 0;
        }

        for (int row = rows.Count - 1; row >= 0; row--)
        {
            if (rows[row].Basic < structural) continue;
            if (rows[row].Count > 0)
            {
                int entering = rows[row].Columns[0];
                ReadColumn(entering);
                Pivot(row, entering);
                continue;
            }

            // A line that follows from the others.
            rows.RemoveAt(row);
        }

        for (int row = 0; row < rows.Count; row++) rowOf[rows[row].Basic] = row;
        return true;
    }
}
