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

    /// <summary>The weight of the term at a range, in a text of this length; 1 in the middle.</summary>
    internal static double Weight(TextRange term, int length)
    {
        double place = (term.Start + term.End) / (2.0 * length);
        double tilt = (LastOverFirst - 1) / (LastOverFirst + 1);
        return 1 + (tilt * ((2 * place) - 1));
    }
}
