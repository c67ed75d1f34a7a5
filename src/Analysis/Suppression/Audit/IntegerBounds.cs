namespace Opinion.Analysis.Suppression.Audit;

/// <summary>The whole values an unknown can have.</summary>
/// <param name="Low">The smallest.</param>
/// <param name="High">The greatest; <see cref="BoundedSimplex.Unbounded"/> where there is none.</param>
/// <param name="Possible">How many there are, counted up to ten where the interval may have gaps.</param>
/// <param name="HasNoGap">Whether every whole number from the smallest to the greatest is one.</param>
internal readonly record struct WholeRange(long Low, long High, long Possible, bool HasNoGap)
{
    /// <summary>All whole numbers of an interval.</summary>
    public static WholeRange Between(long low, long high) => new(low, high, high == BoundedSimplex.Unbounded ? high : high - low + 1, true);
}

/// <summary>
/// Exact least and greatest whole values on lines that form cycles. Linear programming gives them where its solutions are whole,
/// as on every table of two ways; elsewhere branch and bound goes on (Land and Doig 1960), and values between are tried one by one.
/// </summary>
internal sealed class IntegerBounds(long[] low, long[] high, IReadOnlyList<(int Variable, int Sign)[]> lines)
{
    // Beyond this the question is left open and answered on the safe side.
    private const int MostNodes = 2_000;
    private const int Enough = 10;
    private BoundedSimplex simplex = new(low, high, lines);
    private int nodes;

    public bool IsFeasible => simplex.IsFeasible;

    /// <summary>The values that one variable can have.</summary>
    public WholeRange Range(int variable)
    {
        if (!simplex.IsWhole) simplex = new BoundedSimplex(low, high, lines);
        bool started = simplex.IsWhole;
        long least = End(variable, -1);
        long greatest = End(variable, 1);
        if (simplex.IsWhole) return WholeRange.Between(least, greatest);

        long passed = started ? Width(simplex.PassedLow[variable], simplex.PassedHigh[variable]) : 0;
        if (passed == Width(least, greatest)) return WholeRange.Between(least, greatest);
        least = Extreme(variable, -1) ?? (started ? simplex.PassedLow[variable] : least);
        greatest = Extreme(variable, 1) ?? (started ? simplex.PassedHigh[variable] : least);
        return passed == Width(least, greatest)
            ? WholeRange.Between(least, greatest)
            : new WholeRange(least, greatest, passed >= Enough ? passed : Count(variable, least, greatest), false);
    }

    private static long Width(long least, long greatest) => greatest == BoundedSimplex.Unbounded ? greatest : greatest - least + 1;

    private long End(int variable, int direction)
    {
        long bound = direction > 0 ? high[variable] : low[variable];
        if (simplex.IsWhole && (direction > 0 ? simplex.PassedHigh : simplex.PassedLow)[variable] == bound) return bound;
        if (simplex.Optimise(variable, direction) is not { } end) return BoundedSimplex.Unbounded;
        return direction > 0 ? end.Floor() : -(-end).Floor();
    }

    private long Count(int variable, long least, long greatest)
    {
        long count = 0;
        for (long k = least; k <= greatest && k < least + (4 * Enough) && count < Enough; k++)
        {
            nodes = 0;
            (long[] l, long[] h) = ([.. low], [.. high]);
            l[variable] = h[variable] = k;
            if (Branch(l, h, variable, 1, null, first: true) is not null) count++;
        }

        return count;
    }

    // Null where it took too long.
    private long? Extreme(int variable, int direction)
    {
        nodes = 0;
        long? best = Branch(low, high, variable, direction, null, first: false);
        return nodes > MostNodes ? null : best;
    }

    private long? Branch(long[] l, long[] h, int variable, int direction, long? best, bool first)
    {
        if (++nodes > MostNodes || (first && best is not null)) return best;
        var node = new BoundedSimplex(l, h, lines);
        if (!node.IsFeasible) return best;
        if (node.Optimise(variable, direction) is not { } end) return BoundedSimplex.Unbounded;
        long reach = direction > 0 ? end.Floor() : -(-end).Floor();
        if (best is long known && direction * reach <= direction * known) return best;
        int split = 0;
        while (split < l.Length && node.Value(split).IsWhole) split++;
        if (split == l.Length) return reach;
        long floor = node.Value(split).Floor();
        long[] below = [.. h];
        long[] above = [.. l];
        below[split] = floor;
        above[split] = floor + 1;
        best = Branch(l, below, variable, direction, best, first);
        return best == BoundedSimplex.Unbounded ? best : Branch(above, h, variable, direction, best, first);
    }
}
