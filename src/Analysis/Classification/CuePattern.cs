using System.Buffers;

namespace Opinion.Analysis.Classification;

/// <summary>
/// A cue as a pattern: literal text, alternatives <c>(a|b)</c> of which one may be empty, and <c>~</c> for at most
/// <see cref="LongestGap"/> characters inside one clause. <c>煤气~(味|漏)</c> finds 煤气漏 and 煤气的味. Immutable.
/// </summary>
internal sealed class CuePattern
{
    /// <summary>The most characters that <c>~</c> stands for.</summary>
    internal const int LongestGap = 8;

    private static readonly SearchValues<char> ClauseMarks = SearchValues.Create(",。!?;:\n\r、");

    private readonly Segment[] _segments;

    private CuePattern(Segment[] segments) => _segments = segments;

    /// <summary>The texts it may begin with; none is empty.</summary>
    internal string[] Heads => _segments[0].Texts;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">In the form in which texts are compared.</param>
    /// <exception cref="FormatException">The pattern cannot be read; the message says why.</exception>
    internal static CuePattern Parse(string pattern)
    {
        var segments = new List<Segment>();
        bool gap = false;
        for (int at = 0; at < pattern.Length;)
        {
            if (pattern[at] == '~')
            {
                if (gap || segments.Count == 0) throw new FormatException("~ stands at the beginning or twice");
                gap = true;
                at++;
                continue;
            }

            string[] texts;
            if (pattern[at] == '(')
            {
                int end = pattern.IndexOf(')', at);
                if (end < 0) throw new FormatException("( is not closed");
                texts = [.. pattern[(at + 1)..end].Split('|').Distinct(StringComparer.Ordinal).OrderByDescending(text => text.Length)];
                at = end + 1;
            }
            else
            {
                int end = pattern.AsSpan(at).IndexOfAny("(~");
                end = end < 0 ? pattern.Length : at + end;
                texts = [pattern[at..end]];
                at = end;
            }

            if (texts.Any(text => text.AsSpan().ContainsAny("()|~"))) throw new FormatException("alternatives stand inside each other");
            if (segments.Count == 0 && texts[^1].Length == 0) throw new FormatException("it may begin with nothing");
            segments.Add(new Segment(texts, gap ? LongestGap : 0));
            gap = false;
        }

        if (gap) throw new FormatException("~ stands at the end");
        if (segments.Count == 0) throw new FormatException("it is empty");
        return new CuePattern([.. segments]);
    }

    /// <summary>Where the pattern ends when its head, a text of <see cref="Heads"/>, ends at <paramref name="at"/>; -1 when it does not go on.</summary>
    internal int EndAfterHead(ReadOnlySpan<char> text, int at) => End(text, at, 1);

    private int End(ReadOnlySpan<char> text, int at, int segment)
    {
        if (segment == _segments.Length) return at;
        (string[] texts, int gap) = _segments[segment];
        for (int skipped = 0; ; skipped++)
        {
            foreach (string candidate in texts)
            {
                if (!text[(at + skipped)..].StartsWith(candidate, StringComparison.Ordinal)) continue;
                int end = End(text, at + skipped + candidate.Length, segment + 1);
                if (end >= 0) return end;
            }

            if (skipped == gap || at + skipped >= text.Length || ClauseMarks.Contains(text[at + skipped])) return -1;
        }
    }

    private readonly record struct Segment(string[] Texts, int Gap);
}
