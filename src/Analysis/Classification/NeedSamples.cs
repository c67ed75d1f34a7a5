using System.Runtime.InteropServices;
using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Classification;

/// <summary>
/// What was learned from the sample sentences that ship with the program, <c>need-samples.tsv</c>, all of them invented.
/// A sentence is the set of its runs of one or two characters, each weighed by how few samples have it; every need is
/// held against the others by a linear support vector machine (<see cref="LinearSvm"/>). Learning takes a tenth of a
/// second and is done at load. Immutable and thread-safe.
/// </summary>
internal sealed class NeedSamples
{
    /// <summary>The needs, in the order of the scores.</summary>
    internal static readonly Need[] Needs = Enum.GetValues<Need>();

    private const int LongestRun = 2;

    // Few samples that are all right: a soft margin, and rare needs as dear as frequent ones.
    private const double Cost = 0.5;
    private const double BalancePower = 0.5;
    private const int Seed = 1;

    private static readonly string[] Names = ["question", "complaint", "suggestion", "thanks", "urgent-danger"];

    private readonly Dictionary<uint, Run> _runs;
    private readonly double[] _bias;

    private NeedSamples(Dictionary<uint, Run> runs, double[] bias)
    {
        _runs = runs;
        _bias = bias;
    }

    /// <summary>Reads the samples and learns from them: a header <c>need, text</c>, tab-separated.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <param name="form">The form in which samples and texts are compared.</param>
    /// <exception cref="DictionaryException">A line cannot be used, or a need has no sample; names file, line and reason.</exception>
    internal static NeedSamples Read(Stream stream, string name, Func<string, string> form)
    {
        var samples = new List<(Need Need, uint[] Runs)>();
        var counts = new Dictionary<uint, int>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var runs = new HashSet<uint>();
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "need", "text"))
        {
            int need = Array.IndexOf(Names, fields[0]);
            if (need < 0) throw new DictionaryException(name, line, $"\"{fields[0]}\" is not one of {string.Join(", ", Names)}");
            if (!seen.Add(fields[1])) throw new DictionaryException(name, line, $"\"{fields[1]}\" stands twice");
            Collect(form(fields[1]), runs);
            if (runs.Count == 0) throw new DictionaryException(name, line, "the sample has no letters");
            samples.Add(((Need)need, [.. runs]));
            foreach (uint run in runs) CollectionsMarshal.GetValueRefOrAddDefault(counts, run, out _)++;
        }

        foreach (Need need in Needs)
        {
            if (!samples.Exists(sample => sample.Need == need)) throw new DictionaryException(name, 0, $"no samples of {Names[(int)need]}");
        }

        return Learn(samples, counts);
    }

    /// <summary>How much a sentence speaks for each need: about 1 for a clear one, -1 for the others.</summary>
    /// <param name="sentence">In the form in which the samples were read.</param>
    /// <param name="runs">A set to work in, so that many sentences need but one.</param>
    internal double[] Score(ReadOnlySpan<char> sentence, HashSet<uint> runs)
    {
        Collect(sentence, runs);
        var sums = new double[Needs.Length];
        double squares = 0;
        foreach (uint key in runs)
        {
            if (!_runs.TryGetValue(key, out Run run)) continue;
            squares += run.Rarity * run.Rarity;
            for (int need = 0; need < sums.Length; need++) sums[need] += run.Rarity * run.Weights[need];
        }

        double length = squares > 0 ? Math.Sqrt(squares) : 1;
        for (int need = 0; need < sums.Length; need++) sums[need] = (sums[need] / length) + _bias[need];
        return sums;
    }

    /// <summary>How far a sentence speaks for urgent danger before any other need: about -2 to 2; 0 for words that no sample has.</summary>
    /// <inheritdoc cref="Score"/>
    internal double DangerMargin(ReadOnlySpan<char> sentence, HashSet<uint> runs)
    {
        double[] scores = Score(sentence, runs);
        if (!runs.Any(_runs.ContainsKey)) return 0;
        double others = scores[0];
        for (int need = 1; need < (int)Need.UrgentDanger; need++) others = Math.Max(others, scores[need]);
        return scores[(int)Need.UrgentDanger] - others;
    }

    /// <summary>How much two characters beside each other speak for a need, before all is set to length 1.</summary>
    internal double WeightOf(char first, char second, Need need) =>
        _runs.TryGetValue(((uint)first << 16) | second, out Run run) ? run.Rarity * run.Weights[(int)need] : 0;

    private static NeedSamples Learn(List<(Need Need, uint[] Runs)> samples, Dictionary<uint, int> counts)
    {
        // In the order of the keys, so that the same samples give the same weights on every run.
        uint[] keys = [.. counts.Keys.Order()];
        var rarities = Array.ConvertAll(keys, key => Math.Log((1.0 + samples.Count) / (1 + counts[key])) + 1);
        List<SparseVector> vectors = samples.ConvertAll(sample =>
        {
            int[] features = [.. sample.Runs.Select(run => Array.BinarySearch(keys, run)).Order()];
            double length = Math.Sqrt(features.Sum(feature => rarities[feature] * rarities[feature]));
            return new SparseVector(features, Array.ConvertAll(features, feature => (float)(rarities[feature] / length)));
        });

        float[][] weights = Array.ConvertAll(Needs, need =>
        {
            bool[] positive = [.. samples.Select(sample => sample.Need == need)];
            int count = positive.Count(p => p);
            double balance = Math.Pow((double)(positive.Length - count) / count, BalancePower);
            return LinearSvm.Train(vectors, positive, keys.Length, Cost * balance, Cost, Seed);
        });

        var runs = new Dictionary<uint, Run>(keys.Length);
        for (int i = 0; i < keys.Length; i++) runs.Add(keys[i], new Run(rarities[i], Array.ConvertAll(weights, need => need[i])));
        return new NeedSamples(runs, Array.ConvertAll(weights, need => (double)need[^1]));
    }

    // Runs do not reach across white space, digits or Latin letters: 12栋 and B栋 say the same of a need.
    private static void Collect(ReadOnlySpan<char> text, HashSet<uint> runs)
    {
        runs.Clear();
        for (int start = 0; start < text.Length; start++)
        {
            uint key = 0;
            for (int length = 1; length <= LongestRun && start + length <= text.Length; length++)
            {
                char c = text[start + length - 1];
                if (char.IsWhiteSpace(c) || char.IsAsciiLetterOrDigit(c) || c == '\0') break;
                key = (key << 16) | c;
                runs.Add(key);
            }
        }
    }

    private readonly record struct Run(double Rarity, float[] Weights);
}
