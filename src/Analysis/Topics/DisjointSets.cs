namespace Opinion.Analysis.Topics;

/// <summary>Disjoint sets of the numbers below a count (Tarjan, 1975).</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parents;

    internal DisjointSets(int count)
    {
        _parents = new int[count];
        for (int i = 0; i < count; i++) _parents[i] = i;
    }

    /// <summary>Makes the sets of two numbers one.</summary>
    internal void Join(int a, int b)
    {
        (a, b) = (Root(a), Root(b));
        // The lowest number is the root, so that sets come in the order of their first members.
        if (a < b) _parents[b] = a;
        else _parents[a] = b;
    }

    /// <summary>The members of each set, given what stands for each number: sets by their first member, members in order.</summary>
    internal List<int[]> Sets(int[] members)
    {
        var sizes = new int[members.Length];
        for (int i = 0; i < members.Length; i++) sizes[Root(i)]++;
        var sets = new List<int[]>();
        var places = new int[members.Length];
        for (int i = 0; i < members.Length; i++)
        {
            int root = Root(i);
            if (root == i)
            {
                places[i] = sets.Count;
                sets.Add(new int[sizes[i]]);
            }

            int[] set = sets[places[root]];
            set[^sizes[root]--] = members[i];
        }

        return sets;
    }

    private int Root(int a)
    {
        while (_parents[a] != a)
        {
            _parents[a] = _parents[_parents[a]];
            a = _parents[a];
        }

        return a;
    }
}
