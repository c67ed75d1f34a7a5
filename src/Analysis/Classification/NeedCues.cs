using System.Globalization;
using Opinion.Analysis.Dictionaries;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>A cue found in a text.</summary>
/// <param name="Phrase">The cue.</param>
/// <param name="Range">Where it stands in the form.</param>
/// <param name="Need">What it speaks for.</param>
/// <param name="Weight">How much.</param>
internal readonly record struct NeedCueFound(string Phrase, TextRange Range, Need Need, double Weight);

/// <summary>The cues of question, complaint, suggestion and thanks, <c>need-cues.tsv</c>. Immutable and thread-safe.</summary>
internal sealed class NeedCues
{
    private static readonly string[] Names = ["question", "complaint", "suggestion", "thanks"];

    private readonly ILookup<string, (Need Need, double Weight)> _cues;
    private readonly PhraseFinder _finder;

    private NeedCues(ILookup<string, (Need Need, double Weight)> cues)
    {
        _cues = cues;
        _finder = new PhraseFinder(cues.Select(group => group.Key));
    }

    /// <summary>Reads and validates the cues: a header <c>cue, need, weight</c>, tab-separated. A cue may stand for several
    /// needs; one of weight 0 only keeps a shorter cue inside it from being found.</summary>
    /// <param name="stream">UTF-8, read to its end and left open.</param>
    /// <param name="name">What errors call the file.</param>
    /// <param name="form">The form in which cues and texts are compared.</param>
    /// <exception cref="DictionaryException">A line cannot be used, or a need has no cue; names file, line and reason.</exception>
    internal static NeedCues Read(Stream stream, string name, Func<string, string> form)
    {
        var cues = new List<(string Phrase, Need Need, double Weight)>();
        var seen = new HashSet<(string, int)>();
        string text = DictionaryText.Read(stream, name);
        foreach ((int line, string[] fields) in DictionaryText.Rows(text, name, "cue", "need", "weight"))
        {
            string phrase = form(fields[0]);
            if (phrase.Length == 0) throw new DictionaryException(name, line, "the cue is empty");
            if (!double.TryParse(fields[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight) || !(weight is >= 0 and <= 10))
            {
                throw new DictionaryException(name, line, $"\"{fields[2]}\" is not a weight from 0 to 10");
            }

            int need = Array.IndexOf(Names, fields[1]);
            if (need < 0) throw new DictionaryException(name, line, $"\"{fields[1]}\" is not one of {string.Join(", ", Names)}");
            if (!seen.Add((phrase, need))) throw new DictionaryException(name, line, $"\"{fields[0]}\" stands twice for {fields[1]}");
            cues.Add((phrase, (Need)need, weight));
        }

        for (int need = 0; need < Names.Length; need++)
        {
            if (!cues.Exists(cue => cue.Need == (Need)need)) throw new DictionaryException(name, 0, $"no cues of {Names[need]}");
        }

        return new NeedCues(cues.ToLookup(cue => cue.Phrase, cue => (cue.Need, cue.Weight), StringComparer.Ordinal));
    }

    /// <summary>The cues of a part of a form, each at its first place, with a weight above 0.</summary>
    internal IEnumerable<NeedCueFound> Find(string form, TextRange part)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string phrase, TextRange range) in _finder.FindInForm(part.Of(form)))
        {
            if (!seen.Add(phrase)) continue;
            foreach ((Need need, double weight) in _cues[phrase])
            {
                if (weight > 0) yield return new NeedCueFound(phrase, new TextRange(part.Start + range.Start, part.Start + range.End), need, weight);
            }
        }
    }
}
