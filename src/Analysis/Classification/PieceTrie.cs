using System.Numerics;

namespace Opinion.Analysis.Classification;

/// <summary>
/// The pieces a sorter knows, in one tree: runs of one or two characters, and words. One walk from a place in a text
/// meets all pieces that begin there. Children lie in one table with open addressing, eight bytes each, so that a
/// step costs one access to memory. Immutable and thread-safe.
/// </summary>
internal sealed class PieceTrie
{
    internal const int LongestPiece = 8;
    private const int ChildBits = 24;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly int[] _roots = new int[char.MaxValue + 1];
    private readonly Node[] _nodes;
    private readonly ulong[] _edges;
    private readonly int _shift;

    /// <summary>Builds the tree.</summary>
    /// <param name="pieces">Runs first, then words; a text may stand once in each part.</param>
    /// <param name="runs">How many of them are runs.</param>
    /// <param name="costs">Per word, how unlikely it is.</param>
    /// <exception cref="ArgumentException">A piece is empty, too long or stands twice.</exception>
    internal PieceTrie(string[] pieces, int runs, float[] costs)
    {
        int longest = 0;
        foreach (string piece in pieces) longest += piece.Length;
        int bits = Math.Max(4, BitOperations.Log2((uint)Math.Max(1, longest)) + 1);
        var edges = new ulong[1 << bits];
        int shift = 64 - bits;
        // Node 0 is no node; one without pieces stands between a known run and a longer word.
        var nodes = new List<Node>(pieces.Length + 1) { Node.Empty };
        for (int i = 0; i < pieces.Length; i++)
        {
            string piece = pieces[i];
            if (piece.Length is 0 or > LongestPiece) throw new ArgumentException($"piece {i} has {piece.Length} characters");
            ref int root = ref _roots[piece[0]];
            if (root == 0) root = Add();
            int at = root;
            for (int k = 1; k < piece.Length; k++)
            {
                int slot = Slot(edges, shift, at, piece[k]);
                if (edges[slot] == 0)
                {
                    nodes[at] = nodes[at] with { HasChildren = true };
                    edges[slot] = (Key(at, piece[k]) << ChildBits) | (uint)Add();
                }

                at = (int)(edges[slot] & ((1 << ChildBits) - 1));
            }

            Node node = nodes[at];
            if ((i < runs ? node.Run : node.Word) >= 0) throw new ArgumentException($"piece {i} stands twice");
            nodes[at] = i < runs ? node with { Run = i } : node with { Word = i, Cost = costs[i - runs] };
        }

        _nodes = [.. nodes];
        _edges = edges;
        _shift = shift;

        int Add()
        {
            if (nodes.Count >= 1 << ChildBits) throw new ArgumentException("too many pieces");
            nodes.Add(Node.Empty);
            return nodes.Count - 1;
        }
    }

    /// <summary>The node of a single character; 0 where no piece begins with it.</summary>
    internal int Root(char c) => _roots[c];

    /// <summary>The node one character further; 0 where no piece goes on so.</summary>
    internal int Child(int node, char c)
    {
        ulong edge = _edges[Slot(_edges, _shift, node, c)];
        return (int)(edge & ((1 << ChildBits) - 1));
    }

    /// <summary>What a node stands for.</summary>
    internal ref readonly Node this[int node] => ref _nodes[node];

    private static ulong Key(int node, char c) => ((ulong)(uint)node << 16) | c;

    // The table has more slots than the pieces have characters, so there is always an empty one.
    private static int Slot(ulong[] edges, int shift, int node, char c)
    {
        ulong key = Key(node, c);
        int slot = (int)((key * Multiplier) >> shift);
        while (edges[slot] != 0 && edges[slot] >> ChildBits != key) slot = (slot + 1) & (edges.Length - 1);
        return slot;
    }

    /// <summary>A place in the tree.</summary>
    /// <param name="Run">The run that ends here; below 0 for none.</param>
    /// <param name="Word">The word that ends here; below 0 for none.</param>
    /// <param name="Cost">The word's cost.</param>
    /// <param name="HasChildren">Whether any piece goes on.</param>
    internal readonly record struct Node(int Run, int Word, float Cost, bool HasChildren)
    {
        internal static Node Empty { get; } = new(-1, -1, 0, false);
    }
}
