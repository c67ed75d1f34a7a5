using System.Runtime.CompilerServices;
using Opinion.Analysis.Text;

// The oracle of the index lives with the tests and reads texts as the index does.
[assembly: InternalsVisibleTo("Opinion.Analysis.Tests")]
[assembly: InternalsVisibleTo("Analysis.Benchmarks")]

namespace Opinion.Analysis.Similarity;

/// <summary>
/// A text as it is compared: compatibility form, lower case, Chinese characters folded; and its terms, which are every
/// Chinese character, every two that stand side by side, and every run of other letters and digits.
/// </summary>
internal sealed class MatchText
{
    // How a question is asked, not what about. Longer before shorter where one begins with another.
    private static readonly string[] AskingWords =
    [
        "请问", "如何", "为何", "为什么", "什么", "哪些", "哪里", "怎么办", "怎么", "怎样", "是否", "可否", "能否", "何处", "何种", "何时", "吗", "呢", "何", "哪",
    ];

    private readonly NormalizedText _normalized;

    private MatchText(NormalizedText normalized, string folded, List<TextRange> terms)
    {
        _normalized = normalized;
        Folded = folded;
        Terms = terms;
    }

    /// <summary>The text in compatibility form, lower case and folded.</summary>
    public string Folded { get; }

    /// <summary>Ranges in <see cref="Folded"/>, by their end, a character before the pair that it ends.</summary>
    public List<TextRange> Terms { get; }

    /// <summary>Reads what an entry answers with.</summary>
    public static MatchText OfAnswer(string text, ChineseFolding folding)
    {
        var normalized = NormalizedText.Of(text);
        string folded = Fold(normalized.Value, folding);
        return new MatchText(normalized, folded, FindTerms(folded));
    }

    /// <summary>Reads a question: the words that only ask separate terms and are none.</summary>
    public static MatchText OfQuestion(string text, ChineseFolding folding)
    {
        var normalized = NormalizedText.Of(text);
        string folded = Fold(normalized.Value, folding);
        return new MatchText(normalized, folded, FindTerms(WithoutAskingWords(folded, folding)));
    }

    /// <summary>The characters of the text as it was given that a range of <see cref="Folded"/> came from.</summary>
    public string Original(TextRange range) => _normalized.ToOriginal(range).Of(_normalized.Original);

    private static string Fold(string text, ChineseFolding folding) => string.Create(text.Length, (text, folding), static (folded, state) =>
    {
        for (int i = 0; i < folded.Length; i++) folded[i] = state.folding.Fold(char.ToLowerInvariant(state.text[i]));
    });

    private static string WithoutAskingWords(string folded, ChineseFolding folding)
    {
        Span<char> text = folded.ToCharArray();
        for (int at = 0; at < text.Length; at++)
        {
            foreach (string word in AskingWords)
            {
                if (!StartsWith(folded.AsSpan(at), word, folding)) continue;
                text.Slice(at, word.Length).Fill(' ');
                at += word.Length - 1;
                break;
            }
        }

        return text.ToString();
    }

    private static bool StartsWith(ReadOnlySpan<char> text, string word, ChineseFolding folding)
    {
        if (text.Length < word.Length) return false;
        for (int i = 0; i < word.Length; i++)
        {
            if (text[i] != folding.Fold(word[i])) return false;
        }

        return true;
    }

    private static List<TextRange> FindTerms(string text)
    {
        var terms = new List<TextRange>(2 * text.Length);
        for (int at = 0; at < text.Length;)
        {
            if (IsHan(text[at]))
            {
                terms.Add(new TextRange(at, at + 1));
                if (at > 0 && IsHan(text[at - 1])) terms.Add(new TextRange(at - 1, at + 1));
                at++;
                continue;
            }

            int end = at;
            while (end < text.Length && !IsHan(text[end]) && char.IsLetterOrDigit(text[end])) end++;
            if (end > at) terms.Add(new TextRange(at, end));
            at = Math.Max(end, at + 1);
        }

        return terms;
    }

    private static bool IsHan(char c) => c is >= '\u3400' and <= '\u9FFF';
}
