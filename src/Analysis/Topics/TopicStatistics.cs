namespace Opinion.Analysis.Topics;

/// <summary>
/// In how many letters each gram stands, counted once over a collection and then kept as it was, so that how close two
/// letters are depends on these two alone. Made of the letters themselves, of those of the past year, or of none: the
/// expected shares of <see cref="GramTable"/> count like 500 further letters. Immutable and thread-safe.
/// </summary>
public sealed class TopicStatistics
{
    /// <summary>Weights are nats times this, rounded, so that sums are whole numbers and do not depend on their order.</summary>
    internal const int WeightsPerNat = 16;

    private const double PriorLetters = 500;
    private const double MostOfName = 0.03;
    private const double MostOfWord = 0.1;

    private readonly GramTable _table;
    private readonly uint[] _keys;
    private readonly GramInfo[] _infos;
    private readonly int _mask;

    private TopicStatistics(GramTable table, GramCounter counts, GramCounter titles, int letters)
    {
        _table = table;
        Letters = letters;
        // What stands in one letter only connects nothing; leaving it out keeps the table small.
        List<(uint Gram, int Count)> kept = [.. counts.Above(1)];
        int capacity = 1 << 10;
        while (capacity < kept.Count * 2) capacity *= 2;
        _keys = new uint[capacity];
        _infos = new GramInfo[capacity];
        _mask = capacity - 1;
        foreach ((uint gram, int count) in kept)
        {
            int at = GramCounter.Slot(gram, _mask);
            while (_keys[at] != 0) at = (at + 1) & _mask;
            _keys[at] = gram;
            byte weight = Weight(gram, count, out bool common, out bool everywhere);
            int inTitles = titles.Count(gram);
            _infos[at] = new GramInfo(weight, common, everywhere, (byte)Math.Min(inTitles, 2), weight * (inTitles + 1f) / (count + 2f));
        }
    }

    /// <summary>The number of letters counted.</summary>
    public int Letters { get; }

    internal GramTable Table => _table;

    /// <summary>Counts the grams of letters; their order does not matter. Works on all cores.</summary>
    /// <param name="letters">Any number of letters.</param>
    /// <param name="table">The table of common grams.</param>
    public static TopicStatistics Of(IReadOnlyList<TopicLetter> letters, GramTable table) => Of(letters.Count, i => LetterGrams.Of(letters[i], table), table);

    /// <summary>Counts grams.</summary>
    /// <param name="count">The number of letters.</param>
    /// <param name="read">Gives the grams of each; called once for each, on several threads.</param>
    /// <param name="table">The table of common grams.</param>
    internal static TopicStatistics Of(int count, Func<int, LetterGrams> read, GramTable table)
    {
        const int Block = 4096;
        var counts = new GramCounter();
        var titles = new GramCounter();
        var grams = new uint[Math.Min(Block, count)][];
        for (int from = 0; from < count; from += Block)
        {
            int length = Math.Min(Block, count - from);
            int first = from;
            Parallel.For(0, length, i => grams[i] = read(first + i).Marked);
            for (int i = 0; i < length; i++)
            {
                foreach (uint gram in grams[i])
                {
                    counts.Add(gram >> 2);
                    if ((gram & LetterProfile.TitleMark) != 0) titles.Add(gram >> 2);
                }
            }
        }

        return new TopicStatistics(table, counts, titles, count);
    }

    /// <summary>What is known of a gram.</summary>
    /// <param name="gram">A gram.</param>
    /// <param name="info">Its weight and, if it was counted in two letters at least, how good a key it is.</param>
    /// <returns>Whether it was counted in two letters at least.</returns>
    internal bool Find(uint gram, out GramInfo info)
    {
        for (int at = GramCounter.Slot(gram, _mask); _keys[at] != 0; at = (at + 1) & _mask)
        {
            if (_keys[at] != gram) continue;
            info = _infos[at];
            return true;
        }

        byte weight = Weight(gram, 1, out bool common, out bool everywhere);
        info = new GramInfo(weight, common, everywhere, 0, 0);
        return false;
    }

    // How much it says that two letters share a gram: the negative logarithm of its share of letters.
    private byte Weight(uint gram, int count, out bool common, out bool everywhere)
    {
        common = _table.IsCommon(gram, out float share);
        everywhere = share > MostOfWord;
        double probability = Math.Min(1, (count + (PriorLetters * share)) / (Letters + PriorLetters));
        // A place that half of all letters name is still a place.
        probability = Math.Min(probability, common ? MostOfWord : MostOfName);
        return (byte)Math.Clamp(Math.Round(-Math.Log(probability) * WeightsPerNat), 1, byte.MaxValue);
    }

    /// <summary>What is known of a gram.</summary>
    /// <param name="Weight">How much it says that two letters share it.</param>
    /// <param name="IsCommon">Whether it stands inside a common word.</param>
    /// <param name="IsEverywhere">Whether letters say it whatever they are about.</param>
    /// <param name="Titles">In how many titles it was counted: none, one, or 2 for more.</param>
    /// <param name="KeyRank">Higher for rarer grams and for those that stand in titles as a rule.</param>
    internal readonly record struct GramInfo(byte Weight, bool IsCommon, bool IsEverywhere, byte Titles, float KeyRank);
}
