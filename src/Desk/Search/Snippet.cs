using Opinion.Analysis.Text;

namespace Opinion.Desk.Search;

/// <summary>Part of a text with the words that were searched for. It is plain text: who shows it encodes each piece.</summary>
/// <param name="Text">The part, with an ellipsis where something was left out.</param>
/// <param name="Marks">Where the words stand in it: UTF-16 code units, in order, not touching.</param>
public sealed record Snippet(string Text, IReadOnlyList<TextRange> Marks)
{
    /// <summary>The text in pieces, each marked or not.</summary>
    public IEnumerable<(string Text, bool Marked)> Pieces
    {
        get
        {
            var at = 0;
            foreach (var mark in Marks)
            {
                if (mark.Start > at) yield return (Text[at..mark.Start], false);
                yield return (Text[mark.Start..mark.End], true);
                at = mark.End;
            }

            if (at < Text.Length) yield return (Text[at..], false);
        }
    }

    /// <summary>Cuts the part out of a text that holds the most different words, the earliest where several do.</summary>
    /// <param name="tokens">What makes tokens of the text.</param>
    /// <param name="text">The redacted text.</param>
    /// <param name="words">The tokens searched for.</param>
    /// <param name="most">The length of the part in UTF-16 code units, without ellipses.</param>
    public static Snippet Of(SearchTokens tokens, string text, IReadOnlyCollection<string> words, int most)
    {
        var hits = tokens.Of(text).Where(token => words.Contains(token.Word)).ToList();
        var (start, end) = Window(text, hits, most);
        var marks = new List<TextRange>();
        var before = start > 0 ? "…" : "";
        foreach (var hit in hits.Where(hit => hit.Range.Start >= start && hit.Range.End <= end).OrderBy(hit => hit.Range.Start))
        {
            var (from, to) = (hit.Range.Start - start + before.Length, hit.Range.End - start + before.Length);
            // Search tokens overlap: 路灯杆 gives 路灯 as well.
            if (marks.Count > 0 && from <= marks[^1].End) marks[^1] = new TextRange(marks[^1].Start, Math.Max(marks[^1].End, to));
            else marks.Add(new TextRange(from, to));
        }

        var part = text[start..end].Replace('\r', ' ').Replace('\n', ' ');
        return new Snippet(before + part + (end < text.Length ? "…" : ""), marks);
    }

    private static (int Start, int End) Window(string text, List<SearchToken> hits, int most)
    {
        if (text.Length <= most) return (0, text.Length);
        var (best, start) = (0, 0);
        var inside = new Dictionary<string, int>(StringComparer.Ordinal);
        var right = 0;
        for (var left = 0; left < hits.Count; left++)
        {
            while (right < hits.Count && hits[right].Range.End - hits[left].Range.Start <= most * 3 / 4)
            {
                inside[hits[right].Word] = inside.GetValueOrDefault(hits[right].Word) + 1;
                right++;
            }

            if (inside.Count > best) (best, start) = (inside.Count, hits[left].Range.Start);
            if (inside.TryGetValue(hits[left].Word, out var count) && count > 1) inside[hits[left].Word] = count - 1;
            else inside.Remove(hits[left].Word);
            right = Math.Max(right, left + 1);
        }

        // Some words before the first hit, and never half a character.
        start = Math.Clamp(start - (most / 4), 0, text.Length - most);
        var end = start + most;
        if (start > 0 && char.IsLowSurrogate(text[start])) start--;
        if (end < text.Length && char.IsLowSurrogate(text[end])) end--;
        return (start, end);
    }
}
