using System.Numerics;
using System.Runtime.CompilerServices;

namespace Opinion.Analysis.Classification;

/// <summary>
/// The pieces a sorter knows, in one tree: runs of one or two characters, and words. One walk from a place in a text
/// meets all pieces that begin there. Steps lie in one table with open addressing, eight bytes each, and a run is known
/// by the number of its node, so that most pairs of characters cost one access to memory. Immutable and thread-safe.
/// </summary>
internal sealed class PieceTrie
{
    internal const int LongestRun = 2;
    internal const int LongestPiece = 8;
    private const int FlagBits = 2;
    private const int NodeBits = 22;
    private const int LowBits = FlagBits + NodeBits;
    private const ulong WordFlag = 1;
    private const ulong ChildrenFlag = 2;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly RootNode[] _roots = new RootNode[char.MaxValue + 1];
    private readonly ulong[] _edges;
    private readonly int _shift;
    private readonly WordEnd[] _wordEnds;

    /// <summary>Builds the tree.</summary>
    /// <param name="pieces">Runs first, then words; a text may stand once in each part.</param>
    /// <param name="runs">How many of them are runs.</param>
    /// <param name="costs">Per word, how unlikely it is.</param>
    /// <exception cref="ArgumentException">A piece is empty, too long or stands twice.</exception>
    internal PieceTrie(string[] pieces, int runs, float[] costs)
    {
        int characters = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Length == 0 || pieces[i].Length > (i < runs ? LongestRun : LongestPiece)) throw new ArgumentException($"piece {i} has {pieces[i].Length} characters");
            characters += pieces[i].Length;
        }

        // More slots than the pieces have characters: there is always an empty one.
        int bits = Math.Max(4, BitOperations.Log2((uint)Math.Max(1, characters)) + 1);
        _edges = new ulong[1 << bits];
        _shift = 64 - bits;
        _roots.AsSpan().Fill(new RootNode(0, -1, 0, false));
        // Run i is node i + 1; node 0 is none; the others follow.
        var nodes = new List<NodeContent>(Enumerable.Repeat(new NodeContent(-1, 0, false), runs + 1));
        for (int i = 0; i < runs; i++)
        {
            if (pieces[i].Length == 1 && !TryPut(ref Root(pieces[i][0]), i + 1)) throw new ArgumentException($"piece {i} stands twice");
        }

        for (int i = 0; i < pieces.Length; i++)
        {
            string piece = pieces[i];
            if (piece.Length == 1 && i < runs) continue;
            int at = Root(piece[0]).Node;
            if (at == 0) Root(piece[0]) = Root(piece[0]) with { Node = at = Add(nodes) };
            for (int k = 1; k < piece.Length; k++)
            {
                ref ulong edge = ref _edges[Slot(at, piece[k])];
                if (edge == 0)
                {
                    nodes[at] = nodes[at] with { HasChildren = true };
                    edge = (Key(at, piece[k]) << LowBits) | ((ulong)(i < runs ? i + 1 : Add(nodes)) << FlagBits);
                }
                else if (i < runs)
                {
                    throw new ArgumentException($"piece {i} stands twice");
                }

                at = NodeOf(edge);
            }

            if (i < runs) continue;
            if (nodes[at].Word >= 0) throw new ArgumentException($"piece {i} stands twice");
            nodes[at] = nodes[at] with { Word = i, Cost = costs[i - runs] };
        }

        if (nodes.Count > 1 << NodeBits) throw new ArgumentException("too many pieces");
        foreach (ref ulong edge in _edges.AsSpan())
        {
            if (edge == 0) continue;
            NodeContent node = nodes[NodeOf(edge)];
            edge |= (node.Word >= 0 ? WordFlag : 0) | (node.HasChildren ? ChildrenFlag : 0);
        }

        foreach (ref RootNode root in _roots.AsSpan())
        {
            if (root.Node != 0) root = new RootNode(root.Node, nodes[root.Node].Word, nodes[root.Node].Cost, nodes[root.Node].HasChildren);
        }

        _wordEnds = [.. nodes.Select(node => new WordEnd(node.Word, node.Cost))];
    }

    /// <summary>The node of a single character; its number is 0 where no piece begins with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref RootNode Root(char c) => ref _roots[c];

    /// <summary>The step from a node by one character; 0 where no piece goes on so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Step(int node, char c) => _edges[Slot(node, c)];

    /// <summary>Where a step leads.</summary>
    internal static int NodeOf(ulong step) => (int)((step >> FlagBits) & ((1 << NodeBits) - 1));

    /// <summary>Whether a word ends where a step leads.</summary>
    internal static bool EndsWord(ulong step) => (step & WordFlag) != 0;

    /// <summary>Whether any piece goes on from where a step leads.</summary>
    internal static bool GoesOn(ulong step) => (step & ChildrenFlag) != 0;

    /// <summary>The word that ends at a node.</summary>
    internal ref readonly WordEnd WordAt(int node) => ref _wordEnds[node];

    private static ulong Key(int node, char c) => ((ulong)(uint)node << 16) | c;

    private static bool TryPut(ref RootNode root, int node)
    {
        if (root.Node != 0) return false;
        root = root with { Node = node };
        return true;
    }

    private static int Add(List<NodeContent> nodes)
    {
        nodes.Add(new NodeContent(-1, 0, false));
        return nodes.Count - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(int node, char c)
    {
        ulong[] edges = _edges;
        ulong key = Key(node, c);
        int slot = (int)((key * Multiplier) >> _shift);
        while (edges[slot] != 0 && edges[slot] >> LowBits != key) slot = (slot + 1) & (edges.Length - 1);
        return slot;
    }

    /// <summary>A single character as the beginning of pieces.</summary>
    /// <param name="Node">Its number; up to the number of runs, one more than that of the run.</param>
    /// <param name="Word">The word of this one character; below 0 for none.</param>
    /// <param name="Cost">That word's cost.</param>
    /// <param name="HasChildren">Whether any piece goes on.</param>
    internal readonly record struct RootNode(int Node, int Word, float Cost, bool HasChildren);

    /// <summary>A word and its cost.</summary>
    internal readonly record struct WordEnd(int Word, float Cost);

    private readonly record struct NodeContent(int Word, float Cost, bool HasChildren);
}
