using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Opinion.Analysis.Classification;

/// <summary>
/// Linear support vector machine of all labels at once (Crammer and Singer, "On the algorithmic implementation of
/// multiclass kernel-based vector machines", JMLR 2001), solved one example at a time in the dual: Keerthi,
/// Sundararajan, Chang, Hsieh, Lin, "A sequential dual method for large scale multi-class linear SVMs", KDD 2008.
/// Deterministic for a given seed, on any processor: a label's sums are always added in the same order.
/// </summary>
internal static class MulticlassSvm
{
    private const double Tolerance = 0.05;
    private const int MostPasses = 60;

    // An example that has not moved in so many passes waits for the end, when all are looked at again.
    private const int CalmPasses = 2;

    /// <summary>The length of a feature's row of weights: one per label, and zeros up to a whole number of vectors.</summary>
    internal static int Stride(int labels) => (labels + Vector256<float>.Count - 1) / Vector256<float>.Count * Vector256<float>.Count;

    /// <summary>Trains.</summary>
    /// <param name="vectors">The training vectors.</param>
    /// <param name="truth">The number of each one's label.</param>
    /// <param name="costs">Per label the price of an error on it.</param>
    /// <param name="size">The number of features.</param>
    /// <param name="seed">Seed of the order in which examples are visited.</param>
    /// <returns>A row of <see cref="Stride"/> weights per feature, and the row of biases at the end.</returns>
    internal static float[] Train(IReadOnlyList<SparseVector> vectors, IReadOnlyList<int> truth, ReadOnlySpan<double> costs, int size, int seed)
    {
        int labels = costs.Length;
        int stride = Stride(labels);
        var weights = new float[(size + 1) * stride];
        Span<float> bias = weights.AsSpan(size * stride);
        var alpha = new double[vectors.Count * labels];
        var squares = new double[vectors.Count];
        var order = new int[vectors.Count];
        var calm = new int[vectors.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
            squares[i] = 1; // the bias feature
            foreach (float value in vectors[i].Values) squares[i] += value * (double)value;
        }

        var step = new ExampleStep(labels);
        var scores = new float[stride];
        var random = new Random(seed);
        int active = order.Length;
        for (int pass = 0; pass < MostPasses; pass++)
        {
            random.Shuffle(order.AsSpan(0, active));
            double largest = 0;
            for (int at = 0; at < active; at++)
            {
                int i = order[at];
                bias.CopyTo(scores);
                AddScores(vectors[i].Features, vectors[i].Values, weights, scores);
                double violation = step.Solve(scores, truth[i], costs[truth[i]], squares[i], alpha.AsSpan(i * labels, labels));
                largest = Math.Max(largest, violation);
                if (violation >= Tolerance / 4)
                {
                    calm[i] = 0;
                    step.Change.AsSpan().CopyTo(scores);
                    AddRows(vectors[i], scores, weights);
                    for (int label = 0; label < labels; label++) bias[label] += scores[label];
                }
                else if (++calm[i] > CalmPasses)
                {
                    active--;
                    (order[at], order[active]) = (order[active], order[at]);
                    at--;
                }
            }

            if (largest >= Tolerance && active > 0) continue;
            if (active == order.Length) break;
            active = order.Length;
            calm.AsSpan().Clear();
        }

        return weights;
    }

    /// <summary>Adds to the scores, per label, the sum of value times weight over the features of a vector.</summary>
    /// <param name="features">Feature numbers.</param>
    /// <param name="values">The value of each.</param>
    /// <param name="weights">Rows of weights, as <see cref="Train"/> gives them.</param>
    /// <param name="scores">One per label, as long as a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScores(ReadOnlySpan<int> features, ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<float> scores)
    {
        int stride = scores.Length;
        ref float first = ref MemoryMarshal.GetReference(weights);
        for (int lane = 0; lane < stride; lane += Vector256<float>.Count)
        {
            Vector256<float> sum = Vector256.Create<float>(scores[lane..]);
            for (int k = 0; k < features.Length; k++)
            {
                // Not fused: a fused step rounds once less, and then another processor would score otherwise.
                sum += Vector256.LoadUnsafe(ref first, (nuint)((features[k] * stride) + lane)) * values[k];
            }

            sum.CopyTo(scores[lane..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(SparseVector vector, ReadOnlySpan<float> change, Span<float> weights)
    {
        int stride = change.Length;
        ref float first = ref MemoryMarshal.GetReference(weights);
        for (int lane = 0; lane < stride; lane += Vector256<float>.Count)
        {
            Vector256<float> row = Vector256.Create(change[lane..]);
            for (int k = 0; k < vector.Features.Length; k++)
            {
                nuint at = (nuint)((vector.Features[k] * stride) + lane);
                (Vector256.LoadUnsafe(ref first, at) + (row * vector.Values[k])).StoreUnsafe(ref first, at);
            }
        }
    }

    /// <summary>The best change of one example's dual variables while those of all others stand still.</summary>
    private sealed class ExampleStep(int labels)
    {
        private readonly double[] _target = new double[labels];
        private readonly double[] _sorted = new double[labels];

        /// <summary>The change per label, padded to a row.</summary>
        internal float[] Change { get; } = new float[Stride(labels)];

        /// <summary>Changes the example's variables.</summary>
        /// <returns>How far the example was from its optimum (the largest violation of its conditions).</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal double Solve(ReadOnlySpan<float> scores, int truth, double cost, double square, Span<double> alpha)
        {
            double highest = double.NegativeInfinity;
            double lowest = double.PositiveInfinity;
            for (int label = 0; label < labels; label++)
            {
                double gradient = scores[label] + (label == truth ? 0 : 1);
                highest = Math.Max(highest, gradient);
                if (alpha[label] < (label == truth ? cost : 0)) lowest = Math.Min(lowest, gradient);
                _target[label] = gradient - (square * alpha[label]);
            }

            if (highest - lowest < Tolerance / 4) return Math.Max(0, highest - lowest);
            _target.CopyTo(_sorted, 0);
            _sorted[truth] += square * cost;
            Array.Sort(_sorted);
            double level = _sorted[^1] - (square * cost);
            int count = 1;
            for (; count < labels && level < count * _sorted[^(count + 1)]; count++) level += _sorted[^(count + 1)];
            level /= count;
            for (int label = 0; label < labels; label++)
            {
                double next = Math.Min(label == truth ? cost : 0, (level - _target[label]) / square);
                Change[label] = (float)(next - alpha[label]);
                alpha[label] = next;
            }

            return highest - lowest;
        }
    }
}
