using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Similarity;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// Sorts a text by what its writer needs. Urgent danger goes before everything else and is weighed sentence by sentence
/// (<see cref="DangerFinder"/>). Question, complaint, suggestion and thanks are weighed where letters say what they want,
/// in the title and in the last two sentences, by cues (<see cref="NeedCues"/>) and by what was learned from invented
/// samples (<see cref="NeedSamples"/>); all of them ship with the program and are no setting. Traditional and Simplified
/// Chinese are read alike. Nothing but the need is judged. Time is linear in the text. Immutable and thread-safe.
/// </summary>
public sealed class NeedSorter
{
    // The title says what the letter wants; the weights were chosen on half of the labels by hand (docs/benchmarks/need.md).
    private const double OpeningWeight = 3;
    private const int ClosingSentences = 2;
    private const double CueWeight = 0.3;

    // Turns sums of evidence into confidence; fitted on half of the labels as the rest.
    private const double Temperature = 0.8;

    private const int MostLearnedReasons = 3;
    private const double LeastLearnedReason = 1;

    private static readonly Need[] Calm = [Need.Question, Need.Complaint, Need.Suggestion, Need.Thanks];

    private readonly ChineseFolding _folding;
    private readonly DangerFinder _danger;
    private readonly NeedCues _cues;
    private readonly NeedSamples _samples;

    private NeedSorter(ChineseFolding folding, DangerFinder danger, NeedCues cues, NeedSamples samples)
    {
        _folding = folding;
        _danger = danger;
        _cues = cues;
        _samples = samples;
    }

    /// <summary>Loads the sorter from <c>need-cues.tsv</c>, <c>danger-cues.tsv</c>, <c>need-samples.tsv</c> and
    /// <c>chinese-folding.tsv</c>; takes well under a second.</summary>
    /// <exception cref="DictionaryException">A file cannot be used; names file, line and reason.</exception>
    public static NeedSorter Load(DictionaryFolder folder)
    {
        ChineseFolding folding = ChineseFolding.Load(folder);
        NeedSamples samples = Read("need-samples.tsv", NeedSamples.Read);
        return new NeedSorter(folding, new DangerFinder(Read("danger-cues.tsv", DangerCues.Read), samples), Read("need-cues.tsv", NeedCues.Read), samples);

        T Read<T>(string name, Func<Stream, string, Func<string, string>, T> read)
        {
            using Stream stream = folder.Read(name);
            return read(stream, Path.Combine(folder.Path, name), text => folding.Fold(PhraseFinder.Form(text)));
        }
    }

    /// <summary>What the text needs. Where nothing speaks for any need, the confidence is about a quarter and leaves it to a person.</summary>
    /// <param name="text">The redacted text; its first line is its title when more lines follow.</param>
    public NeedResult Classify(string text)
    {
        NormalizedText normalized = NormalizedText.Of(text);
        string form = _folding.Fold(normalized.Value.ToLowerInvariant());
        List<TextRange> sentences = LetterParts.Sentences(form);
        DangerFound danger = _danger.Find(form, sentences);
        if (danger.Score >= DangerFinder.Threshold)
        {
            double confidence = 1 / (1 + Math.Exp(DangerFinder.Threshold - danger.Score));
            return new NeedResult(Need.UrgentDanger, confidence, Reasons(normalized, danger.Reasons.Count > 0 ? danger.Reasons : LearnedReasons(form, [danger.Sentence], Need.UrgentDanger)));
        }

        List<TextRange> parts = Parts(form, sentences);
        var scores = new double[Calm.Length];
        var found = new List<NeedCueFound>();
        var runs = new HashSet<uint>();
        for (int i = 0; i < parts.Count; i++)
        {
            double weight = i == 0 ? OpeningWeight : 1;
            double[] learned = _samples.Score(parts[i].In(form), runs);
            for (int need = 0; need < scores.Length; need++) scores[need] += weight * learned[need];
            foreach (NeedCueFound cue in _cues.Find(form, parts[i]))
            {
                scores[(int)cue.Need] += weight * CueWeight * cue.Weight;
                found.Add(cue);
            }
        }

        double[] probabilities = Calibration.Probabilities(scores, Temperature);
        int best = 0;
        for (int need = 1; need < probabilities.Length; need++)
        {
            if (probabilities[need] > probabilities[best]) best = need;
        }

        List<(TextRange Range, double Weight)> reasons = [.. found.Where(cue => cue.Need == Calm[best]).DistinctBy(cue => cue.Phrase).Select(cue => (cue.Range, cue.Weight))];
        if (reasons.Count == 0) reasons = LearnedReasons(form, parts, Calm[best]);
        return new NeedResult(Calm[best], probabilities[best], Reasons(normalized, reasons));
    }

    private static List<TextRange> Parts(string form, List<TextRange> sentences)
    {
        TextRange opening = LetterParts.Opening(form, sentences);
        return [opening, .. sentences.Where(sentence => sentence.Start >= opening.End).TakeLast(ClosingSentences)];
    }

    private static SortReason[] Reasons(NormalizedText text, IEnumerable<(TextRange Range, double Weight)> reasons) =>
        [.. reasons.OrderBy(reason => reason.Range.Start).Select(reason =>
        {
            TextRange range = text.ToOriginal(reason.Range);
            return new SortReason(range.Of(text.Original), range, reason.Weight);
        })];

    // Without a cue the pairs of characters that were learned to speak for the need are named.
    private List<(TextRange Range, double Weight)> LearnedReasons(string form, List<TextRange> parts, Need need)
    {
        var all = new List<(TextRange Range, double Weight)>();
        foreach (TextRange part in parts)
        {
            for (int at = part.Start; at + 2 <= part.End; at++)
            {
                double weight = _samples.WeightOf(form[at], form[at + 1], need);
                if (weight >= LeastLearnedReason) all.Add((new TextRange(at, at + 2), weight));
            }
        }

        var reasons = new List<(TextRange Range, double Weight)>();
        foreach ((TextRange range, double weight) in all.OrderByDescending(reason => reason.Weight).ThenBy(reason => reason.Range.Start))
        {
            if (reasons.Count == MostLearnedReasons) break;
            if (!reasons.Exists(other => range.Start < other.Range.End && other.Range.Start < range.End)) reasons.Add((range, weight));
        }

        return reasons;
    }
}
