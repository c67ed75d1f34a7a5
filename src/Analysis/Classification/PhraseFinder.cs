using System.Runtime.InteropServices;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// Finds given phrases in a text: from left to right, at every place the longest, without overlap, so that
/// 消防通道 hides the 消防 in it. Case and width are ignored. Immutable and thread-safe.
/// </summary>
internal sealed class PhraseFinder
{
    private readonly Dictionary<char, string[]> _byFirst;

    internal PhraseFinder(IEnumerable<string> phrases)
    {
        var byFirst = new Dictionary<char, List<string>>();
        foreach (string phrase in phrases)
        {
            string key = Form(phrase);
            if (key.Length == 0) continue;
            ref List<string>? list = ref CollectionsMarshal.GetValueRefOrAddDefault(byFirst, key[0], out _);
            (list ??= []).Add(key);
        }

        _byFirst = byFirst.ToDictionary(pair => pair.Key, pair => pair.Value.Distinct(StringComparer.Ordinal).OrderByDescending(p => p.Length).ToArray());
    }

    /// <summary>The form in which phrases and texts are compared.</summary>
    internal static string Form(string phrase) => NormalizedText.Of(phrase).Value.ToLowerInvariant();

    /// <summary>The phrases found, in order, in the form of <see cref="Form"/>, and where they stand in the original text.</summary>
    internal IEnumerable<(string Phrase, TextRange Range)> Find(string text)
    {
        NormalizedText normalized = NormalizedText.Of(text);
        foreach ((string phrase, TextRange range) in FindInForm(normalized.Value.ToLowerInvariant()))
        {
            yield return (phrase, normalized.ToOriginal(range));
        }
    }

    /// <summary>The phrases found in a text that is in the form of the phrases already, in order, and where they stand in it.</summary>
    internal IEnumerable<(string Phrase, TextRange Range)> FindInForm(string form)
    {
        for (int at = 0; at < form.Length;)
        {
            string? found = null;
            if (_byFirst.TryGetValue(form[at], out string[]? candidates))
            {
                foreach (string candidate in candidates)
                {
                    if (string.CompareOrdinal(form, at, candidate, 0, candidate.Length) == 0)
                    {
                        found = candidate;
                        break;
                    }
                }
            }

            if (found is null)
            {
                at++;
                continue;
            }

            yield return (found, new TextRange(at, at + found.Length));
            at += found.Length;
        }
    }
}
