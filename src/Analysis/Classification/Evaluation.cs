namespace Opinion.Analysis.Classification;

/// <summary>What a sorter said about a text and what is right.</summary>
/// <param name="Truth">The right label.</param>
/// <param name="Label">The label given.</param>
/// <param name="Confidence">The sorter's confidence, from 0 to 1.</param>
public readonly record struct Judgement(string Truth, string Label, double Confidence);

/// <summary>How well a sorter does on texts whose labels are known.</summary>
/// <param name="Count">The number of texts.</param>
/// <param name="Accuracy">Share of texts with the right label.</param>
/// <param name="MacroF1">Mean over labels of the harmonic mean of precision and recall.</param>
/// <param name="MacroF1Low">Lower end of its 95 % bootstrap interval.</param>
/// <param name="MacroF1High">Upper end of its 95 % bootstrap interval.</param>
/// <param name="Labels">All labels, right or given, in ordinal order.</param>
/// <param name="Confusion"><c>Confusion[i][j]</c> texts of label i were given label j.</param>
/// <param name="Threshold">The confidence from which a text is sorted without a person.</param>
/// <param name="ShareAbove">Share of texts with at least that confidence.</param>
/// <param name="AccuracyAbove">Share of those with the right label; 0 when there are none.</param>
/// <param name="CalibrationError">How far confidence and accuracy lie apart, from 0 to 1: the mean over ten bands of confidence,
/// weighed by their texts (expected calibration error: Naeini, Cooper, Hauskrecht, AAAI 2015).</param>
public sealed record Evaluation(
    int Count,
    double Accuracy,
    double MacroF1,
    double MacroF1Low,
    double MacroF1High,
    IReadOnlyList<string> Labels,
    IReadOnlyList<IReadOnlyList<int>> Confusion,
    double Threshold,
    double ShareAbove,
    double AccuracyAbove,
    double CalibrationError)
{
    /// <summary>Evaluates judgements. The interval is the percentile bootstrap (Efron and Tibshirani 1993) over texts.</summary>
    /// <param name="judgements">One per text; at least one.</param>
    /// <param name="threshold">The confidence from which a text is sorted without a person.</param>
    /// <param name="seed">Seed of the resampling.</param>
    /// <param name="rounds">How often the texts are drawn anew, at least 100.</param>
    /// <exception cref="ArgumentException">No judgement was given.</exception>
    public static Evaluation Of(IReadOnlyList<Judgement> judgements, double threshold, int seed = 1, int rounds = 1000)
    {
        if (judgements.Count == 0) throw new ArgumentException("no judgement to evaluate", nameof(judgements));
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 100);
        string[] labels = [.. judgements.SelectMany(j => new[] { j.Truth, j.Label }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var pairs = new (int Truth, int Given)[judgements.Count];
        for (int i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (Array.BinarySearch(labels, judgements[i].Truth, StringComparer.Ordinal),
                Array.BinarySearch(labels, judgements[i].Label, StringComparer.Ordinal));
        }

        int[][] confusion = Table(pairs, labels.Length);
        var random = new Random(seed);
        var samples = new double[rounds];
        var drawn = new (int Truth, int Given)[pairs.Length];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < drawn.Length; i++) drawn[i] = pairs[random.Next(pairs.Length)];
            samples[round] = F1(Table(drawn, labels.Length));
        }

        Array.Sort(samples);
        int above = judgements.Count(j => j.Confidence >= threshold);
        int rightAbove = judgements.Count(j => j.Confidence >= threshold && string.Equals(j.Truth, j.Label, StringComparison.Ordinal));
        return new Evaluation(
            pairs.Length,
            (double)pairs.Count(pair => pair.Truth == pair.Given) / pairs.Length,
            F1(confusion),
            samples[(int)(0.025 * rounds)],
            samples[(int)(0.975 * rounds)],
            labels,
            confusion,
            threshold,
            (double)above / pairs.Length,
            above == 0 ? 0 : (double)rightAbove / above,
            Gap(judgements));
    }

    private static double Gap(IReadOnlyList<Judgement> judgements)
    {
        var bands = new double[10];
        foreach (Judgement judgement in judgements)
        {
            bool right = string.Equals(judgement.Truth, judgement.Label, StringComparison.Ordinal);
            bands[Math.Clamp((int)(judgement.Confidence * bands.Length), 0, bands.Length - 1)] += judgement.Confidence - (right ? 1 : 0);
        }

        return bands.Sum(Math.Abs) / judgements.Count;
    }

    private static int[][] Table(ReadOnlySpan<(int Truth, int Given)> pairs, int labels)
    {
        var table = new int[labels][];
        for (int i = 0; i < labels; i++) table[i] = new int[labels];
        foreach ((int truth, int given) in pairs) table[truth][given]++;
        return table;
    }

    private static double F1(int[][] table)
    {
        double sum = 0;
        int present = 0;
        for (int label = 0; label < table.Length; label++)
        {
            int row = table[label].Sum();
            int column = table.Sum(line => line[label]);
            // A label that was not drawn into a sample says nothing about the sorter.
            if (row + column == 0) continue;
            present++;
            sum += 2.0 * table[label][label] / (row + column);
        }

        return sum / present;
    }
}
