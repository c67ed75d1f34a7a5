using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>What a sorter says about one text.</summary>
/// <param name="Label">The most probable label.</param>
/// <param name="Confidence">Its calibrated probability, from 0 to 1.</param>
/// <param name="Probabilities">All labels with their probabilities, most probable first; they sum to 1.</param>
/// <param name="Reasons">The words that led to the label, strongest first, as they stand in the text. May be empty.</param>
public sealed record SortResult(
    string Label, double Confidence, IReadOnlyList<LabelProbability> Probabilities, IReadOnlyList<SortReason> Reasons);

/// <summary>A label and its calibrated probability, from 0 to 1.</summary>
public readonly record struct LabelProbability(string Label, double Probability);

/// <summary>A word that spoke for a label.</summary>
/// <param name="Word">The word as it stands in the text.</param>
/// <param name="Range">Where it first stands in the text.</param>
/// <param name="Weight">How much all its occurrences added to the label's score, in the sorter's own unit; above 0.</param>
public readonly record struct SortReason(string Word, TextRange Range, double Weight);
