using System.Collections.Frozen;

namespace Opinion.Analysis.Redaction;

/// <summary>
/// A fixed list of phrases, each with a value, found at a place of a text. Only phrases with the right first character
/// are compared, so that long lists cost little. Immutable and thread-safe.
/// </summary>
internal sealed class PhraseTable<T>
    where T : struct
{
    private readonly FrozenDictionary<char, (string Phrase, T Value)[]> _byFirst;

    internal PhraseTable(params IEnumerable<(T Value, string Phrases)> lists)
    {
        var byFirst = new Dictionary<char, List<(string Phrase, T Value)>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((T value, string phrases) in lists)
        {
            foreach (string phrase in phrases.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
            {
                // A phrase given twice keeps its first value.
                if (!seen.Add(phrase)) continue;
                if (!byFirst.TryGetValue(phrase[0], out List<(string, T)>? list)) byFirst[phrase[0]] = list = [];
                list.Add((phrase, value));
            }
        }

        _byFirst = byFirst.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.OrderByDescending(p => p.Phrase.Length).ToArray());
    }

    /// <summary>All phrases, in no order.</summary>
    internal IEnumerable<string> Phrases => _byFirst.Values.SelectMany(list => list).Select(entry => entry.Phrase);

    /// <summary>The longest phrase that begins at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place; may be the end of the text.</param>
    /// <param name="length">The length of the phrase, 0 where none begins.</param>
    /// <param name="value">Its value.</param>
    internal bool TryMatch(ReadOnlySpan<char> text, int at, out int length, out T value)
    {
        length = 0;
        value = default;
        if (at >= text.Length || !_byFirst.TryGetValue(text[at], out (string Phrase, T Value)[]? list)) return false;
        ReadOnlySpan<char> rest = text[at..];
        foreach ((string phrase, T found) in list)
        {
            if (!rest.StartsWith(phrase, StringComparison.Ordinal)) continue;
            length = phrase.Length;
            value = found;
            return true;
        }

        return false;
    }

    /// <summary>Whether a phrase begins at a place.</summary>
    internal bool IsAt(ReadOnlySpan<char> text, int at) => TryMatch(text, at, out _, out _);
}
