namespace Opinion.Analysis.Suppression.Audit;

/// <summary>A row of a simplex tableau: the basic variable plus the factors times the others is constant. Columns ascend; no factor is zero.</summary>
internal sealed class SparseRow
{
    private int[] spareColumns = [];
    private Rational[] spareFactors = [];

    public SparseRow(int basic, IEnumerable<(int Column, Rational Factor)> terms)
    {
        Basic = basic;
        (int Column, Rational Factor)[] all = [.. terms];
        Columns = [.. all.Select(term => term.Column)];
        Factors = [.. all.Select(term => term.Factor)];
        Count = all.Length;
    }

    public int Basic { get; private set; }

    public int Count { get; private set; }

    public int[] Columns { get; private set; }

    public Rational[] Factors { get; private set; }

    public bool TryGet(int column, out Rational factor)
    {
        int at = Array.BinarySearch(Columns, 0, Count, column);
        factor = at >= 0 ? Factors[at] : 0;
        return at >= 0;
    }

    /// <summary>Solves the row for another variable; the one that was basic takes its place among the others, or is forgotten.</summary>
    public void Exchange(int entering, int leaving, bool keep)
    {
        int at = Array.BinarySearch(Columns, 0, Count, entering);
        Rational divisor = Factors[at];
        for (int k = 0; k < Count; k++) Factors[k] /= divisor;
        Basic = entering;
        Remove(at);
        if (keep) Insert(leaving, 1 / divisor);
    }

    /// <summary>Eliminates a variable: takes a multiple of the row that is solved for it from this one.</summary>
    public void Subtract(SparseRow pivot, int entering, Rational factor)
    {
        Remove(Array.BinarySearch(Columns, 0, Count, entering));
        int most = Count + pivot.Count;
        if (spareColumns.Length < most) (spareColumns, spareFactors) = (new int[most + (most / 2)], new Rational[most + (most / 2)]);
        int a = 0;
        int b = 0;
        int count = 0;
        while (a < Count || b < pivot.Count)
        {
            int left = a < Count ? Columns[a] : int.MaxValue;
            int right = b < pivot.Count ? pivot.Columns[b] : int.MaxValue;
            Rational sum = (left <= right ? Factors[a] : 0) - (right <= left ? factor * pivot.Factors[b] : 0);
            if (left <= right) a++;
            if (right <= left) b++;
            if (sum.IsZero) continue;
            spareColumns[count] = Math.Min(left, right);
            spareFactors[count++] = sum;
        }

        (Columns, spareColumns) = (spareColumns, Columns);
        (Factors, spareFactors) = (spareFactors, Factors);
        Count = count;
    }

    private void Remove(int at)
    {
        Array.Copy(Columns, at + 1, Columns, at, Count - at - 1);
        Array.Copy(Factors, at + 1, Factors, at, Count - at - 1);
        Count--;
    }

    private void Insert(int column, Rational factor)
    {
        int at = ~Array.BinarySearch(Columns, 0, Count, column);
        if (Count == Columns.Length)
        {
            int[] columns = new int[Count + 4];
            var factors = new Rational[Count + 4];
            Columns.CopyTo(columns, 0);
            Factors.CopyTo(factors, 0);
            (Columns, Factors) = (columns, factors);
        }

        Array.Copy(Columns, at, Columns, at + 1, Count - at);
        Array.Copy(Factors, at, Factors, at + 1, Count - at);
        Columns[at] = column;
        Factors[at] = factor;
        Count++;
    }
}
