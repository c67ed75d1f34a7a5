using Opinion.Analysis.Similarity;

namespace Opinion.Analysis.Tests.Similarity;

/// <summary>
/// The ranking of <see cref="AnswerIndex"/> written in the simplest way, entry by entry from the definition of BM25F, for
/// banks of answers alone. The oracle of the index, and the plain scan that its speed is measured against.
/// </summary>
internal sealed class LinearMatch
{
    private readonly ChineseFolding _folding;
    private readonly QuestionFocus _focus;
    private readonly (string Id, Dictionary<string, int> Counts, int Length, double[] Marks)[] _entries;
    private readonly double _mean;
    private readonly double[] _marks;

    public LinearMatch(IEnumerable<AnswerEntry> entries, ChineseFolding folding)
    {
        _folding = folding;
        _focus = new QuestionFocus(folding);
        _entries = [.. entries.Select(entry =>
        {
            MatchText text = MatchText.OfAnswer(entry.Answer, folding);
            return (entry.Id, Counts(text), text.Terms.Count, _focus.Densities(text.Folded));
        })];
        _mean = _entries.Where(entry => entry.Length > 0).Select(entry => entry.Length).DefaultIfEmpty(0).Average();
        _marks = [.. Enumerable.Range(0, QuestionFocus.Kinds).Select(kind => _entries.Select(entry => entry.Marks[kind]).DefaultIfEmpty(0).Average())];
    }

    public IReadOnlyList<(string Id, double Score)> Match(string question, int top)
    {
        MatchText text = MatchText.OfQuestion(question, _folding);
        var weights = text.Terms
            .GroupBy(range => range.Of(text.Folded), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Max(range => QuestionTerms.Weight(range, text)), StringComparer.Ordinal);
        var rarity = weights.Keys.ToDictionary(term => term, term =>
        {
            int with = _entries.Count(entry => entry.Counts.ContainsKey(term));
            return Math.Log(1 + ((_entries.Length - with + 0.5) / (with + 0.5)));
        }, StringComparer.Ordinal);
        uint asked = _focus.Asked(text.Folded);
        var scored = _entries.Select(entry => (entry.Id, entry.Marks, Score: weights.Sum(term => entry.Counts.TryGetValue(term.Key, out int count)
            ? term.Value * rarity[term.Key] * count * (AnswerIndex.Saturation + 1) / (count + (AnswerIndex.Saturation * (1 - AnswerIndex.LengthShare + (AnswerIndex.LengthShare * entry.Length / _mean))))
            : 0))).Where(entry => entry.Score > 0).ToList();
        double most = scored.Count == 0 ? 0 : scored.Max(entry => entry.Score);
        return [.. scored
            .Select(entry => (entry.Id, Score: entry.Score + (AnswerIndex.FocusShare * most * Enumerable.Range(0, QuestionFocus.Kinds)
                .Where(kind => (asked & (1u << kind)) != 0)
                .Sum(kind => entry.Marks[kind] - _marks[kind]))))
            .Where(entry => entry.Score > 0)
            .OrderByDescending(entry => entry.Score)
            .ThenBy(entry => entry.Id, StringComparer.Ordinal)
            .Take(top)];
    }

    private static Dictionary<string, int> Counts(MatchText text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string term in text.Terms.Select(range => range.Of(text.Folded))) counts[term] = counts.GetValueOrDefault(term) + 1;
        return counts;
    }
}
