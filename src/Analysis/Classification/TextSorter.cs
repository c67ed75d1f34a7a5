using System.Runtime.InteropServices;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// Sorts texts by a trained model and says which words led to the label: what each feature (a run of characters or a word)
/// added to the label's score is shared among its characters and summed over the words of the text. Immutable and thread-safe.
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
        var probabilities = new double[Model.Labels.Count];
        int best = Model.Probabilities(text, probabilities);
        LabelProbability[] ranked = [.. probabilities.Select((p, i) => new LabelProbability(Model.Labels[i], p)).OrderByDescending(p => p.Probability)];
        return new SortResult(Model.Labels[best], probabilities[best], ranked, Reasons(text, best));
    }

    /// <summary>The calibrated probability of every label, in the order of the model's labels, to be summed over a tree of subjects.</summary>
    public double[] Probabilities(string text) => Model.Probabilities(text);

    private List<SortReason> Reasons(string text, int label)
    {
        NormalizedText normalized = NormalizedText.Of(text);
        string form = string.Create(normalized.Value.Length, normalized.Value, static (span, value) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = LetterForm.Of(value[i]);
        });
        double[] perCharacter = new double[text.Length];
        FeatureScratch scratch = Model.Rent();
        List<PlacedPiece> pieces = Pieces(form, FeatureSpace.TitleEnd(normalized.Value), scratch);
        var occurrences = new Dictionary<int, int>();
        foreach (PlacedPiece piece in pieces) CollectionsMarshal.GetValueRefOrAddDefault(occurrences, piece.Feature, out _)++;
        Model.Space.Weigh(text, scratch);
        var added = new Dictionary<int, double>();
        for (int i = 0; i < scratch.Features.Length; i++)
        {
            int feature = scratch.Features[i];
            added[feature] = Model.Weights[(feature * Model.Stride) + label] * (double)scratch.Values[i] / occurrences[feature];
        }

        Model.Return(scratch);
        foreach (PlacedPiece piece in pieces)
        {
            double share = added[piece.Feature] / piece.Length;
            for (int i = piece.Start; i < piece.Range.End; i++) perCharacter[normalized.ToOriginal(new TextRange(i, i + 1)).Start] += share;
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

    /// <summary>The pieces of both fields, placed in the whole form.</summary>
    private List<PlacedPiece> Pieces(string form, int titleEnd, FeatureScratch scratch)
    {
        var pieces = new List<PlacedPiece>();
        foreach (TextRange field in (TextRange[])[new(0, titleEnd), new(titleEnd, form.Length)])
        {
            foreach (PlacedPiece piece in Model.Space.Find(field.In(form), scratch)) pieces.Add(piece with { Start = piece.Start + field.Start });
        }

        return pieces;
    }
}
