namespace Opinion.Analysis.Similarity;

/// <summary>An entry of the answer bank as it is matched.</summary>
/// <param name="Id">The office's key of it; unique in the bank.</param>
/// <param name="Question">The question it answers; empty where the bank holds answers alone.</param>
/// <param name="Alternatives">Further forms of the question.</param>
/// <param name="Answer">The answer.</param>
public sealed record AnswerEntry(string Id, string Question, IReadOnlyList<string> Alternatives, string Answer);
