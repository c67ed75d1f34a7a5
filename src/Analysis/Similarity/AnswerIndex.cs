using System.Buffers;
using System.Runtime.InteropServices;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Similarity;

/// <summary>
/// Finds the entries of an answer bank that answer a question. Ranks by BM25F over two fields, question forms and answer
/// (Robertson, Zaragoza, Taylor 2004, "Simple BM25 extension to multiple weighted fields"), on single Chinese characters
/// and pairs of them after folding; the terms of the question weigh more towards its end (<see cref="QuestionTerms"/>),
/// and an answer gains by the marks of what is asked for (<see cref="QuestionFocus"/>). What is rare, and how sure a match
/// is where the bank holds several forms of a question, is learnt from the bank alone. The order of the entries does not matter. Immutable and thread-safe.
/// </summary>
public sealed class AnswerIndex
{
    // BM25's usual saturation; answers of a bank differ in length by what they leave out, hence nearly full normalisation.
    internal const double Saturation = 1.2;
    internal const double LengthShare = 0.9;
    internal const double QuestionField = 2;
    internal const double FocusShare = 0.08;
    private const int MostReasons = 8;

    private readonly ChineseFolding _folding;
    private readonly Segmenter _segmenter;
    private readonly QuestionFocus _focus;
    private readonly string[] _ids;
    private readonly double[] _focusMarks;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _terms;
    private readonly double[] _rarity;
    private readonly int[] _starts;
    private readonly int[] _entries;
    private readonly double[] _weights;
    private readonly MatchConfidence _confidence;

    private AnswerIndex(AnswerIndexBuilder built, Segmenter segmenter)
    {
        _folding = built.Folding;
        _segmenter = segmenter;
        _focus = built.Focus;
        _ids = built.Ids;
        _focusMarks = built.FocusMarks;
        _terms = built.Terms.GetAlternateLookup<ReadOnlySpan<char>>();
        (_rarity, _starts, _entries, _weights) = built.Postings();
        _confidence = MatchConfidence.Fitted(Trials(built));
    }

    /// <summary>The number of entries.</summary>
    public int Count => _ids.Length;

    /// <summary>Builds the index of a bank.</summary>
    /// <param name="entries">The entries, in any order.</param>
    /// <param name="segmenter">Finds the words that are given as reasons.</param>
    /// <param name="folding">Makes Traditional and Simplified characters alike.</param>
    /// <exception cref="ArgumentException">Two entries have the same id.</exception>
    public static AnswerIndex Build(IEnumerable<AnswerEntry> entries, Segmenter segmenter, ChineseFolding folding) =>
        new(new AnswerIndexBuilder(entries, folding), segmenter);

    /// <summary>The entries that come closest to a question.</summary>
    /// <param name="question">The redacted question or letter, in any form of Chinese.</param>
    /// <param name="top">The most entries wanted, 1 or more.</param>
    /// <returns>At most <paramref name="top"/> entries; entries of equal score by their ids. Fewer or none when others share no term with the question.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is less than 1.</exception>
    public MatchResult Match(string question, int top)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        MatchText text = MatchText.OfQuestion(question, _folding);
        Dictionary<int, double> terms = Terms(text, out double unknown);
        // The second best is needed to know how sure the best is.
        List<(int Entry, double Score)> best = Rank(text, terms, Math.Max(top, 2), left: null);
        if (best.Count == 0) return new MatchResult(0, []);
        int first = best[0].Entry;
        double confidence = _confidence.Of(Lead(best), Covered(terms, unknown, term => Posting(term, first) >= 0));
        List<TextRange> words = Words(text);
        return new MatchResult(confidence, [.. best.Take(top).Select(b => new MatchedAnswer(_ids[b.Entry], b.Score, Reasons(b.Entry, text, words)))]);
    }

    /// <summary>Asks every form that may be left out of its entry.</summary>
    private List<MatchConfidence.Trial> Trials(AnswerIndexBuilder built)
    {
        var trials = new List<MatchConfidence.Trial>();
        foreach ((int entry, MatchText form, Dictionary<int, double> weights) in built.FormsLeftOut(_rarity))
        {
            Dictionary<int, double> terms = Terms(form, out double unknown);
            List<(int Entry, double Score)> best = Rank(form, terms, 2, (entry, weights));
            if (best.Count == 0) continue;
            int first = best[0].Entry;
            double covered = Covered(terms, unknown, term => first == entry ? weights.ContainsKey(term) : Posting(term, first) >= 0);
            trials.Add(new MatchConfidence.Trial(Lead(best), covered, first == entry));
        }

        return trials;
    }

    private List<(int Entry, double Score)> Rank(MatchText text, Dictionary<int, double> terms, int top, (int Entry, Dictionary<int, double> Weights)? left)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(Count);
        try
        {
            Span<double> scores = rented.AsSpan(0, Count);
            scores.Clear();
            foreach ((int term, double weight) in terms)
            {
                for (int i = _starts[term]; i < _starts[term + 1]; i++) scores[_entries[i]] += weight * _weights[i];
            }

            if (left is var (entry, weights)) scores[entry] = terms.Sum(term => term.Value * weights.GetValueOrDefault(term.Key));
            AddFocus(scores, _focus.Asked(text.Folded));
            return Best(scores, top);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static double Lead(List<(int Entry, double Score)> best) => best.Count == 1 ? 1 : (best[0].Score - best[1].Score) / best[0].Score;

    /// <summary>The known terms of a question, each with its greatest weight, and the summed weight of the unknown ones.</summary>
    private Dictionary<int, double> Terms(MatchText text, out double unknown)
    {
        var terms = new Dictionary<int, double>(text.Terms.Count);
        double never = AnswerIndexBuilder.Rarity(0, Count);
        unknown = 0;
        foreach (TextRange range in text.Terms)
        {
            double weight = QuestionTerms.Weight(range, text);
            if (!_terms.TryGetValue(range.In(text.Folded), out int term))
            {
                unknown += weight * never;
                continue;
            }

            ref double greatest = ref CollectionsMarshal.GetValueRefOrAddDefault(terms, term, out _);
            greatest = Math.Max(greatest, weight);
        }

        return terms;
    }

    private void AddFocus(Span<double> scores, uint asked)
    {
        double most = 0;
        foreach (double score in scores) most = Math.Max(most, score);
        for (int entry = 0; asked != 0 && entry < scores.Length; entry++)
        {
            if (scores[entry] == 0) continue;
            double marks = 0;
            for (int kind = 0; kind < QuestionFocus.Kinds; kind++)
            {
                if ((asked & (1u << kind)) != 0) marks += _focusMarks[(entry * QuestionFocus.Kinds) + kind];
            }

            scores[entry] += FocusShare * most * marks;
        }
    }

    /// <summary>The greatest scores above 0, the greatest first, of equals the first entry first.</summary>
    private static List<(int Entry, double Score)> Best(ReadOnlySpan<double> scores, int top)
    {
        var best = new List<(int Entry, double Score)>(Math.Min(top, scores.Length) + 1);
        for (int entry = 0; entry < scores.Length; entry++)
        {
            double score = scores[entry];
            if (score <= 0 || (best.Count == top && score <= best[^1].Score)) continue;
            int place = best.Count;
            while (place > 0 && best[place - 1].Score < score) place--;
            best.Insert(place, (entry, score));
            if (best.Count > top) best.RemoveAt(top);
        }

        return best;
    }

    /// <summary>The share of the question, each term by its weight and rarity, that an entry holds.</summary>
    private double Covered(Dictionary<int, double> terms, double unknown, Func<int, bool> holds)
    {
        double held = 0;
        double all = unknown;
        foreach ((int term, double weight) in terms)
        {
            double worth = weight * _rarity[term];
            all += worth;
            if (holds(term)) held += worth;
        }

        return held / all;
    }

    private List<TextRange> Words(MatchText text) =>
        [.. _segmenter.Cut(text.Folded).Where(word => char.IsLetterOrDigit(text.Folded[word.Start]))];

    /// <summary>What each term added is shared among its characters and summed over the words.</summary>
    private List<MatchReason> Reasons(int entry, MatchText text, List<TextRange> words)
    {
        Span<double> perCharacter = text.Folded.Length <= 512 ? stackalloc double[text.Folded.Length] : new double[text.Folded.Length];
        foreach (TextRange range in text.Terms)
        {
            if (!_terms.TryGetValue(range.In(text.Folded), out int term) || Posting(term, entry) is not (>= 0 and int posting)) continue;
            double share = QuestionTerms.Weight(range, text) * _weights[posting] / range.Length;
            for (int i = range.Start; i < range.End; i++) perCharacter[i] += share;
        }

        var reasons = new List<MatchReason>();
        foreach (TextRange word in words)
        {
            double sum = 0;
            for (int i = word.Start; i < word.End; i++) sum += perCharacter[i];
            if (sum > 0) reasons.Add(new MatchReason(text.Original(word), sum));
        }

        return [.. reasons.OrderByDescending(reason => reason.Weight).DistinctBy(reason => reason.Word).Take(MostReasons)];
    }

    private int Posting(int term, int entry)
    {
        int start = _starts[term];
        return Array.BinarySearch(_entries, start, _starts[term + 1] - start, entry);
    }
}
