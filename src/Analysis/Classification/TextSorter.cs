using System.Runtime.InteropServices;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// Sorts texts by a trained model and says which words led to the label: what each character run added to the
/// label's score is shared among its characters and summed over the words of the text. Immutable and thread-safe.
/// </summary>
public sealed class TextSorter
{
    private const int MostReasons = 8;

    private readonly Segmenter _segmenter;

    /// <summary>Makes a sorter of a model and the segmenter that finds the words to name.</summary>
    public TextSorter(SorterModel model, Segmenter segmenter)
    {
        Model = model;
        _segmenter = segmenter;
    }

    /// <summary>The model.</summary>
    public SorterModel Model { get; }

    /// <summary>Sorts one text. A text without any known character run gets the labels' base rates.</summary>
    /// <param name="text">The redacted text; its first line is its title when more lines follow.</param>
    public SortResult Classify(string text)
    {
        var prepared = new PreparedText(text);
        SparseVector vector = Model.Space.Vector(prepared);
        double[] probabilities = Model.Probabilities(vector);
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[best]) best = i;
        }

        LabelProbability[] ranked = [.. probabilities.Select((p, i) => new LabelProbability(Model.Labels[i], p)).OrderByDescending(p => p.Probability)];
        return new SortResult(Model.Labels[best], probabilities[best], ranked, Reasons(text, prepared, vector, Model.Weights[best]));
    }

    /// <summary>The calibrated probability of every label, in the order of the model's labels, to be summed over a tree of subjects.</summary>
    public double[] Probabilities(string text) => Model.Probabilities(text);

    private List<SortReason> Reasons(string text, PreparedText prepared, SparseVector vector, float[] weights)
    {
        var occurrences = new Dictionary<int, int>();
        foreach (PlacedRun run in prepared.Runs())
        {
            if (Model.Space.TryGetFeature(run.Key, out int feature))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(occurrences, feature, out _)++;
            }
        }

        var perCharacter = new double[text.Length];
        foreach (PlacedRun run in prepared.Runs())
        {
            if (!Model.Space.TryGetFeature(run.Key, out int feature)) continue;
            double value = vector.Values[Array.BinarySearch(vector.Features, feature)];
            double share = weights[feature] * value / occurrences[feature] / run.Length;
            for (int i = run.Start; i < run.Start + run.Length; i++)
            {
                perCharacter[prepared.Normalized.ToOriginal(new TextRange(i, i + 1)).Start] += share;
            }
        }

        var words = new Dictionary<string, (TextRange First, double Weight)>(StringComparer.Ordinal);
        foreach (TextRange range in _segmenter.Cut(text))
        {
            // A single character is seldom a reason that a reader understands.
            if (range.Length < 2 || !char.IsLetterOrDigit(text[range.Start])) continue;
            double sum = 0;
            for (int i = range.Start; i < range.End; i++) sum += perCharacter[i];
            ref (TextRange First, double Weight) entry = ref CollectionsMarshal.GetValueRefOrAddDefault(words, range.Of(text), out bool known);
            entry = (known ? entry.First : range, entry.Weight + sum);
        }

        return [.. words.Where(w => w.Value.Weight > 0)
            .OrderByDescending(w => w.Value.Weight).ThenBy(w => w.Value.First.Start).Take(MostReasons)
            .Select(w => new SortReason(w.Key, w.Value.First, w.Value.Weight))];
    }
}
