namespace Opinion.Analysis.Classification;

/// <summary>
/// What a trained sorter knows: its labels and, for each, a weight per character run. One label is held against
/// the rest by a linear support vector machine (<see cref="LinearSvm"/>); scores become probabilities by
/// temperature scaling on held-out folds (<see cref="Calibration"/>). Immutable and thread-safe.
/// </summary>
public sealed class SorterModel
{
    private const int Folds = 3;
    private const int MostFeatures = 200_000;
    private const int MostWeights = 40_000_000;

    private readonly string[] _labels;

    internal SorterModel(string[] labels, FeatureSpace space, float[][] weights, double factor)
    {
        _labels = labels;
        Space = space;
        Weights = weights;
        Factor = factor;
    }

    /// <summary>The labels in ordinal order. A desk loads only a model whose labels are all in its scheme.</summary>
    public IReadOnlyList<string> Labels => _labels;

    internal FeatureSpace Space { get; }

    /// <summary>Per label one weight per feature and the bias at the end.</summary>
    internal float[][] Weights { get; }

    internal double Factor { get; }

    /// <summary>Trains a model. The same examples in the same order with the same seed give the same model, byte for byte.</summary>
    /// <param name="examples">At least two labels; a few hundred examples do.</param>
    /// <param name="seed">Seed of the folds and of the order in which examples are visited.</param>
    /// <exception cref="ArgumentException">Fewer than two labels, or a label that is empty or holds control characters; names the example, counted from 0.</exception>
    public static SorterModel Train(IReadOnlyList<TrainingExample> examples, int seed = 1)
    {
        for (int i = 0; i < examples.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(examples[i].Label)) throw new ArgumentException($"example {i} has no label", nameof(examples));
            if (examples[i].Label.Any(char.IsControl)) throw new ArgumentException($"the label of example {i} holds a control character", nameof(examples));
        }

        string[] labels = [.. examples.Select(example => example.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (labels.Length < 2) throw new ArgumentException($"{labels.Length} label(s) where at least two are needed", nameof(examples));
        var truth = new int[examples.Count];
        for (int i = 0; i < truth.Length; i++) truth[i] = Array.BinarySearch(labels, examples[i].Label, StringComparer.Ordinal);

        var texts = new PreparedText[examples.Count];
        for (int i = 0; i < texts.Length; i++) texts[i] = new PreparedText(examples[i].Text);
        // A run seen once says little, but of few texts every run is needed.
        int least = examples.Count >= 2000 ? 3 : examples.Count >= 500 ? 2 : 1;
        FeatureSpace space = FeatureSpace.Learn(texts, least, Math.Min(MostFeatures, MostWeights / labels.Length));
        var vectors = Array.ConvertAll(texts, space.Vector);

        float[][] weights = TrainLabels(vectors, truth, labels.Length, space.Count, seed);
        return new SorterModel(labels, space, weights, FitFactor(vectors, truth, labels.Length, space.Count, seed));
    }

    /// <summary>Reads a model and checks it.</summary>
    /// <param name="path">A file written by <see cref="Save"/>.</param>
    /// <exception cref="ModelException">The file is no model, of another version, cut short or damaged.</exception>
    public static SorterModel Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Load(stream, path);
    }

    /// <summary>Reads a model and checks it.</summary>
    /// <param name="stream">What <see cref="Save"/> wrote; read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="ModelException">The file is no model, of another version, cut short or damaged.</exception>
    public static SorterModel Load(Stream stream, string name = "model") => SorterModelFile.Read(stream, name);

    /// <summary>Writes the model. The loaded model scores identically.</summary>
    /// <param name="stream">Written from its position on and left open.</param>
    public void Save(Stream stream) => SorterModelFile.Write(this, stream);

    /// <summary>The calibrated probability of every label, in the order of <see cref="Labels"/>; they sum to 1.</summary>
    public double[] Probabilities(string text) => Probabilities(Space.Vector(new PreparedText(text)));

    internal double[] Probabilities(SparseVector vector) => Calibration.Probabilities(Scores(vector, Weights), Factor);

    private static double[] Scores(SparseVector vector, float[][] weights)
    {
        var scores = new double[weights.Length];
        for (int label = 0; label < scores.Length; label++) scores[label] = vector.Dot(weights[label]) + weights[label][^1];
        return scores;
    }

    private static float[][] TrainLabels(SparseVector[] vectors, int[] truth, int labels, int features, int seed)
    {
        var weights = new float[labels][];
        // Labels do not depend on each other, so the result is the same in whatever order they finish.
        Parallel.For(0, labels, label =>
        {
            bool[] positive = Array.ConvertAll(truth, t => t == label);
            int count = Math.Max(1, positive.Count(p => p));
            // Rare labels cost more to miss, though less than in full proportion: that would drown the frequent ones.
            double cost = Math.Pow((double)Math.Max(1, vectors.Length - count) / count, 0.3);
            weights[label] = LinearSvm.Train(vectors, positive, features, cost, 1, seed + label);
        });
        return weights;
    }

    private static double FitFactor(SparseVector[] vectors, int[] truth, int labels, int features, int seed)
    {
        int[] fold = AssignFolds(truth, labels, seed);
        var scores = new List<double[]>(vectors.Length);
        var held = new List<int>(vectors.Length);
        for (int f = 0; f < Folds; f++)
        {
            int[] rest = [.. Enumerable.Range(0, truth.Length).Where(i => fold[i] != f)];
            float[][] weights = TrainLabels([.. rest.Select(i => vectors[i])], [.. rest.Select(i => truth[i])], labels, features, seed);
            for (int i = 0; i < truth.Length; i++)
            {
                if (fold[i] != f) continue;
                scores.Add(Scores(vectors[i], weights));
                held.Add(truth[i]);
            }
        }

        return Calibration.FitFactor(scores, held);
    }

    // Every label is spread evenly over the folds.
    private static int[] AssignFolds(int[] truth, int labels, int seed)
    {
        int[] order = [.. Enumerable.Range(0, truth.Length)];
        new Random(seed).Shuffle(order);
        var next = new int[labels];
        for (int label = 0; label < labels; label++) next[label] = label;
        var fold = new int[truth.Length];
        foreach (int i in order) fold[i] = next[truth[i]]++ % Folds;
        return fold;
    }
}
