using System.Text;
using Opinion.Analysis.Topics;

namespace Opinion.Analysis.Tests.Topics;

/// <summary>
/// Many letters made of few, to measure growth: every town renames the places of the source letters consistently, and in
/// every town each letter is written several times, with characters dropped, doubled and swapped and sentences exchanged
/// between letters of one topic. Fixed seed; the same arguments give the same letters.
/// </summary>
public sealed class PerturbedLetters
{
    // What the renaming chooses from.
    private const int FirstHan = 0x4E00;
    private const int HanCount = 3500;

    // Kinds of places and words of grammar keep their form in every town.
    private const string Kept = "区县市省镇乡村路街道站的了是在和与及有不为人被到从对";

    private readonly IReadOnlyList<TopicLetter> _sources;
    private readonly Dictionary<string, string[]> _sentences;
    private readonly IReadOnlyDictionary<string, string> _topics;
    private readonly Func<char, char, bool> _isCommon;

    /// <param name="sources">The letters to make others of.</param>
    /// <param name="topics">The topics known of them, by id.</param>
    /// <param name="isCommon">Whether two characters stand inside a common word, so that they are no name.</param>
    public PerturbedLetters(IReadOnlyList<TopicLetter> sources, IReadOnlyDictionary<string, string> topics, Func<char, char, bool> isCommon)
    {
        _sources = sources;
        _topics = topics;
        _isCommon = isCommon;
        _sentences = sources.Where(letter => topics.ContainsKey(letter.Id))
            .GroupBy(letter => topics[letter.Id], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.SelectMany(letter => Sentences(letter.Body)).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Makes letters; the id tells source, town and copy: <c>r12.3.1</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="towns">Over how many towns they are spread.</param>
    public IEnumerable<TopicLetter> Make(int count, int towns)
    {
        for (int i = 0; i < count; i++)
        {
            TopicLetter source = _sources[i % _sources.Count];
            int round = i / _sources.Count;
            int town = round % towns;
            var random = new Random(20261122 + (i * 31));
            string body = source.Body;
            if (_topics.TryGetValue(source.Id, out string? topic) && round >= towns) body = Exchange(body, _sentences[topic], random);
            yield return new TopicLetter(
                $"{source.Id}.{town}.{round / towns}", Misspell(Rename(source.Title, town), random), Misspell(Rename(body, town), random), source.Time.AddMinutes(random.Next(100_000)));
        }
    }

    private static string[] Sentences(string text) => text.Split(['\u3002', '\uFF01', '\uFF1F', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Exchange(string body, string[] sentences, Random random)
    {
        string[] own = Sentences(body);
        for (int i = 0; i < own.Length; i++)
        {
            if (random.Next(4) == 0) own[i] = sentences[random.Next(sentences.Length)];
        }

        return string.Join('\u3002', own);
    }

    private static string Misspell(string text, Random random)
    {
        var changed = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            int chance = random.Next(150);
            if (chance == 0) continue;
            if (chance == 1) changed.Append(text[i]);
            if (chance == 2 && i + 1 < text.Length) changed.Append(text[++i]).Append(text[i - 1]);
            else changed.Append(text[i]);
        }

        return changed.ToString();
    }

    // A character that makes a common word with neither neighbour is part of a name; codes such as A3 get the town's letter.
    private string Rename(string text, int town)
    {
        if (town == 0) return text;
        char[] renamed = text.ToCharArray();
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiLetterUpper(text[i])) renamed[i] = (char)('A' + ((text[i] - 'A' + town) % 26));
            if (text[i] is < (char)FirstHan or >= '\u9FA6' || Kept.Contains(text[i], StringComparison.Ordinal)) continue;
            bool inWord = (i > 0 && _isCommon(text[i - 1], text[i])) || (i + 1 < text.Length && _isCommon(text[i], text[i + 1]));
            if (!inWord) renamed[i] = (char)(FirstHan + ((((text[i] - FirstHan) * 7919L) + (town * 104729L)) % HanCount));
        }

        return new string(renamed);
    }
}
