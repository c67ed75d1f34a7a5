namespace Opinion.Analysis.Classification;

/// <summary>
/// Makes probabilities of scores by temperature scaling: Guo, Pleiss, Sun, Weinberger, "On calibration of modern
/// neural networks", ICML 2017. One number is fitted on scores of texts that the scoring weights have not seen.
/// </summary>
internal static class Calibration
{
    private const double Least = 0.05;
    private const double Most = 50;

    /// <summary>The factor (one over the temperature) with the smallest negative log-likelihood, by golden-section search.</summary>
    /// <param name="scores">Scores of held-out texts, one per label.</param>
    /// <param name="truth">The right label's number for each text.</param>
    internal static double FitFactor(IReadOnlyList<double[]> scores, IReadOnlyList<int> truth)
    {
        if (scores.Count == 0) return 1;
        double ratio = (Math.Sqrt(5) - 1) / 2;
        double low = Math.Log(Least);
        double high = Math.Log(Most);
        double left = high - (ratio * (high - low));
        double right = low + (ratio * (high - low));
        double atLeft = Loss(left);
        double atRight = Loss(right);
        for (int step = 0; step < 40; step++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (ratio * (high - low));
                atLeft = Loss(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (ratio * (high - low));
                atRight = Loss(right);
            }
        }

        return Math.Exp((low + high) / 2);

        double Loss(double logFactor)
        {
            double factor = Math.Exp(logFactor);
            double loss = 0;
            for (int i = 0; i < scores.Count; i++)
            {
                loss -= Math.Log(Math.Max(Probabilities(scores[i], factor)[truth[i]], 1e-300));
            }

            return loss;
        }
    }

    /// <summary>Softmax of the scores times the factor; sums to 1.</summary>
    internal static double[] Probabilities(ReadOnlySpan<double> scores, double factor)
    {
        double[] probabilities = scores.ToArray();
        ToProbabilities(probabilities, factor);
        return probabilities;
    }

    /// <summary>Replaces scores by their probabilities.</summary>
    internal static void ToProbabilities(Span<double> scores, double factor)
    {
        double largest = double.NegativeInfinity;
        foreach (double score in scores) largest = Math.Max(largest, score * factor);
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = Math.Exp((scores[i] * factor) - largest);
            sum += scores[i];
        }

        for (int i = 0; i < scores.Length; i++) scores[i] /= sum;
    }
}
