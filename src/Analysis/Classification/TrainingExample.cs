namespace Opinion.Analysis.Classification;

/// <summary>A text whose label a person gave.</summary>
/// <param name="Text">The redacted text; the first line counts as its title.</param>
/// <param name="Label">The label, compared ordinally.</param>
public readonly record struct TrainingExample(string Text, string Label);
