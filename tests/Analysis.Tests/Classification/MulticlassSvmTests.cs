using Opinion.Analysis.Classification;
using Xunit;

namespace Opinion.Analysis.Tests.Classification;

public class MulticlassSvmTests
{
    [Fact]
    public void Labels_that_can_be_told_apart_are()
    {
        (SparseVector[] vectors, int[] truth) = Clouds(labels: 11, perLabel: 20, seed: 3);
        float[] weights = MulticlassSvm.Train(vectors, truth, Costs(11), size: 22, seed: 1);
        Assert.Equal(16 * 23, weights.Length);
        Assert.Equal(220, vectors.Length);
        for (int i = 0; i < vectors.Length; i++) Assert.Equal(truth[i], Best(vectors[i], weights, 11));
    }

    [Fact]
    public void Weights_of_two_labels_are_the_closed_solution()
    {
        // Two points at +1 and -1 with the bias feature: the margin is 1 with weights +-1/2 and no bias.
        SparseVector[] vectors = [new([0], [1]), new([0], [-1])];
        float[] weights = MulticlassSvm.Train(vectors, [0, 1], Costs(2), size: 1, seed: 1);
        Assert.Equal(0.5f, weights[0], 0.03f);
        Assert.Equal(-0.5f, weights[1], 0.03f);
        Assert.Equal(0f, weights[8], 0.03f);
    }

    [Fact]
    public void A_dearer_label_is_missed_less()
    {
        var vectors = new List<SparseVector>();
        var truth = new List<int>();
        // The same feature with both labels, one in ten of them the rare one.
        for (int i = 0; i < 100; i++)
        {
            vectors.Add(new SparseVector([0], [1]));
            truth.Add(i % 10 == 0 ? 1 : 0);
        }

        Assert.Equal(0, Best(vectors[0], MulticlassSvm.Train(vectors, truth, [1, 1], 1, 1), 2));
        Assert.Equal(1, Best(vectors[0], MulticlassSvm.Train(vectors, truth, [1, 20], 1, 1), 2));
    }

    private static double[] Costs(int labels) => [.. Enumerable.Repeat(10.0, labels)];

    private static int Best(SparseVector vector, float[] weights, int labels)
    {
        float[] scores = weights[^MulticlassSvm.Stride(labels)..];
        MulticlassSvm.AddScores(vector.Features, vector.Values, weights, scores);
        return Array.IndexOf(scores, scores[..labels].Max());
    }

    private static (SparseVector[] Vectors, int[] Truth) Clouds(int labels, int perLabel, int seed)
    {
        var random = new Random(seed);
        var vectors = new SparseVector[labels * perLabel];
        var truth = new int[vectors.Length];
        for (int i = 0; i < vectors.Length; i++)
        {
            truth[i] = i % labels;
            vectors[i] = new SparseVector([truth[i] * 2, (truth[i] * 2) + 1, random.Next(labels) * 2], [1, random.NextSingle(), 0.3f * random.NextSingle()]);
        }

        return (vectors, truth);
    }
}
