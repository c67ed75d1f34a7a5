using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>What speaks of danger now in a text.</summary>
/// <param name="Score">How much, in the unit of the cues' weights; <see cref="DangerFinder.Threshold"/> and more is danger.</param>
/// <param name="Sentence">The most dangerous sentence: a range of the form.</param>
/// <param name="Reasons">The events in it, in the order of the text: ranges of the form. Empty where only what was learned speaks for danger.</param>
internal readonly record struct DangerFound(double Score, TextRange Sentence, IReadOnlyList<(TextRange Range, double Weight)> Reasons);

/// <summary>
/// Weighs a text for danger to life that calls for help now, sentence by sentence; the most dangerous sentence decides.
/// Events add (the strongest whole, the others half), and so do words of now, calls for help and people in it, there or in
/// the sentences beside; words of the past, of mere possibility, of habit, news, drills, claims and figures of speech take
/// away in their sentence, and what tells another kind of story takes away in the whole letter. To this is added how far
/// the sentence with its neighbours is like the invented samples of danger rather than any others (<see cref="NeedSamples"/>),
/// which finds what no cue foresaw. Time is linear in the text. Immutable and thread-safe.
/// </summary>
internal sealed class DangerFinder
{
    /// <summary>From this score on a text speaks of danger now.</summary>
    internal const double Threshold = 0.5;

    // The learned margin tells danger from look-alikes best where the words are new; cues where the letter is long.
    private const double MarginWeight = 3;
    private const double LeastMargin = -1.5;
    private const double MostMargin = 2;

    private const double MostEvent = 4.5;
    private const double MostSupport = 2;

    // "Now" and "come" say little where nothing dangerous is named.
    private const double MostLoneSupport = 0.5;
    private const double MostStory = 1.5;

    private readonly DangerCue[] _cues;
    private readonly Dictionary<char, (string Head, int Cue)[]> _heads;
    private readonly NeedSamples _samples;

    internal DangerFinder(IEnumerable<DangerCue> cues, NeedSamples samples)
    {
        _samples = samples;
        _cues = [.. cues];
        _heads = _cues
            .SelectMany((cue, index) => cue.Pattern.Heads.Select(head => (Head: head, Cue: index)))
            .GroupBy(entry => entry.Head[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(entry => entry.Head.Length).ToArray());
    }

    /// <summary>Weighs a text.</summary>
    /// <param name="form">The text in the form in which cues were read.</param>
    /// <param name="ranges">Its <see cref="LetterParts.Sentences"/>.</param>
    internal DangerFound Find(string form, List<TextRange> ranges)
    {
        bool[] hidden = Hidden(form);
        List<Sentence> sentences = [.. ranges.Select(range => Read(form, range.Start, range.End, hidden))];
        double story = Math.Min(MostStory, 0.5 * sentences.SelectMany(sentence => sentence.Stories).Distinct().Count());
        var runs = new HashSet<uint>();
        double best = 0;
        int most = -1;
        for (int i = 0; i < sentences.Count; i++)
        {
            Sentence sentence = sentences[i];
            int before = Math.Max(0, i - 1);
            int after = Math.Min(i + 1, sentences.Count - 1);
            double support = sentence.Support + (0.5 * ((before < i ? sentences[before].Support : 0) + (after > i ? sentences[after].Support : 0)));
            double margin = _samples.DangerMargin(form.AsSpan(ranges[before].Start..ranges[after].End), runs);
            double score = sentence.Event + Math.Min(sentence.Event > 0 ? MostSupport : MostLoneSupport, support) - sentence.Calm - story
                + (MarginWeight * Math.Clamp(margin, LeastMargin, MostMargin));
            if (score <= best) continue;
            best = score;
            most = i;
        }

        return most < 0 ? new DangerFound(0, default, []) : new DangerFound(best, ranges[most], sentences[most].Reasons);
    }

    private bool[] Hidden(string form)
    {
        var hidden = new bool[form.Length];
        for (int at = 0; at < form.Length; at++)
        {
            if (!_heads.TryGetValue(form[at], out (string Head, int Cue)[]? heads)) continue;
            foreach ((string head, int cue) in heads)
            {
                if (_cues[cue].Kind != DangerCueKind.Hide || !form.AsSpan(at).StartsWith(head, StringComparison.Ordinal)) continue;
                int end = _cues[cue].Pattern.EndAfterHead(form, at + head.Length);
                for (int i = at; i < end; i++) hidden[i] = true;
            }
        }

        return hidden;
    }

    private Sentence Read(string form, int start, int end, bool[] hidden)
    {
        ReadOnlySpan<char> text = form.AsSpan(0, end);
        var found = new Dictionary<int, TextRange>();
        for (int at = start; at < end; at++)
        {
            if (hidden[at] || !_heads.TryGetValue(form[at], out (string Head, int Cue)[]? heads)) continue;
            foreach ((string head, int cue) in heads)
            {
                if (_cues[cue].Kind == DangerCueKind.Hide || found.ContainsKey(cue) || !text[at..].StartsWith(head, StringComparison.Ordinal)) continue;
                int last = _cues[cue].Pattern.EndAfterHead(text, at + head.Length);
                if (last > 0 && !hidden[last - 1]) found.Add(cue, new TextRange(at, last));
            }
        }

        return new Sentence(_cues, found);
    }

    private sealed class Sentence
    {
        internal Sentence(DangerCue[] cues, Dictionary<int, TextRange> found)
        {
            double strongest = 0;
            double events = 0;
            double now = 0;
            var reasons = new List<(TextRange Range, double Weight)>();
            // Events that overlap are one event told once: the strongest counts.
            foreach ((int index, TextRange range) in found.OrderByDescending(pair => cues[pair.Key].Weight).ThenBy(pair => pair.Value.Start).ThenBy(pair => pair.Key))
            {
                DangerCue cue = cues[index];
                switch (cue.Kind)
                {
                    case DangerCueKind.Event:
                        if (reasons.Exists(reason => range.Start < reason.Range.End && reason.Range.Start < range.End)) break;
                        reasons.Add((range, cue.Weight));
                        strongest = Math.Max(strongest, cue.Weight);
                        events += cue.Weight;
                        break;
                    case DangerCueKind.Now:
                        now = Math.Max(now, cue.Weight) + (now > 0 ? 0.25 : 0);
                        break;
                    case DangerCueKind.Help or DangerCueKind.People:
                        Support += cue.Weight;
                        break;
                    case DangerCueKind.Calm:
                        Calm += cue.Weight;
                        break;
                    case DangerCueKind.Story:
                        Stories.Add(index);
                        break;
                    default:
                        break;
                }
            }

            Support += now;
            Event = Math.Min(MostEvent, strongest + (0.5 * (events - strongest)));
            Reasons = [.. reasons.OrderBy(reason => reason.Range.Start)];
        }

        internal double Event { get; }

        internal double Support { get; }

        internal double Calm { get; }

        internal List<int> Stories { get; } = [];

        internal IReadOnlyList<(TextRange Range, double Weight)> Reasons { get; }
    }
}
