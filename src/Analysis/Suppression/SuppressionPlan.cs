namespace Opinion.Analysis.Suppression;

/// <summary>The working state of one decision: which cells are hidden so far. Cells are numbered by key, lines as in the cube.</summary>
internal sealed class SuppressionPlan
{
    // How many helpers are tried for the one that protects at once, before the best ranked is taken.
    private const int Tried = 12;

    private readonly CountCube cube;
    private readonly (int Line, int Sign)[][] linesOf;
    private readonly (int Cell, int Sign)[][] cellsOf;
    private readonly bool[] isNew;
    private readonly bool[] hidden;
    private readonly int[] hiddenOn;
    private readonly ProtectionSearch search;

    // For each hidden cell whose protection is shown, the cells that the example moves.
    private readonly int[]?[] support;

    public SuppressionPlan(CountCube cube)
    {
        this.cube = cube;
        int count = cube.Cells.Count;
        var number = new Dictionary<string, int>(count, StringComparer.Ordinal);
        var shown = new long?[count];
        isNew = new bool[count];
        hidden = new bool[count];
        support = new int[]?[count];
        for (int i = 0; i < count; i++)
        {
            CountCell cell = cube.Cells[i];
            number[cell.Key] = i;
            isNew[i] = !cube.Released.TryGetValue(cell.Key, out shown[i]);
            if (isNew[i]) shown[i] = Math.Max(CountTable.Threshold, CountTable.Round(cell.Count));
            hidden[i] = shown[i] is null;
        }

        cellsOf = [.. cube.Lines.Select(line => line.Parts.Select(key => (number[key], 1)).Concat(line.Totals.Select(key => (number[key], -1))).ToArray())];
        var lines = new List<(int, int)>[count];
        for (int i = 0; i < count; i++) lines[i] = [];
        hiddenOn = new int[cellsOf.Length];
        for (int line = 0; line < cellsOf.Length; line++)
        {
            foreach ((int cell, int sign) in cellsOf[line])
            {
                lines[cell].Add((line, sign));
                if (hidden[cell]) hiddenOn[line]++;
            }
        }

        linesOf = [.. lines.Select(list => list.ToArray())];
        search = new ProtectionSearch([.. cube.Cells.Select(cell => cell.Count)], shown, linesOf, cellsOf);
    }

    /// <summary>Hides every new cell that is small for itself.</summary>
    public void HideSmall()
    {
        for (int i = 0; i < hidden.Length; i++)
        {
            if (isNew[i] && cube.Cells[i].IsSmall) Hide(i);
        }
    }

    /// <summary>Hides every new cell.</summary>
    public void HideAll()
    {
        for (int i = 0; i < hidden.Length; i++)
        {
            if (isNew[i] && !hidden[i]) Hide(i);
        }
    }

    /// <summary>Hides helpers until all is protected; false where none is left and it is not.</summary>
    public bool Protect()
    {
        // Hiding more never takes protection away, so a cell once protected stays so.
        while (true)
        {
            if (LoneLine() is int lone)
            {
                if (Ranked(cellsOf[lone].Select(term => term.Cell)) is not [int helper, ..]) return false;
                Hide(helper);
                continue;
            }

            int open = -1;
            for (int i = 0; i < hidden.Length && open < 0; i++)
            {
                if (!hidden[i] || support[i] is not null) continue;
                if (search.Protects(i)) support[i] = [.. search.Support];
                else open = i;
            }

            if (open < 0) return true;
            if (Ranked(search.Blockers) is not { Count: > 0 } candidates)
            {
                if (!search.Protects(open, thorough: true)) return false;
                support[open] = [.. search.Support];
                continue;
            }

            Hide(candidates.Take(Tried).Cast<int?>().FirstOrDefault(candidate => Helps(candidate!.Value, open)) ?? candidates[0]);
        }
    }

    /// <summary>Shows new cells again that are not small and whose hiding turned out not to be needed, the largest first.</summary>
    public void ShowUnneeded()
    {
        var users = new HashSet<int>[hidden.Length];
        for (int i = 0; i < users.Length; i++) users[i] = [];
        for (int i = 0; i < hidden.Length; i++) Note(i);
        foreach (int cell in Secondary())
        {
            if (linesOf[cell].Any(term => hiddenOn[term.Line] == 2)) continue;
            Show(cell);
            // Those whose example moved this cell need another one; all others keep theirs.
            var found = new List<(int Cell, int[] Support)>();
            int[] affected = [.. users[cell].Where(other => hidden[other] && support[other]!.Contains(cell)).Order()];
            foreach (int other in affected)
            {
                if (!search.Protects(other)) break;
                found.Add((other, [.. search.Support]));
            }

            if (found.Count < affected.Length)
            {
                Hide(cell);
                continue;
            }

            foreach ((int other, int[] moved) in found)
            {
                support[other] = moved;
                Note(other);
            }
        }

        void Note(int cell)
        {
            foreach (int moved in support[cell] ?? []) users[moved].Add(cell);
        }
    }

    /// <summary>Keys of the hidden cells, old and new, that are not protected or stand alone on a line.</summary>
    public List<string> Exposed()
    {
        var keys = new List<string>();
        for (int i = 0; i < hidden.Length; i++)
        {
            if (!hidden[i]) continue;
            if (support[i] is null && search.Protects(i, thorough: true)) support[i] = [.. search.Support];
            if (support[i] is null || linesOf[i].Any(term => hiddenOn[term.Line] == 1)) keys.Add(cube.Cells[i].Key);
        }

        return keys;
    }

    /// <summary>The new cells as they may be published.</summary>
    public List<PublishedCell> Release()
    {
        var cells = new List<PublishedCell>();
        for (int i = 0; i < hidden.Length; i++)
        {
            if (isNew[i]) cells.Add(new PublishedCell(cube.Cells[i].Key, hidden[i] ? null : CountTable.Round(cube.Cells[i].Count)));
        }

        return cells;
    }

    private int? LoneLine()
    {
        for (int line = 0; line < hiddenOn.Length; line++)
        {
            if (hiddenOn[line] == 1) return line;
        }

        return null;
    }

    private bool Helps(int candidate, int open)
    {
        search.Hide(candidate);
        bool helps = search.Protects(open);
        search.Show(candidate);
        return helps;
    }

    private List<int> Ranked(IEnumerable<int> candidates) =>
        [.. candidates.Where(cell => isNew[cell] && !hidden[cell]).OrderBy(cell => linesOf[cell].Count(term => hiddenOn[term.Line] == 0)).ThenBy(cell => cube.Cells[cell].Count).ThenBy(cell => cell)];

    private int[] Secondary() =>
        [.. Enumerable.Range(0, hidden.Length).Where(cell => isNew[cell] && hidden[cell] && !cube.Cells[cell].IsSmall).OrderByDescending(cell => cube.Cells[cell].Count).ThenBy(cell => cell)];

    private void Hide(int cell)
    {
        hidden[cell] = true;
        foreach ((int line, _) in linesOf[cell]) hiddenOn[line]++;
        search.Hide(cell);
    }

    private void Show(int cell)
    {
        hidden[cell] = false;
        foreach ((int line, _) in linesOf[cell]) hiddenOn[line]--;
        search.Show(cell);
    }
}
