namespace Opinion.Analysis.Similarity;

/// <summary>The entries of a bank that come closest to a question.</summary>
/// <param name="Confidence">The probability that the first answer is the right one, from 0 to 1; 0 without answers.</param>
/// <param name="Answers">The best first; empty when no entry shares a term with the question.</param>
public sealed record MatchResult(double Confidence, IReadOnlyList<MatchedAnswer> Answers);

/// <summary>An entry that was found.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="Score">Greater is closer; comparable within one question only.</param>
/// <param name="Reasons">The question's words that led to it, the weightiest first.</param>
public sealed record MatchedAnswer(string Id, double Score, IReadOnlyList<MatchReason> Reasons);

/// <summary>A word of the question that led to an answer.</summary>
/// <param name="Word">As the question has it.</param>
/// <param name="Weight">What it added to the score.</param>
public sealed record MatchReason(string Word, double Weight);
