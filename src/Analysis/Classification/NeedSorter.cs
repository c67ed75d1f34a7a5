using System.Buffers;
using System.Globalization;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// Sorts a text by what its writer needs, from a list of cues that ships with the program. Question, complaint,
/// suggestion and thanks are weighed over the whole text. Urgent danger is weighed sentence by sentence: words of
/// danger and of "now" add, words of the past, of news, drills and mere possibility take away, and the most
/// dangerous sentence decides. It goes before everything else. Nothing but the need is judged.
/// Immutable and thread-safe.
/// </summary>
public sealed class NeedSorter
{
    // From this sum on, a sentence speaks of danger now. One clear word of danger has 2 or more.
    private const double DangerFrom = 2;
    private const int QuestionIndex = (int)Need.Question;
    private const int ComplaintIndex = (int)Need.Complaint;
    private static readonly System.Buffers.SearchValues<char> Asking = System.Buffers.SearchValues.Create("?\uFF1F\u5417\u5462");

    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create("。！？!?；;\n");
    private static readonly string[] Needs = ["question", "complaint", "suggestion", "thanks"];

    private readonly ILookup<string, Cue> _cues;
    private readonly PhraseFinder _finder;

    private NeedSorter(ILookup<string, Cue> cues)
    {
        _cues = cues;
        _finder = new PhraseFinder(cues.Select(group => group.Key));
    }

    private enum Kind
    {
        Need,
        Danger,
        Now,
        Calm,
    }

    /// <summary>Reads and validates the cues: a header <c>cue, need, weight</c>, tab-separated. A cue may
    /// stand for several needs. Besides the needs, <c>danger</c>, <c>now</c> (adds to danger in its sentence) and <c>calm</c> (takes away in its sentence) are known.</summary>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static NeedSorter Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Load(stream, path);
    }

    /// <summary>Reads and validates the cues.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    public static NeedSorter Load(Stream stream, string name = "need-cues.tsv")
    {
        var cues = new List<(string Phrase, Cue Cue)>();
        var seen = new HashSet<(string, string)>();
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "cue", "need", "weight"))
        {
            string phrase = PhraseFinder.Form(fields[0]);
            if (phrase.Length == 0) throw new DictionaryException(name, line, "the cue is empty");
            if (!double.TryParse(fields[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight) || !(weight is >= 0 and <= 10))
            {
                throw new DictionaryException(name, line, $"\"{fields[2]}\" is not a weight from 0 to 10");
            }

            int need = Array.IndexOf(Needs, fields[1]);
            Kind kind = fields[1] switch
            {
                _ when need >= 0 => Kind.Need,
                "danger" => Kind.Danger,
                "now" => Kind.Now,
                "calm" => Kind.Calm,
                _ => throw new DictionaryException(name, line, $"\"{fields[1]}\" is not one of {string.Join(", ", Needs)}, danger, now, calm"),
            };
            if (!seen.Add((phrase, fields[1]))) throw new DictionaryException(name, line, $"\"{fields[0]}\" stands twice for {fields[1]}");
            cues.Add((phrase, new Cue(kind, need, weight)));
        }

        if (!cues.Any(cue => cue.Cue.Kind == Kind.Danger)) throw new DictionaryException(name, 0, "no cues of danger");
        return new NeedSorter(cues.ToLookup(cue => cue.Phrase, cue => cue.Cue, StringComparer.Ordinal));
    }

    /// <summary>What the text needs. Without any cue: a question where it asks, else a complaint, with a confidence that leaves it to a person.</summary>
    public NeedResult Classify(string text)
    {
        List<Found> found = [.. _finder.Find(text).SelectMany(
            match => _cues[match.Phrase], (match, cue) => new Found(match.Phrase, match.Range, cue))];
        List<Found> danger = MostDangerous(text, found, out double sum);
        if (sum >= DangerFrom)
        {
            return new NeedResult(Need.UrgentDanger, 1 / (1 + Math.Exp(DangerFrom - 1 - sum)), Reasons(text, danger));
        }

        var scores = new double[Needs.Length];
        foreach ((string _, Cue cue) in found.Select(f => (f.Phrase, f.Cue)).Distinct())
        {
            if (cue.Kind == Kind.Need) scores[cue.Need] += cue.Weight;
        }

        double[] probabilities = Calibration.Probabilities(scores, 1);
        int best = Asks(text) ? QuestionIndex : ComplaintIndex;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[best]) best = i;
        }

        return new NeedResult((Need)best, probabilities[best], Reasons(text, found.Where(f => f.Cue.Kind == Kind.Need && f.Cue.Need == best)));
    }

    private static bool Asks(string text) => text.AsSpan().IndexOfAny(Asking) >= 0;

    private static SortReason[] Reasons(string text, IEnumerable<Found> found) =>
        [.. found.DistinctBy(f => f.Phrase).Where(f => f.Cue.Weight > 0).Select(f => new SortReason(f.Range.Of(text), f.Range, f.Cue.Weight))];

    private static List<Found> MostDangerous(string text, List<Found> found, out double most)
    {
        most = 0;
        List<Found> mostDangerous = [];
        int at = 0;
        for (int start = 0; start < text.Length && at < found.Count;)
        {
            int end = text.AsSpan(start).IndexOfAny(SentenceEnds);
            end = end < 0 ? text.Length : start + end + 1;
            var sentence = new List<Found>();
            for (; at < found.Count && found[at].Range.Start < end; at++) sentence.Add(found[at]);
            double danger = 0;
            double now = 0;
            double calm = 0;
            foreach (Found cue in sentence.DistinctBy(f => (f.Phrase, f.Cue.Kind)))
            {
                if (cue.Cue.Kind == Kind.Danger) danger += cue.Cue.Weight;
                else if (cue.Cue.Kind == Kind.Now) now = Math.Max(now, cue.Cue.Weight);
                else if (cue.Cue.Kind == Kind.Calm) calm += cue.Cue.Weight;
            }

            // "Now" is no danger by itself.
            double sum = danger > 0 ? danger + now - calm : 0;
            if (sum > most)
            {
                most = sum;
                mostDangerous = [.. sentence.Where(f => f.Cue.Kind is Kind.Danger or Kind.Now)];
            }

            start = end;
        }

        return mostDangerous;
    }

    private readonly record struct Cue(Kind Kind, int Need, double Weight);

    private readonly record struct Found(string Phrase, TextRange Range, Cue Cue);
}
