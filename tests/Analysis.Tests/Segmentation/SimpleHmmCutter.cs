using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;
using Opinion.DictionaryBuilder;

namespace Opinion.Analysis.Tests.Segmentation;

/// <summary>
/// Cuts a run of characters that the word list does not know into likely words: the best path through the
/// hidden Markov model by Viterbi (1967), with the ties of jieba 0.42.1. Simple, as the oracle of the fast one.
/// </summary>
internal static class SimpleHmmCutter
{
    private const int B = 0, E = 1, M = 2, S = 3;

    // What may stand before each state, in descending order of letter: of equal values the larger letter wins.
    private static readonly int[][] Before = [[S, E], [M, B], [M, B], [S, E]];

    /// <summary>Appends the words of <c>text[start..end]</c>, which holds Han characters and ASCII word characters only.</summary>
    public static void Cut(HmmTables tables, ReadOnlySpan<char> text, int start, int end, List<TextRange> words)
    {
        for (int at = start; at < end;)
        {
            int stop = at;
            if (WordFile.IsHan(text[at]))
            {
                while (stop < end && WordFile.IsHan(text[stop])) stop++;
                CutHan(tables, text, at, stop, words);
            }
            else
            {
                while (stop < end && !WordFile.IsHan(text[stop])) stop++;
                CutAscii(text, at, stop, words);
            }

            at = stop;
        }
    }

    private static void CutHan(HmmTables tables, ReadOnlySpan<char> text, int start, int end, List<TextRange> words)
    {
        int length = end - start;
        var from = new byte[length * 4];
        Span<double> previous = stackalloc double[4];
        Span<double> current = stackalloc double[4];
        for (int s = 0; s < 4; s++) previous[s] = tables.Start(s) + tables.Emission(s, text[start]);
        for (int t = 1; t < length; t++)
        {
            for (int s = 0; s < 4; s++)
            {
                double emission = tables.Emission(s, text[start + t]);
                int larger = Before[s][0];
                int smaller = Before[s][1];
                // The order of additions is jieba's: with values as large as Never any other order rounds differently.
                double viaLarger = previous[larger] + tables.Transition(larger, s) + emission;
                double viaSmaller = previous[smaller] + tables.Transition(smaller, s) + emission;
                bool takeLarger = viaLarger >= viaSmaller;
                current[s] = takeLarger ? viaLarger : viaSmaller;
                from[(t * 4) + s] = (byte)(takeLarger ? larger : smaller);
            }

            current.CopyTo(previous);
        }

        var path = new byte[length];
        int state = previous[S] >= previous[E] ? S : E;
        for (int t = length - 1; t >= 0; t--)
        {
            path[t] = (byte)state;
            if (t > 0) state = from[(t * 4) + state];
        }

        int begin = start;
        for (int t = 0; t < length; t++)
        {
            if (path[t] is E or S)
            {
                words.Add(new TextRange(begin, start + t + 1));
                begin = start + t + 1;
            }
        }
    }

    // Letters and digits with an optional fraction and percent sign are a token, and so is each run between them.
    private static void CutAscii(ReadOnlySpan<char> text, int start, int end, List<TextRange> words)
    {
        int rest = start;
        int at = start;
        while (at < end)
        {
            if (!char.IsAsciiLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            if (rest < at) words.Add(new TextRange(rest, at));
            int stop = at;
            while (stop < end && char.IsAsciiLetterOrDigit(text[stop])) stop++;
            if (stop + 1 < end && text[stop] == '.' && char.IsAsciiDigit(text[stop + 1]))
            {
                stop++;
                while (stop < end && char.IsAsciiDigit(text[stop])) stop++;
            }

            if (stop < end && text[stop] == '%') stop++;
            words.Add(new TextRange(at, stop));
            rest = at = stop;
        }

        if (rest < end) words.Add(new TextRange(rest, end));
    }
}
