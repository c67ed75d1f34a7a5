namespace Opinion.Analysis.Similarity;

/// <summary>
/// How sure the first answer is: a logistic function (Platt 1999, "Probabilistic outputs for support vector machines") of
/// its lead over the second and the share of the question that it covers. A bank whose entries have several forms of
/// their question corrects it by itself: each form is asked with that form left out. The fit is the most probable one
/// under a normal prior around <see cref="Shipped"/>, so a bank with few forms or none stays with what is shipped.
/// Immutable.
/// </summary>
internal sealed record MatchConfidence(double Base, double Lead, double Coverage)
{
    // The prior's variance: a few dozen forms move the numbers, a handful does not.
    private const double PriorVariance = 1;
    private const int MostSteps = 25;

    /// <summary>
    /// The rounded means of a four-fold cross-validation on match_dev, a bank of answers without question forms
    /// (expected calibration error 0.02).
    /// </summary>
    public static MatchConfidence Shipped { get; } = new(-1.75, 5.2, 1.3);

    /// <summary>A question put to the bank with what came of it.</summary>
    /// <param name="Lead">The best score's lead over the second, as a share of the best; 1 where there is no second.</param>
    /// <param name="Covered">The share of the question's terms, by weight, that the best entry holds.</param>
    /// <param name="Right">Whether the best entry was the right one.</param>
    public readonly record struct Trial(double Lead, double Covered, bool Right);

    /// <summary>Corrects <see cref="Shipped"/> by trials, by Newton's method with steps halved until the fit improves.</summary>
    public static MatchConfidence Fitted(IReadOnlyList<Trial> trials)
    {
        MatchConfidence fit = Shipped;
        double loss = fit.Loss(trials);
        for (int step = 0; trials.Count > 0 && step < MostSteps; step++)
        {
            (double b, double l, double c) = fit.NewtonStep(trials);
            double size = 1;
            MatchConfidence next;
            double nextLoss;
            do
            {
                next = new MatchConfidence(fit.Base - (size * b), fit.Lead - (size * l), fit.Coverage - (size * c));
                nextLoss = next.Loss(trials);
                size /= 2;
            }
            while (nextLoss > loss && size > 1e-6);
            if (nextLoss >= loss - 1e-12) break;
            (fit, loss) = (next, nextLoss);
        }

        return fit;
    }

    /// <summary>The probability that the best entry is the right one.</summary>
    public double Of(double lead, double covered) => 1 / (1 + Math.Exp(-(Base + (Lead * lead) + (Coverage * covered))));

    private double Loss(IReadOnlyList<Trial> trials)
    {
        double loss = (Square(Base - Shipped.Base) + Square(Lead - Shipped.Lead) + Square(Coverage - Shipped.Coverage)) / (2 * PriorVariance);
        foreach (Trial trial in trials)
        {
            double margin = Base + (Lead * trial.Lead) + (Coverage * trial.Covered);
            if (trial.Right) margin = -margin;
            loss += Math.Max(margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
        }

        return loss;
    }

    /// <summary>The gradient through the inverse of the second derivatives, a symmetric 3 by 3 matrix, by Cramer's rule.</summary>
    private (double Base, double Lead, double Coverage) NewtonStep(IReadOnlyList<Trial> trials)
    {
        const double prior = 1 / PriorVariance;
        double g0 = prior * (Base - Shipped.Base), g1 = prior * (Lead - Shipped.Lead), g2 = prior * (Coverage - Shipped.Coverage);
        double h00 = prior, h01 = 0, h02 = 0, h11 = prior, h12 = 0, h22 = prior;
        foreach (Trial trial in trials)
        {
            double p = Of(trial.Lead, trial.Covered);
            double error = p - (trial.Right ? 1 : 0);
            double weight = p * (1 - p);
            g0 += error;
            g1 += error * trial.Lead;
            g2 += error * trial.Covered;
            h00 += weight;
            h01 += weight * trial.Lead;
            h02 += weight * trial.Covered;
            h11 += weight * trial.Lead * trial.Lead;
            h12 += weight * trial.Lead * trial.Covered;
            h22 += weight * trial.Covered * trial.Covered;
        }

        double c00 = (h11 * h22) - (h12 * h12), c01 = (h02 * h12) - (h01 * h22), c02 = (h01 * h12) - (h02 * h11);
        double c11 = (h00 * h22) - (h02 * h02), c12 = (h01 * h02) - (h00 * h12), c22 = (h00 * h11) - (h01 * h01);
        double determinant = (h00 * c00) + (h01 * c01) + (h02 * c02);
        return (((c00 * g0) + (c01 * g1) + (c02 * g2)) / determinant,
            ((c01 * g0) + (c11 * g1) + (c12 * g2)) / determinant,
            ((c02 * g0) + (c12 * g1) + (c22 * g2)) / determinant);
    }

    private static double Square(double value) => value * value;
}
