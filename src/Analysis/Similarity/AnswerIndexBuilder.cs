using System.Runtime.InteropServices;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Similarity;

/// <summary>Counts a bank once and turns the counts into the weights of <see cref="AnswerIndex"/>.</summary>
internal sealed class AnswerIndexBuilder
{
    private readonly List<Dictionary<int, double>> _answers = [];
    private readonly List<Dictionary<int, double>> _forms = [];
    private readonly List<List<(MatchText Text, Dictionary<int, double> Counts)>> _everyForm = [];
    private readonly double[] _answerLengths;
    private readonly double[] _formLengths;
    private readonly double _answerMean;
    private readonly double _formMean;

    /// <summary>Reads and counts the entries, in the order of their ids.</summary>
    /// <exception cref="ArgumentException">Two entries have the same id.</exception>
    public AnswerIndexBuilder(IEnumerable<AnswerEntry> entries, ChineseFolding folding)
    {
        Folding = folding;
        Focus = new QuestionFocus(folding);
        AnswerEntry[] sorted = [.. entries.OrderBy(entry => entry.Id, StringComparer.Ordinal)];
        for (int i = 1; i < sorted.Length; i++)
        {
            if (string.Equals(sorted[i].Id, sorted[i - 1].Id, StringComparison.Ordinal)) throw new ArgumentException($"Two entries have the id \"{sorted[i].Id}\".", nameof(entries));
        }

        Ids = Array.ConvertAll(sorted, entry => entry.Id);
        _answerLengths = new double[sorted.Length];
        _formLengths = new double[sorted.Length];
        FocusMarks = new double[sorted.Length * QuestionFocus.Kinds];
        for (int i = 0; i < sorted.Length; i++)
        {
            MatchText answer = MatchText.OfAnswer(sorted[i].Answer, folding);
            _answers.Add(Count(answer));
            _answerLengths[i] = answer.Terms.Count;
            Focus.Densities(answer.Folded).CopyTo(FocusMarks, i * QuestionFocus.Kinds);
            AddForms(i, sorted[i]);
        }

        _answerMean = Mean(_answerLengths);
        _formMean = Mean(_formLengths);
        CentreMarks();
    }

    public ChineseFolding Folding { get; }

    public QuestionFocus Focus { get; }

    /// <summary>Sorted, so that an entry's place does not depend on the order it was given in.</summary>
    public string[] Ids { get; }

    public Dictionary<string, int> Terms { get; } = new(StringComparer.Ordinal);

    /// <summary>By entry, then by kind: how much more of a kind's marks the answer has than the bank's average.</summary>
    public double[] FocusMarks { get; }

    /// <summary>How rare a term is that stands in so many of the entries: BM25's idf, in the form that stays above 0.</summary>
    public static double Rarity(int with, int all) => Math.Log(1 + ((all - with + 0.5) / (with + 0.5)));

    /// <summary>For every term its rarity and, from its start to the next, the entries that hold it and its weight in each.</summary>
    public (double[] Rarity, int[] Starts, int[] Entries, double[] Weights) Postings()
    {
        var starts = new int[Terms.Count + 1];
        for (int i = 0; i < Ids.Length; i++)
        {
            foreach (int term in _answers[i].Keys) starts[term + 1]++;
            foreach (int term in _forms[i].Keys) starts[term + 1] += _answers[i].ContainsKey(term) ? 0 : 1;
        }

        var rarity = new double[Terms.Count];
        for (int term = 0; term < rarity.Length; term++)
        {
            rarity[term] = Rarity(starts[term + 1], Ids.Length);
            starts[term + 1] += starts[term];
        }

        var next = (int[])starts.Clone();
        var entries = new int[starts[^1]];
        var weights = new double[starts[^1]];
        for (int i = 0; i < Ids.Length; i++)
        {
            foreach ((int term, double weight) in Weights(i, _forms[i], _formLengths[i], rarity))
            {
                entries[next[term]] = i;
                weights[next[term]++] = weight;
            }
        }

        return (rarity, starts, entries, weights);
    }

    /// <summary>Every form of a question whose entry has further ones, with the entry's weights as they were without that form.</summary>
    public IEnumerable<(int Entry, MatchText Form, Dictionary<int, double> Weights)> FormsLeftOut(double[] rarity)
    {
        for (int i = 0; i < Ids.Length; i++)
        {
            for (int left = 0; _everyForm[i].Count > 1 && left < _everyForm[i].Count; left++)
            {
                var others = _everyForm[i].Where((_, form) => form != left).ToList();
                (Dictionary<int, double> counts, double length) = Joined(others);
                yield return (i, _everyForm[i][left].Text, Weights(i, counts, length, rarity));
            }
        }
    }

    /// <summary>BM25F of every term of an entry.</summary>
    private Dictionary<int, double> Weights(int i, Dictionary<int, double> forms, double formLength, double[] rarity)
    {
        double perAnswer = 1 / Normaliser(_answerLengths[i], _answerMean);
        double perForm = AnswerIndex.QuestionField / Normaliser(formLength, _formMean);
        var weights = new Dictionary<int, double>(_answers[i].Count + forms.Count);
        foreach (int term in _answers[i].Keys.Union(forms.Keys))
        {
            double count = (perAnswer * _answers[i].GetValueOrDefault(term)) + (perForm * forms.GetValueOrDefault(term));
            weights[term] = rarity[term] * (AnswerIndex.Saturation + 1) * count / (AnswerIndex.Saturation + count);
        }

        return weights;
    }

    private static double Normaliser(double length, double mean) =>
        mean == 0 ? 1 : 1 - AnswerIndex.LengthShare + (AnswerIndex.LengthShare * length / mean);

    // Of the entries that have the field: a bank may hold question forms for some entries only.
    private static double Mean(double[] lengths) => lengths.Where(length => length > 0).DefaultIfEmpty(0).Average();

    private void AddForms(int i, AnswerEntry entry)
    {
        var forms = new List<(MatchText Text, Dictionary<int, double> Counts)>();
        foreach (string form in entry.Alternatives.Prepend(entry.Question))
        {
            MatchText text = MatchText.OfQuestion(form, Folding);
            if (text.Terms.Count > 0) forms.Add((text, Count(text)));
        }

        _everyForm.Add(forms);
        (Dictionary<int, double> counts, _formLengths[i]) = Joined(forms);
        _forms.Add(counts);
    }

    /// <summary>Many forms of one question must not outweigh another's one: a term counts as in the form that has it most.</summary>
    private static (Dictionary<int, double> Counts, double Length) Joined(List<(MatchText Text, Dictionary<int, double> Counts)> forms)
    {
        var counts = new Dictionary<int, double>();
        foreach ((int term, double count) in forms.SelectMany(form => form.Counts))
        {
            ref double most = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, term, out _);
            most = Math.Max(most, count);
        }

        return (counts, forms.Count == 0 ? 0 : forms.Average(form => form.Text.Terms.Count));
    }

    private Dictionary<int, double> Count(MatchText text)
    {
        var lookup = Terms.GetAlternateLookup<ReadOnlySpan<char>>();
        var counts = new Dictionary<int, double>();
        foreach (TextRange range in text.Terms)
        {
            ReadOnlySpan<char> word = range.In(text.Folded);
            if (!lookup.TryGetValue(word, out int term))
            {
                term = Terms.Count;
                lookup[word] = term;
            }

            CollectionsMarshal.GetValueRefOrAddDefault(counts, term, out _)++;
        }

        return counts;
    }

    private void CentreMarks()
    {
        for (int kind = 0; kind < QuestionFocus.Kinds; kind++)
        {
            double sum = 0;
            for (int i = kind; i < FocusMarks.Length; i += QuestionFocus.Kinds) sum += FocusMarks[i];
            for (int i = kind; i < FocusMarks.Length; i += QuestionFocus.Kinds) FocusMarks[i] -= sum / Ids.Length;
        }
    }
}
