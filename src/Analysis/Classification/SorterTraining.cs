using System.Runtime.InteropServices;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>Makes a <see cref="SorterModel"/> of examples: chooses the features, trains the weights and calibrates the confidence.</summary>
internal static class SorterTraining
{
    private const int Folds = 3;
    private const int MostFeatures = 200_000;
    private const int MostWeights = 40_000_000;

    // Chosen by five-fold cross-validation on letters_train: costs from 0.25 to 1 do about as well, and powers of telling from 0.15 to 0.5.
    private const double Cost = 0.5;
    private const double RarePower = 0.15;
    private const double TellingPower = 0.25;
    private const double Smoothing = 0.05;

    internal static SorterModel Train(IReadOnlyList<TrainingExample> examples, Segmenter? segmenter, int seed)
    {
        string[] labels = [.. examples.Select(example => example.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (labels.Length < 2) throw new ArgumentException($"{labels.Length} label(s) where at least two are needed", nameof(examples));
        var truth = new int[examples.Count];
        for (int i = 0; i < truth.Length; i++) truth[i] = Array.BinarySearch(labels, examples[i].Label, StringComparer.Ordinal);

        int most = Math.Min(MostFeatures, MostWeights / MulticlassSvm.Stride(labels.Length));
        FeatureSpace space = LearnFeatures(examples, segmenter, most);
        SparseVector[] vectors = Vectors(space, examples);

        // Folds do not depend on each other, so the result is the same in whatever order they finish.
        int[] fold = AssignFolds(examples, truth, labels.Length, seed);
        var weights = new float[Folds + 1][];
        var held = new float[vectors.Length][];
        Parallel.For(0, Folds + 1, part =>
        {
            int[] rest = [.. Enumerable.Range(0, truth.Length).Where(i => part == Folds || fold[i] != part)];
            float[] trained = TrainWeights([.. rest.Select(i => vectors[i])], [.. rest.Select(i => truth[i])], labels.Length, space.Count, seed);
            if (part == Folds)
            {
                weights[part] = trained;
                return;
            }

            for (int i = 0; i < truth.Length; i++)
            {
                if (fold[i] == part) held[i] = Scores(vectors[i], trained, labels.Length);
            }
        });
        double factor = Calibration.FitFactor(Array.ConvertAll(held, scores => Array.ConvertAll(scores[..labels.Length], score => (double)score)), truth);
        return new SorterModel(labels, space, weights[Folds], factor);
    }

    /// <summary>The features of a training set: runs and words in enough of its texts, the most frequent first.</summary>
    private static FeatureSpace LearnFeatures(IReadOnlyList<TrainingExample> examples, Segmenter? segmenter, int most)
    {
        // A piece seen once says little, but of few texts every piece is needed.
        int least = examples.Count >= 2000 ? 3 : examples.Count >= 500 ? 2 : 1;
        var forms = new string[examples.Count];
        var words = new IReadOnlyList<TextRange>[examples.Count];
        Parallel.For(0, forms.Length, () => new char[1024], (i, _, buffer) =>
        {
            int length = LetterForm.Write(examples[i].Text, ref buffer);
            forms[i] = new string(buffer, 0, length);
            words[i] = segmenter?.Cut(forms[i]) ?? [];
            return buffer;
        }, _ => { });

        var runs = new Dictionary<uint, Tally>();
        var found = new Dictionary<string, Tally>(StringComparer.Ordinal);
        Dictionary<string, Tally>.AlternateLookup<ReadOnlySpan<char>> byText = found.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < forms.Length; i++)
        {
            string form = forms[i];
            for (int at = 0; at < form.Length; at++)
            {
                if (form[at] == ' ') continue;
                CollectionsMarshal.GetValueRefOrAddDefault(runs, form[at], out _).Add(i);
                if (at + 1 < form.Length && form[at + 1] != ' ') CollectionsMarshal.GetValueRefOrAddDefault(runs, ((uint)form[at] << 16) | form[at + 1], out _).Add(i);
            }

            foreach (TextRange range in words[i])
            {
                ReadOnlySpan<char> word = range.In(form);
                if (word.Length <= PieceTrie.LongestPiece && IsWord(word)) CollectionsMarshal.GetValueRefOrAddDefault(byText, word, out _).Add(i);
            }
        }

        // Sorting by the text as second key makes the choice, and so the model, the same on every run.
        (string Text, Tally Tally)[] chosenWords = [.. found.Where(pair => pair.Value.Texts >= least).Select(pair => (pair.Key, pair.Value))
            .OrderByDescending(word => word.Value.Texts).ThenBy(word => word.Key, StringComparer.Ordinal).Take(most / 4)];
        (string Text, Tally Tally)[] chosenRuns = [.. runs.Where(pair => pair.Value.Texts >= least)
            .OrderByDescending(pair => pair.Value.Texts).ThenBy(pair => pair.Key).Take(most - chosenWords.Length)
            .Select(pair => (pair.Key <= char.MaxValue ? ((char)pair.Key).ToString() : string.Concat((char)(pair.Key >> 16), (char)pair.Key), pair.Value))];
        double total = Math.Max(1, chosenWords.Sum(word => (double)word.Tally.Places));
        (string Text, Tally Tally)[] all = [.. chosenRuns, .. chosenWords];
        return new FeatureSpace(
            Array.ConvertAll(all, piece => piece.Text),
            chosenRuns.Length,
            Array.ConvertAll(all, piece => (float)(Math.Log((1.0 + forms.Length) / (1 + piece.Tally.Texts)) + 1)),
            Array.ConvertAll(chosenWords, word => (float)Math.Log(total / word.Tally.Places)),
            (float)Math.Log(total / 0.5));
    }

    private static bool IsWord(ReadOnlySpan<char> word)
    {
        foreach (char c in word)
        {
            if (!char.IsLetterOrDigit(c)) return false;
        }

        return true;
    }

    private static SparseVector[] Vectors(FeatureSpace space, IReadOnlyList<TrainingExample> examples)
    {
        var vectors = new SparseVector[examples.Count];
        Parallel.For(0, vectors.Length, () => new FeatureScratch(), (i, _, scratch) =>
        {
            vectors[i] = space.Vector(examples[i].Text, scratch);
            return scratch;
        }, _ => { });
        return vectors;
    }

    private static float[] TrainWeights(SparseVector[] vectors, int[] truth, int labels, int features, int seed)
    {
        float[] telling = Telling(vectors, truth, labels, features);
        SparseVector[] scaled = Array.ConvertAll(vectors, vector => vector with { Values = [.. vector.Values.Select((value, k) => value * telling[vector.Features[k]])] });
        var counts = new int[labels];
        foreach (int label in truth) counts[label]++;
        // Rare labels cost more to miss, though less than in full proportion: that would drown the frequent ones.
        double[] costs = Array.ConvertAll(counts, count => Cost * Math.Pow(Math.Max(1, truth.Length - count) / (double)Math.Max(1, count) / Math.Max(1, labels - 1), RarePower));
        float[] weights = MulticlassSvm.Train(scaled, truth, costs, features, seed);
        // A vector times its scale times a weight is the vector times a scaled weight: sorting need not know of the scale.
        int stride = MulticlassSvm.Stride(labels);
        for (int feature = 0; feature < features; feature++)
        {
            for (int label = 0; label < labels; label++) weights[(feature * stride) + label] *= telling[feature];
        }

        return weights;
    }

    /// <summary>
    /// How much each feature tells of the label: the divergence of the labels' shares in it from even shares, to a small power,
    /// around 1. Scaling features by how unevenly labels share them follows Wang and Manning, "Baselines and bigrams: simple,
    /// good sentiment and topic classification", ACL 2012; one scale for all labels keeps the multi-class problem whole.
    /// </summary>
    private static float[] Telling(SparseVector[] vectors, int[] truth, int labels, int features)
    {
        var sums = new double[labels][];
        for (int label = 0; label < labels; label++)
        {
            sums[label] = new double[features];
            Array.Fill(sums[label], Smoothing);
        }

        for (int i = 0; i < vectors.Length; i++)
        {
            double[] own = sums[truth[i]];
            (int[] at, float[] values) = vectors[i];
            for (int k = 0; k < at.Length; k++) own[at[k]] += values[k];
        }

        double[] totals = Array.ConvertAll(sums, sum => sum.Sum());
        var divergence = new double[features];
        double mean = 0;
        for (int feature = 0; feature < features; feature++)
        {
            double whole = 0;
            for (int label = 0; label < labels; label++) whole += sums[label][feature] / totals[label];
            double bits = Math.Log(labels);
            for (int label = 0; label < labels; label++)
            {
                double share = sums[label][feature] / totals[label] / whole;
                bits += share * Math.Log(share);
            }

            divergence[feature] = Math.Max(0, bits);
            mean += divergence[feature] / features;
        }

        // Where no feature tells anything (every text alike), all count the same.
        return Array.ConvertAll(divergence, d => mean > 0 ? (float)Math.Pow(d / mean, TellingPower) : 1f);
    }

    private static float[] Scores(SparseVector vector, float[] weights, int labels)
    {
        int stride = MulticlassSvm.Stride(labels);
        float[] scores = weights[^stride..];
        MulticlassSvm.AddScores(vector.Features, vector.Values, weights, scores);
        return scores;
    }

    // Every label is spread evenly over the folds, and letters with the same body (sent twice, or under two titles) stay in one:
    // otherwise the held-out scores would be those of letters already seen, and the confidence too high.
    private static int[] AssignFolds(IReadOnlyList<TrainingExample> examples, int[] truth, int labels, int seed)
    {
        int[] order = [.. Enumerable.Range(0, truth.Length)];
        new Random(seed).Shuffle(order);
        var next = new int[labels];
        for (int label = 0; label < labels; label++) next[label] = label;
        var fold = new int[truth.Length];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> byText = seen.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (int i in order)
        {
            ReadOnlySpan<char> text = examples[i].Text;
            ReadOnlySpan<char> body = text[FeatureSpace.TitleEnd(text)..].Trim();
            ref int known = ref CollectionsMarshal.GetValueRefOrAddDefault(byText, body.IsEmpty ? text : body, out bool exists);
            if (!exists) known = next[truth[i]]++ % Folds;
            fold[i] = known;
        }

        return fold;
    }

    private struct Tally
    {
        private int _last;

        /// <summary>How many texts have it.</summary>
        internal int Texts { get; private set; }

        /// <summary>How often it stands in all of them.</summary>
        internal int Places { get; private set; }

        internal void Add(int text)
        {
            Places++;
            if (Texts > 0 && _last == text) return;
            Texts++;
            _last = text;
        }
    }
}
