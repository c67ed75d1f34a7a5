using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Opinion.Analysis.Topics;

/// <summary>The nodes of an index, the buckets they are found by, and the ties between those that may be about the same matter.</summary>
internal sealed class TieGraph
{
    private const int ManyKeys = 6;

    private readonly List<LetterNode?> _nodes = [];
    private readonly Stack<int> _free = [];
    private readonly List<bool> _fewKeys = [];
    private readonly KeyBuckets _buckets;

    internal TieGraph() => _buckets = new KeyBuckets(Order);

    /// <summary>Compares nodes by their content.</summary>
    internal ContentOrder Order { get; } = new();

    internal LetterNode Node(int number) => _nodes[number]!;

    /// <summary>Makes a node, not yet tied.</summary>
    internal int Make(LetterProfile profile)
    {
        var node = new LetterNode(profile);
        if (_free.TryPop(out int number))
        {
            _nodes[number] = node;
        }
        else
        {
            number = _nodes.Count;
            _nodes.Add(node);
            _fewKeys.Add(false);
        }

        Order.Set(number, profile.Place);
        _fewKeys[number] = HasFewKeys(profile);
        return number;
    }

    /// <summary>Ties new nodes to others, and unties older ones that they part.</summary>
    /// <param name="added">New nodes in the order of their content.</param>
    /// <param name="touched">Takes the older nodes whose ties changed.</param>
    internal void Tie(int[] added, HashSet<int> touched)
    {
        foreach ((int a, int b) in AddToBuckets(added))
        {
            if (IsSupported(a, b) || !Node(a).IsTied(b)) continue;
            Node(a).Untie(b);
            Node(b).Untie(a);
            touched.Add(a);
            touched.Add(b);
        }

        if (added.Length == 0) return;
        var found = new ConcurrentBag<List<(int Node, LetterNode.Tie Tie)>>();
        var isNew = new HashSet<int>(added);
        Parallel.ForEach(
            Partitioner.Create(0, added.Length, 256),
            range =>
            {
                var ties = new List<(int, LetterNode.Tie)>();
                var near = new List<int>();
                var probe = new PairProbe();
                for (int i = range.Item1; i < range.Item2; i++) FindTies(added[i], isNew, near, probe, ties);
                found.Add(ties);
            });
        foreach ((int number, LetterNode.Tie tie) in found.SelectMany(ties => ties))
        {
            Node(number).AddTie(tie);
            Node(tie.Other).AddTie(tie with { Other = number });
            touched.Add(tie.Other);
        }
    }

    /// <summary>Removes a node with all its ties, and ties older ones that it kept apart.</summary>
    /// <param name="number">A node that is tied.</param>
    /// <param name="touched">Takes the other nodes whose ties changed.</param>
    internal void Remove(int number, HashSet<int> touched)
    {
        LetterNode node = Node(number);
        var met = new HashSet<(int, int)>();
        foreach (uint key in node.Profile.Keys) _buckets.Remove(key, number, (a, b) => met.Add((a, b)));
        foreach ((int a, int b) in met)
        {
            if (Node(a).IsTied(b) || !IsSupported(a, b)) continue;
            double logOdds = SameMatter.LogOdds(Node(a).Profile, Node(b).Profile);
            if (logOdds < TopicSplitter.LeastTie) continue;
            Node(a).AddTie(new LetterNode.Tie(b, (float)logOdds));
            Node(b).AddTie(new LetterNode.Tie(a, (float)logOdds));
            touched.Add(a);
            touched.Add(b);
        }

        foreach (LetterNode.Tie tie in node.Ties)
        {
            Node(tie.Other).Untie(number);
            touched.Add(tie.Other);
        }

        _nodes[number] = null;
        _free.Push(number);
    }

    // Two nodes must be near by two keys, for one place name has several grams and a chance agreement one; unless they have few.
    private static bool HasFewKeys(LetterProfile profile) => profile.Keys.Length < ManyKeys;

    private bool IsSupported(int a, int b)
    {
        LetterProfile first = Node(a).Profile;
        LetterProfile second = Node(b).Profile;
        int support = 0;
        foreach (uint key in first.Keys)
        {
            if (Array.IndexOf(second.Keys, key) >= 0 && _buckets.AreNear(key, a, b)) support++;
        }

        return support > 1 || (support == 1 && (HasFewKeys(first) || HasFewKeys(second)));
    }

    /// <summary>Adds new nodes to the buckets of their keys.</summary>
    /// <returns>The tied pairs of older nodes that are no longer near in some bucket.</returns>
    private HashSet<(int A, int B)> AddToBuckets(int[] added)
    {
        var parted = new HashSet<(int, int)>();
        var byKey = new List<ulong>();
        for (int i = 0; i < added.Length; i++)
        {
            foreach (uint key in Node(added[i]).Profile.Keys) byKey.Add(((ulong)key << 32) | (uint)i);
        }

        byKey.Sort();
        var nodes = new List<int>();
        for (int i = 0; i < byKey.Count; i++)
        {
            nodes.Add(added[(int)(uint)byKey[i]]);
            uint key = (uint)(byKey[i] >> 32);
            if (i + 1 < byKey.Count && (uint)(byKey[i + 1] >> 32) == key) continue;
            _buckets.Add(key, CollectionsMarshal.AsSpan(nodes), Part);
            nodes.Clear();
        }

        return parted;

        void Part(int a, int b)
        {
            if (Node(a).IsTied(b)) parted.Add((a, b));
        }
    }

    private void FindTies(int number, HashSet<int> isNew, List<int> near, PairProbe probe, List<(int, LetterNode.Tie)> ties)
    {
        LetterProfile profile = Node(number).Profile;
        near.Clear();
        foreach (uint key in profile.Keys) _buckets.Near(key, number, near);
        near.Sort();
        probe.Load(profile);
        bool fewKeys = HasFewKeys(profile);
        for (int i = 0, run = 0; i < near.Count; i++)
        {
            run++;
            if (i + 1 < near.Count && near[i + 1] == near[i]) continue;
            // Two new nodes meet twice and are compared once.
            if ((run > 1 || fewKeys || _fewKeys[near[i]]) && (near[i] > number || !isNew.Contains(near[i])))
            {
                double logOdds = probe.LogOdds(Node(near[i]).Profile);
                if (logOdds >= TopicSplitter.LeastTie) ties.Add((number, new LetterNode.Tie(near[i], (float)logOdds)));
            }

            run = 0;
        }
    }
}
