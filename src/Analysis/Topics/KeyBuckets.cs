using System.Runtime.InteropServices;

namespace Opinion.Analysis.Topics;

/// <summary>
/// For every key the nodes that have it, in the order of their content. Two nodes are compared when they are near each
/// other in a bucket: in a small one all are, in a large one only the next few, which a content's order picks as if at
/// random (the sorted neighbourhood of Hernández and Stolfo, SIGMOD 1995). So the work per node is bounded, and the pairs
/// depend on which nodes there are and not on how they came.
/// </summary>
internal sealed class KeyBuckets(ContentOrder order)
{
    private const int SmallBucket = 32;
    private const int LeastReach = 3;

    // Most keys are held by one node alone, which then stands in place of a list; others are ~index into the lists.
    private readonly Dictionary<uint, int> _buckets = [];
    private readonly List<int[]> _lists = [];

    /// <summary>How far two nodes of a bucket may lie apart to be compared.</summary>
    internal static int Reach(int count) => count <= SmallBucket ? count : Math.Max(LeastReach, SmallBucket * SmallBucket / count);

    /// <summary>Adds nodes to a bucket.</summary>
    /// <param name="key">The bucket's key.</param>
    /// <param name="nodes">New nodes in order, none of which is in the bucket.</param>
    /// <param name="parted">Told the pairs of older nodes that are too far apart from now on.</param>
    internal void Add(uint key, ReadOnlySpan<int> nodes, Action<int, int> parted)
    {
        ref int slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, key, out bool exists);
        if (!exists && nodes.Length == 1)
        {
            slot = nodes[0];
            return;
        }

        int[] old = !exists ? [] : slot >= 0 ? [slot] : _lists[~slot];
        int[] merged = Merge(old, nodes);
        if (exists && slot < 0)
        {
            _lists[~slot] = merged;
        }
        else
        {
            _lists.Add(merged);
            slot = ~(_lists.Count - 1);
        }

        if (old.Length > 1) Compare(old, merged, parted);
    }

    /// <summary>Removes a node from a bucket.</summary>
    /// <param name="key">The bucket's key.</param>
    /// <param name="node">A node of the bucket.</param>
    /// <param name="met">Told the pairs of other nodes that are near enough from now on.</param>
    internal void Remove(uint key, int node, Action<int, int> met)
    {
        int slot = _buckets[key];
        if (slot >= 0)
        {
            _buckets.Remove(key);
            return;
        }

        int[] old = _lists[~slot];
        int[] rest = Array.FindAll(old, other => other != node);
        _lists[~slot] = rest;
        Compare(rest, old, met);
    }

    /// <summary>Adds to a list the nodes that a node is compared with by one key.</summary>
    internal void Near(uint key, int node, List<int> near)
    {
        if (!_buckets.TryGetValue(key, out int slot) || slot >= 0) return;
        int[] bucket = _lists[~slot];
        int at = order.Find(bucket, node);
        int reach = Reach(bucket.Length);
        int end = Math.Min(bucket.Length, at + reach + 1);
        for (int i = Math.Max(0, at - reach); i < end; i++)
        {
            if (i != at) near.Add(bucket[i]);
        }
    }

    /// <summary>Whether two nodes are compared by a key that both have.</summary>
    internal bool AreNear(uint key, int a, int b)
    {
        if (!_buckets.TryGetValue(key, out int slot) || slot >= 0) return false;
        int[] bucket = _lists[~slot];
        return Math.Abs(order.Find(bucket, a) - order.Find(bucket, b)) <= Reach(bucket.Length);
    }

    private int[] Merge(int[] old, ReadOnlySpan<int> nodes)
    {
        var merged = new int[old.Length + nodes.Length];
        for (int i = 0, j = 0; i + j < merged.Length;)
        {
            bool takeOld = j == nodes.Length || (i < old.Length && order.Compare(old[i], nodes[j]) < 0);
            merged[i + j] = takeOld ? old[i] : nodes[j];
            if (takeOld) i++;
            else j++;
        }

        return merged;
    }

    /// <summary>Tells the pairs of the smaller list that are within reach there and out of reach in the larger, which holds it.</summary>
    private static void Compare(int[] smaller, int[] larger, Action<int, int> tell)
    {
        int reach = Reach(smaller.Length);
        int largerReach = Reach(larger.Length);
        var places = new int[smaller.Length];
        for (int i = 0, j = 0; i < smaller.Length; j++)
        {
            if (larger[j] == smaller[i]) places[i++] = j;
        }

        for (int i = 0; i < smaller.Length; i++)
        {
            int end = Math.Min(smaller.Length, i + reach + 1);
            for (int j = end - 1; j > i && places[j] - places[i] > largerReach; j--) tell(smaller[i], smaller[j]);
        }
    }
}
