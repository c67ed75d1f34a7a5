namespace Opinion.Analysis.Topics;

/// <summary>
/// Chooses the few grams by which a letter finds others. Letters about the same matter name the same place, and one of
/// them names it in its title: so the best keys are grams of names that stand in titles as a rule, and are rare.
/// </summary>
internal ref struct KeyChoice
{
    private const int MostTitled = 16;
    private const int MostNew = 8;
    private const int FewTitled = 6;

    private readonly Span<(float Rank, uint Gram)> _titled;
    private readonly Span<(float Rank, uint Gram)> _untitled;
    private readonly Span<(float Rank, uint Gram)> _new;
    private int _titledCount;
    private int _untitledCount;
    private int _newCount;

    /// <summary>Begins a choice.</summary>
    /// <param name="first">Room for all grams offered.</param>
    /// <param name="second">As much room again.</param>
    /// <param name="third">As much room again.</param>
    internal KeyChoice(Span<(float Rank, uint Gram)> first, Span<(float Rank, uint Gram)> second, Span<(float Rank, uint Gram)> third)
    {
        _titled = first;
        _untitled = second;
        _new = third;
    }

    /// <summary>Offers a gram of a name.</summary>
    /// <param name="gram">The gram.</param>
    /// <param name="inTitle">Whether the letter's own title has it.</param>
    /// <param name="known">Whether the statistics have it in two letters at least.</param>
    /// <param name="info">What they have.</param>
    internal void Offer(uint gram, bool inTitle, bool known, in TopicStatistics.GramInfo info)
    {
        // New to the statistics: only letters that come later can share it.
        if (!known) _new[_newCount++] = (inTitle ? -2 : -1, gram);
        else if (info.Titles > (inTitle ? 1 : 0)) _titled[_titledCount++] = (-info.KeyRank, gram);
        else _untitled[_untitledCount++] = (-info.Weight, gram);
    }

    /// <summary>The keys, best first.</summary>
    internal readonly uint[] Choose()
    {
        int titled = Math.Min(MostTitled, _titledCount);
        // A letter that shares no place with any title may still be a copy of another.
        int untitled = Math.Min(Math.Max(0, FewTitled - titled), _untitledCount);
        int news = Math.Min(MostNew, _newCount);
        var keys = new uint[titled + untitled + news];
        Take(_titled[.._titledCount], keys.AsSpan(0, titled));
        Take(_untitled[.._untitledCount], keys.AsSpan(titled, untitled));
        Take(_new[.._newCount], keys.AsSpan(titled + untitled));
        return keys;
    }

    private static void Take(Span<(float Rank, uint Gram)> offered, Span<uint> taken)
    {
        if (taken.IsEmpty) return;
        offered.Sort();
        for (int i = 0; i < taken.Length; i++) taken[i] = offered[i].Gram;
    }
}
