namespace Opinion.Analysis.Topics;

/// <summary>What two letters are compared by. Immutable.</summary>
internal sealed class LetterProfile
{
    internal const uint TitleMark = 1;
    internal const uint CommonMark = 2;

    internal LetterProfile(TopicLetter letter, LetterGrams grams, TopicStatistics statistics)
    {
        Content = grams.Content;
        GivenDistrict = letter.District;
        Districts = Array.FindAll(grams.Districts, district => district < 0x8000_0000 || !statistics.Table.IsCommon(district & 0x7FFF_FFFF, out _));
        Grams = grams.Marked;
        Weights = new byte[Grams.Length];
        var keys = new KeyChoice(stackalloc (float, uint)[Grams.Length], stackalloc (float, uint)[Grams.Length], stackalloc (float, uint)[Grams.Length]);
        for (int i = 0; i < Grams.Length; i++)
        {
            uint gram = Grams[i] >> 2;
            bool known = statistics.Find(gram, out TopicStatistics.GramInfo info);
            byte weight = info.Weight;
            Weights[i] = weight;
            SquaredLength += weight * weight;
            bool inTitle = (Grams[i] & TitleMark) != 0;
            if (info.IsCommon)
            {
                // What nearly every letter says is no problem of its own.
                Grams[i] = (info.IsEverywhere ? Grams[i] & ~TitleMark : Grams[i]) | CommonMark;
                continue;
            }

            if ((Grams[i] & CommonMark) != 0) continue;
            Names += weight;
            if (inTitle) TitleNames += weight;
            keys.Offer(gram, inTitle, known, info);
        }

        Keys = keys.Choose();
    }

    /// <summary>Equal for equal letters.</summary>
    internal UInt128 Content { get; }

    /// <summary>The order in which letters are looked at: those with the same best key together, otherwise as if at random. No two contents have the same place.</summary>
    internal (ulong Upper, ulong Lower) Place => (((ulong)(Keys.Length > 0 ? Keys[0] : 0) << 32) | (ulong)(Content >> 96), (ulong)(Content >> 32));

    /// <summary>Grams in rising order, shifted left by 2, with <see cref="TitleMark"/> and <see cref="CommonMark"/>.</summary>
    internal uint[] Grams { get; }

    /// <summary>The weight of each gram.</summary>
    internal byte[] Weights { get; }

    internal string? GivenDistrict { get; }

    internal uint[] Districts { get; }

    /// <summary>The sum of the squares of all weights.</summary>
    internal int SquaredLength { get; }

    /// <summary>The weight of the title's grams that belong to names.</summary>
    internal int TitleNames { get; }

    /// <summary>The weight of all grams that belong to names.</summary>
    internal int Names { get; }

    /// <summary>The grams by which letters to compare are found.</summary>
    internal uint[] Keys { get; }
}
