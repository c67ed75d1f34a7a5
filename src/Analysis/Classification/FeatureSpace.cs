using System.Runtime.InteropServices;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// Turns texts into sparse vectors: character runs of one to four characters of the normalised, lower-case text,
/// weighted by (1 + ln tf) · idf and scaled to length 1 (Salton and Buckley 1988). A run packs into one 64-bit
/// number, and the first line, the title, counts double.
/// </summary>
internal sealed class FeatureSpace
{
    internal const int LongestRun = 4;
    private const int TitleWeight = 3;

    private readonly Dictionary<ulong, int> _index;

    internal FeatureSpace(ulong[] runs, float[] idf)
    {
        Runs = runs;
        Idf = idf;
        _index = new Dictionary<ulong, int>(runs.Length);
        for (int i = 0; i < runs.Length; i++) _index.Add(runs[i], i);
    }

    /// <summary>The packed runs; a feature's number is its place here.</summary>
    internal ulong[] Runs { get; }

    /// <summary>Inverse document frequency of each feature.</summary>
    internal float[] Idf { get; }

    internal int Count => Runs.Length;

    /// <summary>Chooses the features of a training set: those in at least <paramref name="least"/> texts, the most frequent first.</summary>
    internal static FeatureSpace Learn(IReadOnlyList<PreparedText> texts, int least, int most)
    {
        var documents = new Dictionary<ulong, int>();
        var seen = new HashSet<ulong>();
        foreach (PreparedText text in texts)
        {
            seen.Clear();
            foreach (PlacedRun run in text.Runs())
            {
                if (seen.Add(run.Key)) CollectionsMarshal.GetValueRefOrAddDefault(documents, run.Key, out _)++;
            }
        }

        var chosen = documents.Where(pair => pair.Value >= least).ToArray();
        // Sorting by the run as second key makes the choice, and so the model, the same on every run.
        Array.Sort(chosen, (a, b) => a.Value != b.Value ? b.Value.CompareTo(a.Value) : a.Key.CompareTo(b.Key));
        if (chosen.Length > most) Array.Resize(ref chosen, most);
        double count = texts.Count;
        return new FeatureSpace(
            [.. chosen.Select(pair => pair.Key)],
            [.. chosen.Select(pair => (float)(Math.Log((1 + count) / (1 + pair.Value)) + 1))]);
    }

    /// <summary>The vector of a text: feature numbers ascending, values of length 1, or empty when no feature is known.</summary>
    internal SparseVector Vector(PreparedText text)
    {
        var counts = new Dictionary<int, int>();
        foreach (PlacedRun run in text.Runs())
        {
            if (_index.TryGetValue(run.Key, out int feature))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, feature, out _) += run.Start < text.TitleEnd ? TitleWeight : 1;
            }
        }

        var features = new int[counts.Count];
        counts.Keys.CopyTo(features, 0);
        Array.Sort(features);
        var values = new float[features.Length];
        double squares = 0;
        for (int i = 0; i < features.Length; i++)
        {
            double value = (1 + Math.Log(counts[features[i]])) * Idf[features[i]];
            values[i] = (float)value;
            squares += value * value;
        }

        float scale = squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0;
        for (int i = 0; i < values.Length; i++) values[i] *= scale;
        return new SparseVector(features, values);
    }

    internal bool TryGetFeature(ulong run, out int feature) => _index.TryGetValue(run, out feature);
}

/// <summary>A vector with few values other than 0.</summary>
/// <param name="Features">Feature numbers, ascending.</param>
/// <param name="Values">The value of each.</param>
internal readonly record struct SparseVector(int[] Features, float[] Values)
{
    internal double Dot(ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < Features.Length; i++) sum += weights[Features[i]] * (double)Values[i];
        return sum;
    }
}

/// <summary>A run of characters: its packed form and where it stands in the normalised text.</summary>
internal readonly record struct PlacedRun(ulong Key, int Start, int Length);

/// <summary>A text made ready for its character runs.</summary>
internal sealed class PreparedText
{
    private readonly char[] _characters;

    internal PreparedText(string text)
    {
        Normalized = NormalizedText.Of(text);
        _characters = Normalized.Value.ToCharArray();
        for (int i = 0; i < _characters.Length; i++)
        {
            char c = _characters[i];
            // White space of any kind and length parts words alike; U+0000 is kept for "no character" in a packed run.
            _characters[i] = char.IsWhiteSpace(c) || char.IsControl(c) ? ' ' : char.ToLowerInvariant(c);
        }

        int title = Normalized.Value.IndexOf('\n', StringComparison.Ordinal);
        TitleEnd = Math.Max(0, title);
    }

    internal NormalizedText Normalized { get; }

    /// <summary>Where the first line ends when more follow; else 0.</summary>
    internal int TitleEnd { get; }

    internal IEnumerable<PlacedRun> Runs()
    {
        for (int start = 0; start < _characters.Length; start++)
        {
            ulong key = 0;
            for (int length = 1; length <= FeatureSpace.LongestRun && start + length <= _characters.Length; length++)
            {
                char c = _characters[start + length - 1];
                if (c == ' ') break;
                key = (key << 16) | c;
                yield return new PlacedRun(key, start, length);
            }
        }
    }
}
