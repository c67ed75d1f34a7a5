using Opinion.Analysis.Suppression;

namespace Opinion.Analysis.Tests.Suppression;

/// <summary>The shape of an invented town's weekly tables. Everything in it follows from the seed.</summary>
/// <param name="Weeks">How many weeks are released.</param>
/// <param name="Tops">Subjects of the first level; each has as many below it, two levels down.</param>
/// <param name="Children">Subjects below a subject.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Departments">Departments; 0 for no tables by department.</param>
/// <param name="Dispositions">Dispositions in the two-way table with departments.</param>
/// <param name="Letters">Letters of a week, about.</param>
internal sealed record TownShape(int Weeks, int Tops, int Children, int Channels, int Departments, int Dispositions, int Letters);

/// <summary>
/// True counts of several weeks: received by subject in three levels, by channel and by department, closed by department and
/// disposition, and the open ones by department and in all, which go on from week to week.
/// </summary>
internal sealed class Town
{
    private Town(List<CountCell> cells, List<CountLine> lines, List<string> weeks) => (Cells, Lines, Weeks) = (cells, lines, weeks);

    public IReadOnlyList<CountCell> Cells { get; }

    public IReadOnlyList<CountLine> Lines { get; }

    public IReadOnlyList<string> Weeks { get; }

    public static Town Build(int seed, TownShape shape)
    {
        var random = new Random(seed);
        List<string> weeks = [.. Enumerable.Range(1, shape.Weeks).Select(week => $"2026-W{week:00}")];
        var all = new CountCubeBuilder();
        double[] leafWeights = Weights(random, shape.Tops * shape.Children * shape.Children);
        double[] channelWeights = Weights(random, shape.Channels);
        double[] departmentWeights = Weights(random, shape.Departments);
        double[] dispositionWeights = Weights(random, shape.Dispositions);
        long[] open = [.. departmentWeights.Select(weight => (long)(weight * shape.Letters * random.NextDouble()))];
        AddOpen(all, "2026-W00", weeks.Count > 0 ? weeks[0] : "", open);
        string before = "2026-W00";
        foreach (string week in weeks)
        {
            long received = (long)(shape.Letters * (0.5 + random.NextDouble()));
            all.Cell($"{week}/received", week, received);
            AddSubjects(all, random, week, shape, Split(random, received, leafWeights));
            AddPartition(all, week, $"{week}/received", "channel", Split(random, received, channelWeights));
            if (shape.Departments > 0)
            {
                long[] inflow = Split(random, received, departmentWeights);
                AddPartition(all, week, $"{week}/received", "department", inflow);
                AddClosed(all, random, week, shape, inflow, open, dispositionWeights);
                AddOpen(all, week, week, open);
                for (int d = 0; d < open.Length; d++) all.Stock($"{before}/open/{d}", $"{week}/received/department/{d}", $"{week}/closed/{d}", $"{week}/open/{d}");
                all.Stock($"{before}/open", $"{week}/received", $"{week}/closed", $"{week}/open");
            }

            before = week;
        }

        CountCube built = all.Build();
        return new Town([.. built.Cells], [.. built.Lines], weeks);
    }

    /// <summary>Cells and lines as they are known when a week is released.</summary>
    public (List<CountCell> Cells, List<CountLine> Lines) Until(string week)
    {
        List<CountCell> cells = [.. Cells.Where(cell => string.CompareOrdinal(cell.Release, week) <= 0)];
        HashSet<string> keys = [.. cells.Select(cell => cell.Key)];
        return (cells, [.. Lines.Where(line => line.Parts.Concat(line.Totals).All(keys.Contains))]);
    }

    /// <summary>Releases week after week through the function; each is checked by the caller's eyes if it wants.</summary>
    public List<PublishedCell> Publish(Action<string, SuppressionResult>? see = null)
    {
        var published = new List<PublishedCell>();
        foreach (string week in Weeks)
        {
            (List<CountCell> cells, List<CountLine> lines) = Until(week);
            SuppressionResult result = CellSuppression.Suppress(new CountCube(cells, lines, published));
            see?.Invoke(week, result);
            published.AddRange(result.Cells);
        }

        return published;
    }

    /// <summary>What plain hiding would publish: small cells hidden, nothing else.</summary>
    public List<PublishedCell> PublishPlainly() => [.. Cells.Select(cell => new PublishedCell(cell.Key, cell.IsSmall ? null : CountTable.Round(cell.Count)))];

    /// <summary>What hiding week by week would publish, each safe in itself and blind to the others.</summary>
    public List<PublishedCell> PublishBlindly()
    {
        var published = new List<PublishedCell>();
        foreach (string week in Weeks)
        {
            List<CountCell> cells = [.. Cells.Where(cell => cell.Release == week)];
            HashSet<string> keys = [.. cells.Select(cell => cell.Key)];
            var lines = Lines.Where(line => line.Parts.Concat(line.Totals).All(keys.Contains));
            published.AddRange(CellSuppression.Suppress(new CountCube(cells, lines, [])).Cells);
        }

        return published;
    }

    private static void AddSubjects(CountCubeBuilder all, Random random, string week, TownShape shape, long[] leaves)
    {
        var nodes = new List<TreeCount>();
        int leaf = 0;
        for (int top = 0; top < shape.Tops; top++)
        {
            string topKey = $"{week}/subject/{top}";
            long topSum = 0;
            for (int middle = 0; middle < shape.Children; middle++)
            {
                string middleKey = $"{topKey}.{middle}";
                long middleSum = 0;
                for (int last = 0; last < shape.Children; last++)
                {
                    long count = leaves[leaf++];
                    // One leaf in twenty is a campaign: many letters from one template.
                    nodes.Add(new TreeCount($"{middleKey}.{last}", middleKey, count, random.Next(20) == 0 ? Math.Min(count, random.Next(1, 15)) : null));
                    middleSum += count;
                }

                nodes.Add(new TreeCount(middleKey, topKey, middleSum));
                topSum += middleSum;
            }

            nodes.Add(new TreeCount(topKey, null, topSum));
        }

        all.Tree(week, $"{week}/received", nodes);
    }

    private static void AddPartition(CountCubeBuilder all, string week, string total, string name, long[] counts) =>
        all.Tree(week, total, [.. counts.Select((count, i) => new TreeCount($"{total}/{name}/{i}", null, count))]);

    private static void AddOpen(CountCubeBuilder all, string key, string release, long[] open)
    {
        if (open.Length == 0) return;
        all.Cell($"{key}/open", release, open.Sum());
        for (int d = 0; d < open.Length; d++) all.Cell($"{key}/open/{d}", release, open[d]);
        all.Line([.. Enumerable.Range(0, open.Length).Select(d => $"{key}/open/{d}")], [$"{key}/open"]);
    }

    private static void AddClosed(CountCubeBuilder all, Random random, string week, TownShape shape, long[] inflow, long[] open, double[] dispositionWeights)
    {
        long[][] closed = new long[open.Length][];
        for (int d = 0; d < open.Length; d++)
        {
            long leaving = (long)((open[d] + inflow[d]) * (0.4 + (0.5 * random.NextDouble())));
            closed[d] = Split(random, leaving, dispositionWeights);
            open[d] += inflow[d] - leaving;
            all.Cell($"{week}/closed/{d}", week, leaving);
        }

        all.Cell($"{week}/closed", week, closed.Sum(row => row.Sum()));
        for (int k = 0; k < shape.Dispositions; k++) all.Cell($"{week}/disposition/{k}", week, closed.Sum(row => row[k]));
        string[] rows = [.. Enumerable.Range(0, open.Length).Select(d => $"{week}/closed/{d}")];
        string[] columns = [.. Enumerable.Range(0, shape.Dispositions).Select(k => $"{week}/disposition/{k}")];
        all.Line(rows, [$"{week}/closed"]).Line(columns, [$"{week}/closed"]);
        all.TwoWay(week, rows, columns, (d, k) => ($"{week}/closed/{d}/{k}", closed[d][k], null));
    }

    // Few are frequent and most are rare, as subjects are.
    private static double[] Weights(Random random, int count)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => Math.Pow(random.NextDouble(), 4) + 0.001)];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    private static long[] Split(Random random, long sum, double[] weights)
    {
        long[] parts = [.. weights.Select(weight => (long)(sum * weight * (0.7 + (0.3 * random.NextDouble()))))];
        for (long left = sum - parts.Sum(); left > 0; left--) parts[Pick(random, weights)]++;
        return parts;
    }

    private static int Pick(Random random, double[] weights)
    {
        double at = random.NextDouble();
        int i = 0;
        while (i < weights.Length - 1 && (at -= weights[i]) > 0) i++;
        return i;
    }
}
