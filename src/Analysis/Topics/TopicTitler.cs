using System.Runtime.InteropServices;
using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Topics;

/// <summary>
/// Names a topic by its place and its problem. Every word of a title stands in at least ten letters of the topic, so that
/// no title shows what only a few have written; a topic that has no such words is named by its district and subject.
/// Reads redacted letters only. Immutable and thread-safe.
/// </summary>
/// <param name="segmenter">Cuts the letters' titles into words.</param>
/// <param name="grams">Tells common words from names.</param>
public sealed class TopicTitler(Segmenter segmenter, GramTable grams)
{
    /// <summary>In how many letters of a topic a word of its title stands at least.</summary>
    public const int LeastLetters = 10;

    private const int MostWords = 8;
    private const int MostLength = 16;
    private const int MostCandidates = 200;

    // A word expected in so many letters says nothing of one topic.
    private const float Everywhere = 0.1f;

    private static readonly string[] Particles = ["\u7684", "\u4E86", "\u5728", "\u548C", "\u4E0E", "\u53CA", "\u5BF9", "\u88AB", "\u662F", "\u6709", "\u8BF7", "\u4E3A", "\u628A", "\u5C31", "\u90FD", "\u4E5F", "\u8FD8", "\u5417", "\u5462", "\u5728\u4E8E"];

    /// <summary>The title of a topic: place and problem, with a space between.</summary>
    /// <param name="letters">All letters of the topic, redacted.</param>
    /// <returns>Null when there is nothing to name it by.</returns>
    public string? Title(IReadOnlyList<TopicLetter> letters)
    {
        string?[] parts = letters.Count < LeastLetters ? [] : PlaceAndProblem(letters);
        if (Array.TrueForAll(parts, part => part is null)) parts = [Usual(letters, letter => letter.District), Usual(letters, letter => letter.Subject)];
        string title = string.Join(' ', parts.Where(part => part is not null));
        return title.Length == 0 ? null : title;
    }

    private static string? Usual(IReadOnlyList<TopicLetter> letters, Func<TopicLetter, string?> of) => letters
        .Select(of).Where(value => value is not null)
        .GroupBy(value => value, StringComparer.Ordinal)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key;

    private string?[] PlaceAndProblem(IReadOnlyList<TopicLetter> letters)
    {
        var candidates = new Dictionary<string, Phrase>(StringComparer.Ordinal);
        foreach (TopicLetter letter in letters) Collect(letter.Title, candidates);
        var standing = new List<(string Text, bool IsName, double Score)>();
        foreach ((string text, Phrase phrase) in candidates.OrderByDescending(c => c.Value.Score).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MostCandidates))
        {
            int count = letters.Count(letter => letter.Title.Contains(text, StringComparison.Ordinal) || letter.Body.Contains(text, StringComparison.Ordinal));
            if (count >= LeastLetters) standing.Add((text, phrase.IsName, phrase.Nats * count));
        }

        standing.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(a.Text, b.Text));
        string? place = standing.Find(phrase => phrase.IsName).Text;
        string? problem = standing.Find(phrase => !phrase.IsName && phrase.Score > 0 && (place is null || !Overlap(place, phrase.Text))).Text;
        return [place, problem];
    }

    /// <summary>Counts the phrases of one title: up to eight neighbouring words, none of which is a sign.</summary>
    private void Collect(string title, Dictionary<string, Phrase> candidates)
    {
        IReadOnlyList<TextRange> words = segmenter.Cut(title);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int first = 0; first < words.Count; first++)
        {
            for (int last = first; last < words.Count && last - first < MostWords && IsWord(words[last].In(title)) && !IsLabel(title, words[last]); last++)
            {
                string text = title[words[first].Start..words[last].End];
                if (text.Length > MostLength) break;
                if (text.Length < 2 || Array.IndexOf(Particles, words[first].Of(title)) >= 0 || Array.IndexOf(Particles, words[last].Of(title)) >= 0 || !seen.Add(text)) continue;
                ref Phrase? phrase = ref CollectionsMarshal.GetValueRefOrAddDefault(candidates, text, out _);
                phrase ??= Describe(title, words, first, last);
                phrase.Titles++;
            }
        }
    }

    private Phrase Describe(string title, IReadOnlyList<TextRange> words, int first, int last)
    {
        double nats = 0;
        bool name = false;
        for (int i = first; i <= last; i++)
        {
            ReadOnlySpan<char> word = words[i].In(title);
            bool listed = word.Length > 1 && segmenter.Words.Frequency(word) > 0;
            name |= !listed;
            float rarest = 1;
            for (int j = 0; j + 1 < word.Length; j++)
            {
                grams.IsCommon(Grams.Of(word[j], word[j + 1]), out float share);
                rarest = Math.Min(rarest, share);
            }

            // Single characters only hold a name together.
            if (rarest < Everywhere) nats -= Math.Log(rarest);
            else if (word.Length == 1) nats += 1;
        }

        return new Phrase(name, nats);
    }

    private static bool Overlap(string a, string b)
    {
        for (int i = 0; i + 1 < b.Length; i++)
        {
            if (a.Contains(b.AsSpan(i, 2), StringComparison.Ordinal)) return true;
        }

        return false;
    }

    // Labels that redaction left, such as the one for a name, stand in brackets of their own.
    private static bool IsLabel(string title, TextRange word)
    {
        int open = title.LastIndexOf('\u3014', word.Start);
        return open >= 0 && title.IndexOf('\u3015', open) >= word.End;
    }

    private static bool IsWord(ReadOnlySpan<char> word)
    {
        foreach (char c in word)
        {
            if (Grams.Number(c) is Grams.Separator or Grams.Invisible) return false;
        }

        return true;
    }

    private sealed class Phrase(bool isName, double nats)
    {
        internal bool IsName { get; } = isName;

        internal double Nats { get; } = nats;

        internal int Titles { get; set; }

        internal double Score => Nats * Titles;
    }
}
