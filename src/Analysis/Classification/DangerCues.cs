using System.Globalization;
using Opinion.Analysis.Dictionaries;

namespace Opinion.Analysis.Classification;

/// <summary>What a cue of danger says of the sentence it stands in.</summary>
internal enum DangerCueKind
{
    /// <summary>Something dangerous happens.</summary>
    Event,

    /// <summary>It happens now.</summary>
    Now,

    /// <summary>Helpers are called.</summary>
    Help,

    /// <summary>Somebody is in it.</summary>
    People,

    /// <summary>Past, possible, planned, reported, figurative or over.</summary>
    Calm,

    /// <summary>The letter tells another kind of story, wherever in it the cue stands.</summary>
    Story,

    /// <summary>Hides what it covers from the other cues: 火车 speaks of no fire.</summary>
    Hide,
}

/// <summary>A cue of danger.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Pattern">How it is found.</param>
/// <param name="Weight">How much it says, from 0 to 10.</param>
internal sealed record DangerCue(DangerCueKind Kind, CuePattern Pattern, double Weight);

/// <summary>Reads the cues of danger, <c>danger-cues.tsv</c>.</summary>
internal static class DangerCues
{
    private static readonly string[] Kinds = ["event", "now", "help", "people", "calm", "story", "hide"];

    /// <summary>Reads and validates the cues: a header <c>kind, cue, weight</c>, tab-separated.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <param name="form">The form in which cues and texts are compared.</param>
    /// <exception cref="DictionaryException">A line cannot be used; names file, line and reason.</exception>
    internal static List<DangerCue> Read(Stream stream, string name, Func<string, string> form)
    {
        var sets = new Dictionary<string, string>(StringComparer.Ordinal);
        var cues = new List<DangerCue>();
        var seen = new HashSet<(int, string)>();
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "kind", "cue", "weight"))
        {
            if (!double.TryParse(fields[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight) || !(weight is >= 0 and <= 10))
            {
                throw new DictionaryException(name, line, $"\"{fields[2]}\" is not a weight from 0 to 10");
            }

            if (fields[0] == "set")
            {
                int equals = fields[1].IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0) throw new DictionaryException(name, line, "a set is a name, = and alternatives");
                if (!sets.TryAdd($"<{fields[1][..equals]}>", fields[1][(equals + 1)..])) throw new DictionaryException(name, line, $"the set \"{fields[1][..equals]}\" stands twice");
                continue;
            }

            int kind = Array.IndexOf(Kinds, fields[0]);
            if (kind < 0) throw new DictionaryException(name, line, $"\"{fields[0]}\" is not one of set, {string.Join(", ", Kinds)}");
            if (!seen.Add((kind, fields[1]))) throw new DictionaryException(name, line, $"\"{fields[1]}\" stands twice for {fields[0]}");
            try
            {
                cues.Add(new DangerCue((DangerCueKind)kind, CuePattern.Parse(form(Expand(fields[1], sets))), weight));
            }
            catch (FormatException error)
            {
                throw new DictionaryException(name, line, $"\"{fields[1]}\": {error.Message}");
            }
        }

        return cues.Exists(cue => cue.Kind == DangerCueKind.Event) ? cues : throw new DictionaryException(name, 0, "no cues of kind event");
    }

    // Inside parentheses a set adds its alternatives to the others; elsewhere it stands for a group of its own.
    private static string Expand(string cue, Dictionary<string, string> sets)
    {
        for (int open; (open = cue.IndexOf('<', StringComparison.Ordinal)) >= 0;)
        {
            int close = cue.IndexOf('>', open);
            if (close < 0 || !sets.TryGetValue(cue[open..(close + 1)], out string? texts)) throw new FormatException("a set that is not known");
            bool inside = cue.LastIndexOf('(', open) > cue.LastIndexOf(')', open);
            cue = string.Concat(cue.AsSpan(0, open), inside ? texts : $"({texts})", cue.AsSpan(close + 1));
        }

        return cue;
    }
}
