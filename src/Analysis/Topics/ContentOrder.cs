namespace Opinion.Analysis.Topics;

/// <summary>Compares nodes by their content.</summary>
internal sealed class ContentOrder : IComparer<int>
{
    // Apart, because the upper halves nearly always decide and are half as much to read.
    private ulong[] _upper = new ulong[16];
    private ulong[] _lower = new ulong[16];

    /// <summary>Tells the content of a node.</summary>
    internal void Set(int node, (ulong Upper, ulong Lower) place)
    {
        if (node >= _upper.Length)
        {
            Array.Resize(ref _upper, Math.Max(node + 1, _upper.Length * 2));
            Array.Resize(ref _lower, _upper.Length);
        }

        _upper[node] = place.Upper;
        _lower[node] = place.Lower;
    }

    /// <inheritdoc/>
    public int Compare(int x, int y)
    {
        int order = _upper[x].CompareTo(_upper[y]);
        return order != 0 ? order : _lower[x].CompareTo(_lower[y]);
    }

    /// <summary>The place of a node in an ordered list that has it.</summary>
    internal int Find(int[] list, int node)
    {
        ulong wanted = _upper[node];
        int low = 0;
        int high = list.Length - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int other = list[middle];
            ulong there = _upper[other];
            if (there < wanted || (there == wanted && _lower[other] < _lower[node])) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
