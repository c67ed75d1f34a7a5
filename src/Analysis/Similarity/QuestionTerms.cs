using Opinion.Analysis.Text;

namespace Opinion.Analysis.Similarity;

/// <summary>
/// How much every term of a question counts. A Chinese question names first what it is about and last what it wants to
/// know of it (the head of a Chinese noun phrase stands last), and what is wanted tells the answers about one matter
/// apart: a term at the very end counts <see cref="LastOverFirst"/> times as much as one at the beginning.
/// </summary>
internal static class QuestionTerms
{
    internal const double LastOverFirst = 2;

    /// <summary>The weight of a term of the question, by its place between the first term and the last; 1 in the middle.</summary>
    internal static double Weight(TextRange term, MatchText question)
    {
        int start = question.Terms[0].Start;
        double place = ((term.Start + term.End) / 2.0 - start) / (question.Terms[^1].End - start);
        double tilt = (LastOverFirst - 1) / (LastOverFirst + 1);
        return 1 + (tilt * ((2 * place) - 1));
    }
}
