namespace Opinion.Analysis.Classification;

/// <summary>
/// Linear support vector machine with squared hinge loss, solved by dual coordinate descent: Hsieh, Chang, Lin,
/// Keerthi, Sundararajan, "A dual coordinate descent method for large-scale linear SVM", ICML 2008, algorithm 1.
/// Deterministic for a given seed.
/// </summary>
internal static class LinearSvm
{
    private const double Tolerance = 0.05;
    private const int MostPasses = 60;

    /// <summary>Trains one label against the rest.</summary>
    /// <param name="vectors">The training vectors.</param>
    /// <param name="positive">Whether each has the label.</param>
    /// <param name="size">The number of features; the result has one weight more, the bias, at its end.</param>
    /// <param name="costPositive">Price of an error on the label.</param>
    /// <param name="costNegative">Price of an error on the rest.</param>
    /// <param name="seed">Seed of the order in which examples are visited.</param>
    internal static float[] Train(
        IReadOnlyList<SparseVector> vectors, bool[] positive, int size, double costPositive, double costNegative, int seed)
    {
        var weights = new double[size + 1];
        var alpha = new double[vectors.Count];
        var diagonal = new double[vectors.Count];
        var order = new int[vectors.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
            double squares = 1; // the bias feature
            foreach (float value in vectors[i].Values) squares += value * (double)value;
            diagonal[i] = squares;
        }

        var random = new Random(seed);
        for (int pass = 0; pass < MostPasses; pass++)
        {
            random.Shuffle(order);
            double largest = 0;
            foreach (int i in order)
            {
                (int[] features, float[] values) = vectors[i];
                double sign = positive[i] ? 1 : -1;
                double slack = 0.5 / (positive[i] ? costPositive : costNegative);
                double dot = weights[size];
                for (int k = 0; k < features.Length; k++) dot += weights[features[k]] * values[k];
                double gradient = (sign * dot) - 1 + (slack * alpha[i]);
                double projected = alpha[i] == 0 ? Math.Min(gradient, 0) : gradient;
                if (projected == 0) continue;
                largest = Math.Max(largest, Math.Abs(projected));
                double before = alpha[i];
                alpha[i] = Math.Max(before - (gradient / (diagonal[i] + slack)), 0);
                double step = (alpha[i] - before) * sign;
                if (step == 0) continue;
                for (int k = 0; k < features.Length; k++) weights[features[k]] += step * values[k];
                weights[size] += step;
            }

            if (largest < Tolerance) break;
        }

        return Array.ConvertAll(weights, weight => (float)weight);
    }
}
