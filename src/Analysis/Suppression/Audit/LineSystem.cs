namespace Opinion.Analysis.Suppression.Audit;

/// <summary>
/// Whole unknowns between bounds, and lines on which a signed sum of unknowns is zero. Bounds are narrowed line by line: what
/// the others of a line leave is all an unknown can be. Where lines form no cycle, the result is exact and without gaps,
/// because each line taken alone is exact and trees need no more (Freuder, "A sufficient condition for backtrack-free
/// search", JACM 29, 1982; for sums with factors of one, whole bounds are all there is to narrow).
/// </summary>
internal sealed class LineSystem
{
    private readonly List<long> low = [];
    private readonly List<long> high = [];
    private readonly List<(int Variable, int Sign)[]> lines = [];
    private readonly List<List<int>> linesOf = [];

    public LineSystem()
    {
    }

    public LineSystem(LineSystem other)
    {
        low.AddRange(other.low);
        high.AddRange(other.high);
        lines.AddRange(other.lines);
        linesOf.AddRange(other.linesOf.Select(list => new List<int>(list)));
    }

    public int Variables => low.Count;

    public IReadOnlyList<(int Variable, int Sign)[]> Lines => lines;

    public long Low(int variable) => low[variable];

    public long High(int variable) => high[variable];

    public IReadOnlyList<int> LinesOf(int variable) => linesOf[variable];

    public int AddVariable(long lowest, long highest)
    {
        low.Add(lowest);
        high.Add(highest);
        linesOf.Add([]);
        return low.Count - 1;
    }

    public int AddLine((int Variable, int Sign)[] terms)
    {
        lines.Add(terms);
        foreach ((int variable, _) in terms) linesOf[variable].Add(lines.Count - 1);
        return lines.Count - 1;
    }

    public void ReplaceLine(int line, (int Variable, int Sign)[] terms)
    {
        foreach ((int variable, _) in lines[line]) linesOf[variable].Remove(line);
        lines[line] = terms;
        foreach ((int variable, _) in terms) linesOf[variable].Add(line);
    }

    /// <summary>Narrows a variable to an interval; false where nothing is left.</summary>
    public bool Narrow(int variable, long lowest, long highest)
    {
        low[variable] = Math.Max(low[variable], lowest);
        high[variable] = Math.Min(high[variable], highest);
        return low[variable] <= high[variable];
    }

    /// <summary>Marks the lines and variables that are left when all that hangs on a single connection has been taken away, again and again.</summary>
    public (bool[] Variables, bool[] Lines) Core()
    {
        var isVariable = new bool[low.Count];
        var isLine = new bool[lines.Count];
        Array.Fill(isVariable, true);
        Array.Fill(isLine, true);
        int[] ofVariable = [.. linesOf.Select(list => list.Count)];
        int[] ofLine = [.. lines.Select(terms => terms.Length)];
        var open = new Stack<(bool IsLine, int Index)>();
        for (int i = 0; i < ofVariable.Length; i++) Check(false, i);
        for (int i = 0; i < ofLine.Length; i++) Check(true, i);
        while (open.TryPop(out var next))
        {
            if (next.IsLine)
            {
                foreach ((int variable, _) in lines[next.Index])
                {
                    ofVariable[variable]--;
                    Check(false, variable);
                }
            }
            else
            {
                foreach (int line in linesOf[next.Index])
                {
                    ofLine[line]--;
                    Check(true, line);
                }
            }
        }

        return (isVariable, isLine);

        void Check(bool line, int index)
        {
            bool[] stands = line ? isLine : isVariable;
            if (!stands[index] || (line ? ofLine : ofVariable)[index] > 1) return;
            stands[index] = false;
            open.Push((line, index));
        }
    }

    /// <summary>Narrows along lines until nothing changes.</summary>
    /// <param name="take">Which lines to use.</param>
    /// <param name="most">How often a line may be used; a line on a cycle may creep for long, and need not be followed to the end.</param>
    /// <returns>False where a variable has no value left.</returns>
    public bool Propagate(Func<int, bool> take, Func<int, int> most)
    {
        var queue = new Queue<int>(Enumerable.Range(0, lines.Count).Where(take));
        var waiting = new bool[lines.Count];
        var used = new int[lines.Count];
        foreach (int line in queue) waiting[line] = true;
        while (queue.TryDequeue(out int line))
        {
            waiting[line] = false;
            if (used[line]++ >= most(line)) continue;
            (long sumLow, int freeLow, long sumHigh, int freeHigh) = Sums(lines[line]);
            foreach ((int variable, int sign) in lines[line])
            {
                (long oldLow, long oldHigh) = (low[variable], high[variable]);
                // The others' signed sum lies between these; the variable is its opposite.
                (long least, bool leastFree) = Without(sumLow, freeLow, sign > 0 ? oldLow : oldHigh, sign);
                (long greatest, bool greatestFree) = Without(sumHigh, freeHigh, sign > 0 ? oldHigh : oldLow, sign);
                long newLow = sign > 0 ? (greatestFree ? long.MinValue : -greatest) : (leastFree ? long.MinValue : least);
                long newHigh = sign > 0 ? (leastFree ? BoundedSimplex.Unbounded : -least) : (greatestFree ? BoundedSimplex.Unbounded : greatest);
                if (newLow <= oldLow && newHigh >= oldHigh) continue;
                if (!Narrow(variable, newLow, newHigh)) return false;
                (sumLow, freeLow, sumHigh, freeHigh) = Sums(lines[line]);
                foreach (int other in linesOf[variable])
                {
                    if (waiting[other] || !take(other)) continue;
                    waiting[other] = true;
                    queue.Enqueue(other);
                }
            }
        }

        return true;
    }

    private static (long Sum, bool IsFree) Without(long sum, int free, long bound, int sign) =>
        bound == BoundedSimplex.Unbounded ? (sum, free > 1) : (sum - (sign * bound), free > 0);

    private (long SumLow, int FreeLow, long SumHigh, int FreeHigh) Sums((int Variable, int Sign)[] terms)
    {
        (long sumLow, int freeLow, long sumHigh, int freeHigh) = (0, 0, 0, 0);
        foreach ((int variable, int sign) in terms)
        {
            bool free = high[variable] == BoundedSimplex.Unbounded;
            if (sign > 0)
            {
                sumLow += low[variable];
                if (free) freeHigh++;
                else sumHigh += high[variable];
            }
            else
            {
                sumHigh -= low[variable];
                if (free) freeLow++;
                else sumLow -= high[variable];
            }
        }

        return (sumLow, freeLow, sumHigh, freeHigh);
    }
}
