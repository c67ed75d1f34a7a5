namespace Opinion.Analysis.Suppression;

/// <summary>
/// Shows by example that a hidden cell may have many values. It starts from the true counts, which agree with everything
/// published, and moves them by one along closed paths of cells that keep every line, as the hypercube method does with the
/// corners of a cube (Repsilber 1994; Giessing and Repsilber, "Tools and strategies to protect multiple tables with the GHQUAR
/// cell suppression engine", 2002) and a maximum flow does with augmenting paths (Ford and Fulkerson 1956). Every point on
/// the way is whole, not negative and within the rounding of what is shown, so each value a cell passes is one the reader
/// cannot exclude. It never finds too much. Where lines form no cycle it finds all; elsewhere it may find too little, and
/// then more is hidden than need be.
/// </summary>
internal sealed class ProtectionSearch
{
    /// <summary>How many values a hidden cell must be able to have.</summary>
    public const long Required = CountTable.Threshold;

    // Bounds on work and on the depth of the recursion; passing them means only that no example was found.
    private const int MostSteps = 20_000;
    private static readonly int[] Lengths = [2, 4, 6, 8, 12, 20, 40, 100, 400];
    private const int MostRetries = 300;
    private const int LongestKept = 24;
    private const int MostKept = 60;
    private const long Free = long.MaxValue / 4;
    private readonly long[] truth;
    private readonly long[] value;
    private readonly long[] low;
    private readonly long[] high;
    private readonly (int Line, int Sign)[][] linesOf;
    private readonly (int Cell, int Sign)[][] cellsOf;
    private readonly int[] imbalance;
    private readonly int[] move;
    private readonly int[] failedUp;
    private readonly int[] failedDown;
    private readonly List<(int Cell, int Direction)[]>[] pathsOf;
    private readonly List<int> moved = [];
    private readonly List<int> touched = [];
    private int attempt;
    private int steps;
    private int longest;
    private int retries;
    private bool shuffled;
    private uint state;

    /// <param name="truth">The true counts.</param>
    /// <param name="shown">The published values; null where hidden.</param>
    /// <param name="linesOf">For each cell its lines and its sign in them.</param>
    /// <param name="cellsOf">For each line its cells and their signs.</param>
    public ProtectionSearch(long[] truth, long?[] shown, (int Line, int Sign)[][] linesOf, (int Cell, int Sign)[][] cellsOf)
    {
        this.truth = truth;
        this.linesOf = linesOf;
        this.cellsOf = cellsOf;
        value = [.. truth];
        low = [.. shown.Select(v => v is long s ? Math.Max(CountTable.Threshold, s - (CountTable.Step / 2)) : 0)];
        high = [.. shown.Select(v => v is long s ? s + (CountTable.Step / 2) : Free)];
        pathsOf = [.. truth.Select(_ => new List<(int Cell, int Direction)[]>())];
        imbalance = new int[cellsOf.Length];
        move = new int[truth.Length];
        failedUp = new int[truth.Length];
        failedDown = new int[truth.Length];
    }

    /// <summary>Cells that stopped a search because what is shown of them leaves no room; cleared by each call of <see cref="Protects"/>.</summary>
    public HashSet<int> Blockers { get; } = [];

    /// <summary>Cells that the last call of <see cref="Protects"/> moved.</summary>
    public IReadOnlyList<int> Support => touched;

    /// <summary>Takes a cell as hidden from now on.</summary>
    public void Hide(int cell) => (low[cell], high[cell]) = (0, Free);

    /// <summary>Takes a cell as shown from now on.</summary>
    public void Show(int cell)
    {
        long rounded = CountTable.Round(truth[cell]);
        (low[cell], high[cell]) = (Math.Max(CountTable.Threshold, rounded - (CountTable.Step / 2)), rounded + (CountTable.Step / 2));
    }

    /// <summary>Whether ten values of a cell were found that agree with everything shown.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="thorough">Whether to try the turns of a path in many other orders before giving up.</param>
    public bool Protects(int cell, bool thorough = false)
    {
        state = (uint)cell;
        retries = thorough ? MostRetries : 0;
        Blockers.Clear();
        touched.Clear();
        long need = Required - 1;
        need -= Push(cell, 1, need);
        Reset();
        if (need > 0) need -= Push(cell, -1, need);
        Reset();
        return need <= 0;
    }

    // The way down starts from the truth again; both ways share it, so the values found are without a gap.
    private void Reset()
    {
        foreach (int cell in touched) value[cell] = truth[cell];
    }

    private long Push(int cell, int direction, long need)
    {
        long done = 0;
        while (done < need)
        {
            if (Repeat(cell, direction, need - done) is > 0 and long repeated)
            {
                done += repeated;
                continue;
            }

            // Short paths first: they use up the least of what others have to give.
            bool found = false;
            for (int k = 0; k < Lengths.Length + retries && !found; k++)
            {
                attempt++;
                shuffled = k >= Lengths.Length;
                (steps, longest) = (0, Lengths[k % Lengths.Length]);
                moved.Clear();
                found = Move(cell, direction);
            }

            long amount = need - done;
            foreach (int other in moved) amount = Math.Min(amount, Room(other, move[other]));
            if (found && moved.Count <= LongestKept) Keep();
            foreach (int other in moved)
            {
                if (found)
                {
                    value[other] += move[other] * amount;
                    touched.Add(other);
                }

                foreach ((int line, _) in linesOf[other]) imbalance[line] = 0;
                move[other] = 0;
            }

            if (!found) break;
            done += amount;
        }

        return done;
    }

    // A path found for one cell often serves the others on it, in either direction.
    private long Repeat(int cell, int direction, long need)
    {
        foreach ((int Cell, int Direction)[] path in pathsOf[cell])
        {
            int way = 0;
            foreach ((int other, int step) in path)
            {
                if (other == cell) way = step * direction;
            }

            long amount = need;
            foreach ((int other, int step) in path)
            {
                amount = Math.Min(amount, Room(other, way * step));
                if (amount <= 0) break;
            }

            if (amount <= 0) continue;
            foreach ((int other, int step) in path)
            {
                value[other] += way * step * amount;
                touched.Add(other);
            }

            return amount;
        }

        return 0;
    }

    private void Keep()
    {
        (int Cell, int Direction)[] path = [.. moved.Select(cell => (cell, move[cell]))];
        foreach (int cell in moved)
        {
            if (pathsOf[cell].Count < MostKept) pathsOf[cell].Add(path);
        }
    }

    private long Room(int cell, int direction) => direction > 0 ? high[cell] - value[cell] : value[cell] - low[cell];

    // Moves a cell by one and mends every line that this leaves out of balance, or changes nothing.
    private bool Move(int cell, int direction)
    {
        if (move[cell] != 0) return false;
        int[] failed = direction > 0 ? failedUp : failedDown;
        if (failed[cell] == attempt) return false;
        if (Room(cell, direction) <= 0)
        {
            failed[cell] = attempt;
            if (high[cell] != Free) Blockers.Add(cell);
            return false;
        }

        if (++steps > MostSteps || moved.Count >= longest) return false;
        int mark = moved.Count;
        moved.Add(cell);
        move[cell] = direction;
        foreach ((int line, int sign) in linesOf[cell]) imbalance[line] += sign * direction;
        int turn = Turn(linesOf[cell].Length);
        for (int i = 0; i < linesOf[cell].Length; i++)
        {
            int line = linesOf[cell][(i + turn) % linesOf[cell].Length].Line;
            if (imbalance[line] == 0 || Mend(line)) continue;
            Undo(mark);
            failed[cell] = attempt;
            return false;
        }

        return true;
    }

    private bool Mend(int line)
    {
        int missing = imbalance[line];
        // A cell that mends another open line too, or stands on no further line, closes the path; others lengthen it.
        int turn = Turn(cellsOf[line].Length);
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < cellsOf[line].Length; i++)
            {
                (int cell, int sign) = cellsOf[line][(i + turn) % cellsOf[line].Length];
                int direction = missing > 0 ? -sign : sign;
                if (Closes(cell, direction, line) != (pass == 0)) continue;
                if (Move(cell, direction)) return imbalance[line] == 0 || Mend(line);
            }
        }

        return false;
    }

    // Where a retry begins its choice; a linear congruence (Numerical Recipes, 1992), so that the result is always the same.
    private int Turn(int choices)
    {
        if (!shuffled || choices < 2) return 0;
        state = (state * 1664525) + 1013904223;
        return (int)((state >> 8) % (uint)choices);
    }

    private bool Closes(int cell, int direction, int line)
    {
        foreach ((int other, int sign) in linesOf[cell])
        {
            if (other != line && (imbalance[other] == 0 || imbalance[other] > 0 == sign * direction > 0)) return false;
        }

        return true;
    }

    private void Undo(int mark)
    {
        for (int i = moved.Count - 1; i >= mark; i--)
        {
            int cell = moved[i];
            foreach ((int line, int sign) in linesOf[cell]) imbalance[line] -= sign * move[cell];
            move[cell] = 0;
        }

        moved.RemoveRange(mark, moved.Count - mark);
    }
}
