namespace Opinion.Analysis.Topics;

/// <summary>All letters of one content, and the pairs that tie them to others. Belongs to one <see cref="TopicIndex"/>.</summary>
internal sealed class LetterNode(LetterProfile profile)
{
    private Tie[] _ties = [];
    private int _tieCount;

    internal LetterProfile Profile { get; } = profile;

    /// <summary>The letters, in no order.</summary>
    internal List<(string Id, DateTimeOffset Time)> Letters { get; } = new(1);

    /// <summary>The number of its component; -1 before it has one.</summary>
    internal int Component { get; set; } = -1;

    internal ReadOnlySpan<Tie> Ties => _ties.AsSpan(0, _tieCount);

    internal void AddTie(Tie tie)
    {
        if (_tieCount == _ties.Length) Array.Resize(ref _ties, Math.Max(4, _tieCount * 3 / 2));
        _ties[_tieCount++] = tie;
    }

    internal bool IsTied(int other) => Find(other) >= 0;

    internal void Untie(int other) => _ties[Find(other)] = _ties[--_tieCount];

    private int Find(int other)
    {
        for (int i = 0; i < _tieCount; i++)
        {
            if (_ties[i].Other == other) return i;
        }

        return -1;
    }

    /// <summary>Another node about the same matter.</summary>
    /// <param name="Other">Its number in the index.</param>
    /// <param name="LogOdds">How sure that is.</param>
    internal readonly record struct Tie(int Other, float LogOdds);
}
