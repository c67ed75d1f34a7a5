namespace Opinion.Analysis.Topics;

/// <summary>
/// How likely two letters are about the same matter at the same place, as log-odds. Both must hold: each share is a
/// factor of the odds, so that a place without a problem, or a problem without a place, is not enough.
/// <list type="bullet">
/// <item>likeness: the cosine of all grams, each once, by weight;</item>
/// <item>place: how much of what the titles name stands in the other letter (the smaller share of the two, and the larger weight);</item>
/// <item>problem: the weight of the title's common words that stand in the other letter;</item>
/// <item>districts that contradict each other count against it.</item>
/// </list>
/// The exponents were fitted by logistic regression on half of the topics labelled by hand and rounded.
/// </summary>
internal static class SameMatter
{
    /// <summary>Below this, nothing is lost.</summary>
    internal const double Least = -6;

    private const double Constant = 4.5;
    private const double Likeness = 2.4;
    private const double PlaceShare = 1.05;
    private const double PlaceWeight = 1.5;
    private const double ProblemWeight = 1.1;
    private const double Contradiction = -7;

    // A title that names less than this (in nats) names no place.
    private const int LeastNames = 6 * TopicStatistics.WeightsPerNat;
    private const double TenNats = 10.0 * TopicStatistics.WeightsPerNat;

    /// <summary>The log-odds that two letters are about the same matter; the same for (a, b) and (b, a).</summary>
    internal static double LogOdds(LetterProfile a, LetterProfile b) => LogOdds(Weigh(a, b));

    internal static double LogOdds(in PairEvidence pair) => Constant
        + (Likeness * Math.Log(pair.Likeness + 0.02))
        + (PlaceShare * Math.Log(pair.PlaceShare + 0.1))
        + (PlaceWeight * Math.Log(pair.PlaceWeight + 0.1))
        + (ProblemWeight * Math.Log(pair.ProblemWeight + 0.1))
        + (pair.Contradiction ? Contradiction : 0);

    /// <summary>What two letters have in common.</summary>
    internal static PairEvidence Weigh(LetterProfile a, LetterProfile b)
    {
        uint[] left = a.Grams;
        uint[] right = b.Grams;
        var overlap = default(Overlap);
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            uint gramOfA = left[i] >> 2;
            uint gramOfB = right[j] >> 2;
            if (gramOfA == gramOfB) overlap.Add(left[i], right[j], a.Weights[i]);
            if (gramOfA <= gramOfB) i++;
            if (gramOfB <= gramOfA) j++;
        }

        return Weigh(a, b, overlap);
    }

    /// <summary>What two letters have in common, given the sums over the grams they share.</summary>
    internal static PairEvidence Weigh(LetterProfile a, LetterProfile b, in Overlap overlap)
    {
        double likeness = overlap.Shared / Math.Sqrt(Math.Max(1.0, (double)a.SquaredLength * b.SquaredLength));
        (double shareOfA, double weightOfA) = Place(a, overlap.NamesOfA, overlap.Names);
        (double shareOfB, double weightOfB) = Place(b, overlap.NamesOfB, overlap.Names);
        return new PairEvidence(
            likeness, Math.Min(shareOfA, shareOfB), Math.Max(weightOfA, weightOfB) / TenNats, Math.Max(overlap.WordsOfA, overlap.WordsOfB) / TenNats, Contradict(a, b));
    }

    // A letter whose title names nothing is judged by what its text names.
    private static (double Share, double Weight) Place(LetterProfile letter, int inTitle, int inText) =>
        letter.TitleNames >= LeastNames ? ((double)inTitle / letter.TitleNames, inTitle)
        : letter.Names > 0 ? ((double)inText / letter.Names, (double)inText * inText / letter.Names)
        : (0, 0);

    private static bool Contradict(LetterProfile a, LetterProfile b)
    {
        if (a.GivenDistrict is not null && b.GivenDistrict is not null) return !string.Equals(a.GivenDistrict, b.GivenDistrict, StringComparison.Ordinal);
        if (a.Districts.Length == 0 || b.Districts.Length == 0) return false;
        foreach (uint district in a.Districts)
        {
            if (Array.IndexOf(b.Districts, district) >= 0) return false;
        }

        return true;
    }

    /// <summary>What two letters have in common.</summary>
    /// <param name="Likeness">The cosine of their grams, 0 to 1.</param>
    /// <param name="PlaceShare">The smaller share of what one names that stands in the other, 0 to 1.</param>
    /// <param name="PlaceWeight">The larger weight of the same, in units of ten nats.</param>
    /// <param name="ProblemWeight">The weight of the common words of one title that stand in the other letter, in units of ten nats.</param>
    /// <param name="Contradiction">Whether they name districts, and none in common.</param>
    internal readonly record struct PairEvidence(double Likeness, double PlaceShare, double PlaceWeight, double ProblemWeight, bool Contradiction);

    /// <summary>Sums of weights over the grams that two letters share.</summary>
    internal struct Overlap
    {
        internal int Shared;
        internal int Names;
        internal int NamesOfA;
        internal int NamesOfB;
        internal int WordsOfA;
        internal int WordsOfB;

        /// <summary>Counts a shared gram.</summary>
        /// <param name="marksOfA">The gram as it stands in the first letter.</param>
        /// <param name="marksOfB">The gram as it stands in the second.</param>
        /// <param name="weight">Its weight.</param>
        internal void Add(uint marksOfA, uint marksOfB, int weight)
        {
            Shared += weight * weight;
            int inA = (int)(marksOfA & LetterProfile.TitleMark) * weight;
            int inB = (int)(marksOfB & LetterProfile.TitleMark) * weight;
            if ((marksOfA & marksOfB & LetterProfile.CommonMark) != 0)
            {
                WordsOfA += inA;
                WordsOfB += inB;
            }
            else if (((marksOfA | marksOfB) & LetterProfile.CommonMark) == 0)
            {
                // What is a name in one letter and stands between two words in the other is not the same name.
                Names += weight;
                NamesOfA += inA;
                NamesOfB += inB;
            }
        }
    }
}
