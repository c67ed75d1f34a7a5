namespace Opinion.Analysis.Topics;

/// <summary>
/// Parts a component of nodes tied by pairs into topics, so that a chain of likenesses does not join strangers: clusters
/// are merged while the mean log-odds over their pairs is high enough (average linkage; Sokal and Michener, 1958). In a
/// large component, strongly tied nodes are one cluster from the start, represented by a few. The result depends on the
/// set of nodes alone. Holds no state of its own beyond one call.
/// </summary>
internal sealed class TopicSplitter(Func<int, LetterNode> node, IComparer<int> order)
{
    /// <summary>Two nodes are tied from here on.</summary>
    internal const double LeastTie = -0.8;

    private const double StrongTie = 2;
    private const double LeastMean = -4;
    private const double Most = 3;
    private const int Sample = 96;

    /// <summary>Parts a component.</summary>
    /// <param name="nodes">The nodes in the order of their content.</param>
    /// <returns>The nodes of each topic.</returns>
    internal List<int[]> Split(int[] nodes)
    {
        var topics = new List<int[]>();
        Split(nodes, topics);
        return topics;
    }

    private void Split(int[] nodes, List<int[]> topics)
    {
        if (nodes.Length <= 2)
        {
            topics.Add(nodes);
            return;
        }

        List<int[]> atoms = nodes.Length <= Sample ? [.. nodes.Select(n => new[] { n })] : Tied(nodes, StrongTie);
        if (atoms.Count <= Sample)
        {
            topics.AddRange(Merge(atoms).Select(cluster => cluster.SelectMany(atom => atoms[atom]).ToArray()));
            return;
        }

        // Too many to compare each with each: the largest are clustered, the others join the nearest cluster or part by themselves.
        atoms = [.. atoms.OrderByDescending(atom => atom.Length)];
        List<List<int>> clusters = Merge(atoms[..Sample]);
        LetterProfile[][] seen = [.. clusters.Select(cluster => cluster.Select(atom => node(atoms[atom][0]).Profile).ToArray())];
        List<int>[] joined = [.. clusters.Select(cluster => cluster.SelectMany(atom => atoms[atom]).ToList())];
        var left = new List<int>();
        var probe = new PairProbe();
        foreach (int[] atom in atoms[Sample..]) (Nearest(atom[0], seen, probe) is >= 0 and int nearest ? joined[nearest] : left).AddRange(atom);
        topics.AddRange(joined.Select(cluster => cluster.ToArray()));
        left.Sort(order);
        foreach (int[] part in Tied([.. left], LeastTie)) Split(part, topics);
    }

    /// <summary>The cluster that a node is most like on average; -1 when it is like none.</summary>
    private int Nearest(int number, LetterProfile[][] clusters, PairProbe probe)
    {
        probe.Load(node(number).Profile);
        int nearest = -1;
        double best = LeastMean;
        for (int i = 0; i < clusters.Length; i++)
        {
            double mean = clusters[i].Average(other => Math.Clamp(probe.LogOdds(other), SameMatter.Least, Most));
            if (mean > best) (nearest, best) = (i, mean);
        }

        return nearest;
    }

    /// <summary>The parts of a component that hang together by ties of a strength.</summary>
    private List<int[]> Tied(int[] nodes, double strength)
    {
        var places = new Dictionary<int, int>(nodes.Length);
        for (int i = 0; i < nodes.Length; i++) places.Add(nodes[i], i);
        var sets = new DisjointSets(nodes.Length);
        for (int i = 0; i < nodes.Length; i++)
        {
            foreach (LetterNode.Tie tie in node(nodes[i]).Ties)
            {
                if (tie.LogOdds >= strength && places.TryGetValue(tie.Other, out int other)) sets.Join(i, other);
            }
        }

        return sets.Sets(nodes);
    }

    /// <summary>Merges clusters while the mean over their pairs is high enough.</summary>
    /// <returns>The places of the atoms of each cluster.</returns>
    private List<List<int>> Merge(List<int[]> atoms)
    {
        int count = atoms.Count;
        LetterProfile[][] seen = [.. atoms.Select(atom => Array.ConvertAll(atom[..Math.Min(Math.Max(1, Sample / count), atom.Length)], n => node(n).Profile))];
        double[,] sums = Sums(seen);
        int[] sizes = Array.ConvertAll(seen, profiles => profiles.Length);
        var clusters = new List<int>?[count];
        for (int i = 0; i < count; i++) clusters[i] = [i];
        while (true)
        {
            double best = double.NegativeInfinity;
            (int first, int second) = (-1, -1);
            for (int i = 0; i < count; i++)
            {
                for (int j = i + 1; clusters[i] is not null && j < count; j++)
                {
                    double mean = clusters[j] is null ? double.NegativeInfinity : sums[i, j] / ((double)sizes[i] * sizes[j]);
                    if (mean > best) (best, first, second) = (mean, i, j);
                }
            }

            if (first < 0 || best < LeastMean) break;
            clusters[first]!.AddRange(clusters[second]!);
            clusters[second] = null;
            sizes[first] += sizes[second];
            for (int k = 0; k < count; k++) sums[first, k] = sums[k, first] = sums[first, k] + sums[second, k];
        }

        return [.. clusters.OfType<List<int>>()];
    }

    /// <summary>The sums of the log-odds over the pairs of two clusters, for each two.</summary>
    private static double[,] Sums(LetterProfile[][] clusters)
    {
        var probe = new PairProbe();
        var sums = new double[clusters.Length, clusters.Length];
        for (int i = 1; i < clusters.Length; i++)
        {
            foreach (LetterProfile a in clusters[i])
            {
                probe.Load(a);
                for (int j = 0; j < i; j++)
                {
                    foreach (LetterProfile b in clusters[j]) sums[i, j] += Math.Clamp(probe.LogOdds(b), SameMatter.Least, Most);
                }
            }

            for (int j = 0; j < i; j++) sums[j, i] = sums[i, j];
        }

        return sums;
    }
}
