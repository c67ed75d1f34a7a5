namespace Opinion.Analysis.Topics;

/// <summary>Counts of grams in an open-addressing table; 8 bytes for every place of it.</summary>
internal sealed class GramCounter
{
    private uint[] _keys;
    private int[] _counts;
    private int _used;

    internal GramCounter(int capacity = 1 << 12)
    {
        _keys = new uint[capacity];
        _counts = new int[capacity];
    }

    /// <summary>Counts a gram once more. Gram 0 does not exist.</summary>
    internal void Add(uint gram) => Add(gram, 1);

    internal int Count(uint gram)
    {
        int mask = _keys.Length - 1;
        for (int at = Slot(gram, mask); _keys[at] != 0; at = (at + 1) & mask)
        {
            if (_keys[at] == gram) return _counts[at];
        }

        return 0;
    }

    /// <summary>The grams counted more often than this, with their counts, in no order.</summary>
    internal IEnumerable<(uint Gram, int Count)> Above(int count)
    {
        for (int i = 0; i < _keys.Length; i++)
        {
            if (_counts[i] > count) yield return (_keys[i], _counts[i]);
        }
    }

    /// <summary>Where a gram is looked for first in a table of a power of two places.</summary>
    internal static int Slot(uint gram, int mask)
    {
        uint mixed = gram * 2654435769u;
        return (int)(mixed ^ (mixed >> 15)) & mask;
    }

    private void Add(uint gram, int count)
    {
        int mask = _keys.Length - 1;
        int at = Slot(gram, mask);
        while (_keys[at] != 0 && _keys[at] != gram) at = (at + 1) & mask;
        if (_keys[at] == 0)
        {
            _keys[at] = gram;
            if (++_used * 10L > _keys.Length * 7L)
            {
                _counts[at] += count;
                Grow();
                return;
            }
        }

        _counts[at] += count;
    }

    private void Grow()
    {
        (uint[] keys, int[] counts) = (_keys, _counts);
        _keys = new uint[keys.Length * 2];
        _counts = new int[keys.Length * 2];
        _used = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0) Add(keys[i], counts[i]);
        }
    }
}
