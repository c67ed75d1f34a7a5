namespace Opinion.Analysis.Similarity;

/// <summary>
/// How sure the first answer is: a logistic function (Platt 1999, "Probabilistic outputs for support vector machines") of
/// its lead over the second and the share of the question that it covers.
/// </summary>
internal static class MatchConfidence
{
    private const double Lead = 4;
    private const double Coverage = 2;
    private const double Base = -2;

    /// <summary>The probability that the best entry is the right one.</summary>
    /// <param name="best">Its score, above 0.</param>
    /// <param name="second">The next score, 0 where there is none.</param>
    /// <param name="covered">The share of the question's terms, by weight, that the best entry holds.</param>
    public static double Of(double best, double second, double covered) =>
        1 / (1 + Math.Exp(-(Base + (Lead * (best - second) / best) + (Coverage * covered))));
}
