namespace Opinion.Analysis.Suppression.Audit;

/// <summary>
/// Finds all whole values of the hidden unknowns. What hangs on a cycle only by a tree is narrowed line by line; the cycles in
/// the middle are solved by <see cref="IntegerBounds"/>, with each tree on them standing as one unknown; and what is learned
/// there is carried back into the trees. That is exact as long as the values where tree and cycle meet have no gap. Where this
/// is not sure, nothing is taken for a tree.
/// </summary>
internal static class AttackerProblem
{
    // Lines on cycles are narrowed this often at most before linear programming takes over.
    private const int MostOnCycle = 30;

    /// <summary>The values of every hidden variable; null where there is no solution.</summary>
    public static WholeRange[]? Solve(LineSystem given, bool[] hidden)
    {
        var system = new LineSystem(given);
        (bool[] coreVariables, bool[] coreLines) = system.Core();
        coreLines = Bundle(system, coreVariables, coreLines);
        bool isSure = Solve(system, coreLines, hidden, out WholeRange[]? ranges);
        if (isSure) return ranges;
        bool[] all = new bool[given.Lines.Count];
        Array.Fill(all, true);
        Solve(new LineSystem(given), all, hidden, out ranges);
        return ranges;
    }

    private static bool Solve(LineSystem system, bool[] coreLines, bool[] hidden, out WholeRange[]? ranges)
    {
        ranges = null;
        var found = new WholeRange?[system.Variables];
        if (!system.Propagate(_ => true, line => coreLines[line] ? MostOnCycle : int.MaxValue)) return true;
        foreach (int[] lines in Components(system, coreLines))
        {
            int[] variables = [.. lines.SelectMany(line => system.Lines[line]).Select(term => term.Variable).Distinct()];
            var at = new Dictionary<int, int>();
            for (int i = 0; i < variables.Length; i++) at[variables[i]] = i;
            var bounds = new IntegerBounds(
                [.. variables.Select(system.Low)],
                [.. variables.Select(system.High)],
                [.. lines.Select(line => system.Lines[line].Select(term => (at[term.Variable], term.Sign)).ToArray())]);
            if (!bounds.IsFeasible) return true;
            for (int i = 0; i < variables.Length; i++)
            {
                int variable = variables[i];
                bool isHidden = variable < hidden.Length && hidden[variable];
                bool carries = system.LinesOf(variable).Any(line => !coreLines[line]);
                if (!isHidden && !carries) continue;
                WholeRange range = bounds.Range(i);
                if (carries && !range.HasNoGap) return false;
                if (!system.Narrow(variable, range.Low, range.High)) return true;
                if (isHidden) found[variable] = range;
            }
        }

        if (!system.Propagate(line => !coreLines[line], _ => int.MaxValue)) return true;
        ranges = [.. Enumerable.Range(0, hidden.Length).Select(i => found[i] ?? WholeRange.Between(system.Low(i), system.High(i)))];
        return true;
    }

    // All that hangs on a line of the core by trees is taken together into at most two unknowns, one for each sign.
    private static bool[] Bundle(LineSystem system, bool[] coreVariables, bool[] coreLines)
    {
        int given = coreLines.Length;
        for (int line = 0; line < given; line++)
        {
            if (!coreLines[line]) continue;
            foreach (int sign in (ReadOnlySpan<int>)[1, -1])
            {
                (int Variable, int Sign)[] terms = system.Lines[line];
                int[] bundle = [.. terms.Where(term => term.Sign == sign && !IsCore(term.Variable)).Select(term => term.Variable)];
                if (bundle.Length < 2) continue;
                int sum = system.AddVariable(0, BoundedSimplex.Unbounded);
                system.ReplaceLine(line, [.. terms.Where(term => term.Sign != sign || IsCore(term.Variable)), (sum, sign)]);
                system.AddLine([.. bundle.Select(variable => (variable, 1)), (sum, -1)]);
            }
        }

        return [.. coreLines, .. new bool[system.Lines.Count - given]];

        bool IsCore(int variable) => variable < coreVariables.Length && coreVariables[variable];
    }

    private static IEnumerable<int[]> Components(LineSystem system, bool[] coreLines)
    {
        var seen = new bool[coreLines.Length];
        for (int start = 0; start < coreLines.Length; start++)
        {
            if (!coreLines[start] || seen[start]) continue;
            var component = new List<int> { start };
            seen[start] = true;
            for (int at = 0; at < component.Count; at++)
            {
                foreach (int next in system.Lines[component[at]].SelectMany(term => system.LinesOf(term.Variable)).Where(next => coreLines[next] && !seen[next]))
                {
                    if (seen[next]) continue;
                    seen[next] = true;
                    component.Add(next);
                }
            }

            yield return [.. component];
        }
    }
}
