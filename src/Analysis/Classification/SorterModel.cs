using System.Collections.Concurrent;
using Opinion.Analysis.Segmentation;

namespace Opinion.Analysis.Classification;

/// <summary>
/// What a trained sorter knows: its labels and, for each, a weight per run of characters and per word
/// (<see cref="FeatureSpace"/>). All labels are trained against each other by a linear support vector machine with label weights
/// (<see cref="MulticlassSvm"/>); scores become probabilities by temperature scaling on held-out folds
/// (<see cref="Calibration"/>). Immutable and thread-safe.
/// </summary>
public sealed class SorterModel
{
    private readonly string[] _labels;
    private readonly ConcurrentBag<FeatureScratch> _scratches = [];

    internal SorterModel(string[] labels, FeatureSpace space, float[] weights, double factor)
    {
        _labels = labels;
        Space = space;
        Weights = weights;
        Factor = factor;
    }

    /// <summary>The labels in ordinal order. A desk loads only a model whose labels are all in its scheme.</summary>
    public IReadOnlyList<string> Labels => _labels;

    internal FeatureSpace Space { get; }

    /// <summary>One row of weights per feature and the row of biases at the end; a row has <see cref="Stride"/> places, one per label and zeros.</summary>
    internal float[] Weights { get; }

    internal int Stride => MulticlassSvm.Stride(_labels.Length);

    internal double Factor { get; }

    /// <summary>
    /// Trains a model. The same examples in the same order with the same seed give the same model, byte for byte. The method
    /// knows nothing of the labels' meaning, so any set of labels will do.
    /// </summary>
    /// <param name="examples">At least two labels; a few hundred examples do.</param>
    /// <param name="segmenter">Finds the words of the examples; null to learn runs of characters alone. The model keeps the words it needs.</param>
    /// <param name="seed">Seed of the folds and of the order in which examples are visited.</param>
    /// <exception cref="ArgumentException">Fewer than two labels, or a label that is empty or holds control characters; names the example, counted from 0.</exception>
    public static SorterModel Train(IReadOnlyList<TrainingExample> examples, Segmenter? segmenter = null, int seed = 1)
    {
        for (int i = 0; i < examples.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(examples[i].Label)) throw new ArgumentException($"example {i} has no label", nameof(examples));
            if (examples[i].Label.Any(char.IsControl)) throw new ArgumentException($"the label of example {i} holds a control character", nameof(examples));
        }

        return SorterTraining.Train(examples, segmenter, seed);
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
    /// <param name="text">The redacted text; its first line is its title when more lines follow.</param>
    public double[] Probabilities(string text)
    {
        var probabilities = new double[_labels.Length];
        Probabilities(text, probabilities);
        return probabilities;
    }

    /// <summary>The same without allocation, after the first few texts.</summary>
    /// <param name="text">The redacted text; its first line is its title when more lines follow.</param>
    /// <param name="probabilities">Receives one probability per label.</param>
    /// <returns>The place of the most probable label.</returns>
    /// <exception cref="ArgumentException"><paramref name="probabilities"/> is not as long as there are labels.</exception>
    public int Probabilities(ReadOnlySpan<char> text, Span<double> probabilities)
    {
        if (probabilities.Length != _labels.Length) throw new ArgumentException($"room for {probabilities.Length} probabilities where there are {_labels.Length} labels", nameof(probabilities));
        FeatureScratch scratch = Rent();
        Space.Weigh(text, scratch);
        Span<float> scores = stackalloc float[Math.Min(Stride, 64)];
        if (Stride > scores.Length) scores = new float[Stride];
        Score(scratch.Features, scratch.Values, scores);
        // Given back only from here, for after an exception it might hold half a text.
        Return(scratch);
        int best = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = scores[i];
            if (scores[i] > scores[best]) best = i;
        }

        Calibration.ToProbabilities(probabilities, Factor);
        return best;
    }

    /// <summary>The score of every label and zeros up to a whole row.</summary>
    internal void Score(ReadOnlySpan<int> features, ReadOnlySpan<float> values, Span<float> scores)
    {
        Weights.AsSpan(Weights.Length - Stride).CopyTo(scores);
        MulticlassSvm.AddScores(features, values, Weights, scores);
    }

    internal FeatureScratch Rent() => _scratches.TryTake(out FeatureScratch? scratch) ? scratch : new FeatureScratch();

    internal void Return(FeatureScratch scratch)
    {
        if (scratch.IsWorthKeeping) _scratches.Add(scratch);
    }
}
