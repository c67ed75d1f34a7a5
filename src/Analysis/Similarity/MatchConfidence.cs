namespace Opinion.Analysis.Similarity;

/// <summary>
/// How sure the first answer is: a logistic function (Platt 1999, "Probabilistic outputs for support vector machines") of
/// its lead over the second and the share of the question that it covers. The three numbers are the rounded means of a
/// four-fold cross-validation on match_dev, a bank of answers without question forms (expected calibration error 0.02);
/// a bank with question forms covers more of a question, and they have not been measured on one.
/// </summary>
internal static class MatchConfidence
{
    private const double Lead = 5.2;
    private const double Coverage = 1.3;
    private const double Base = -1.75;

    /// <summary>The probability that the best entry is the right one.</summary>
    /// <param name="best">Its score, above 0.</param>
    /// <param name="second">The next score, 0 where there is none.</param>
    /// <param name="covered">The share of the question's terms, by weight, that the best entry holds.</param>
    public static double Of(double best, double second, double covered) =>
        1 / (1 + Math.Exp(-(Base + (Lead * (best - second) / best) + (Coverage * covered))));
}
