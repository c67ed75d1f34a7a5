using Opinion.Analysis.Segmentation;
using Opinion.Analysis.Text;
using Opinion.Desk.Letters;

namespace Opinion.Desk.Search;

/// <summary>A token and where it stands in the text it was taken from.</summary>
/// <param name="Word">In compatibility form and lower case.</param>
/// <param name="Range">UTF-16 code units of the original text, end exclusive.</param>
public readonly record struct SearchToken(string Word, TextRange Range);

/// <summary>
/// The words by which texts are found: the segmenter's search tokens of the text in compatibility form and lower case.
/// The one place where texts and what readers type become tokens, for letters and published answers on both engines.
/// </summary>
public sealed class SearchTokens(Segmenter segmenter)
{
    /// <summary>The longest token kept, in UTF-16 code units; both engines take it. Longer ones are no words.</summary>
    public const int LongestToken = 64;

    /// <summary>What is read of what a reader types, in UTF-16 code units.</summary>
    public const int LongestSearch = 200;

    /// <summary>The tokens of a text in their order; none where the text cannot be taken (half a surrogate pair, U+0000).</summary>
    public IReadOnlyList<SearchToken> Of(string text)
    {
        if (LetterText.Check(text, int.MaxValue, required: true) is not null) return [];
        var normal = NormalizedText.Of(text);
        var lower = normal.Value.ToLowerInvariant();
        var tokens = new List<SearchToken>();
        foreach (var range in segmenter.CutForSearch(lower))
        {
            var token = lower.AsSpan(range.Start, range.End - range.Start);
            if (IsWord(token)) tokens.Add(new SearchToken(token.ToString(), normal.ToOriginal(range)));
        }

        return tokens;
    }

    /// <summary>The different tokens of what a reader typed; of a very long search only its beginning counts.</summary>
    public IReadOnlyList<string> OfSearch(string? words)
    {
        if (string.IsNullOrWhiteSpace(words)) return [];
        return [.. Of(Letters.LetterText.Cut(words, LongestSearch)).Select(token => token.Word).Distinct(StringComparer.Ordinal)];
    }

    // A space or control character inside would part the token again in the index.
    private static bool IsWord(ReadOnlySpan<char> token)
    {
        if (token.Length > LongestToken) return false;
        foreach (var c in token)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c)) return false;
        }

        foreach (var rune in token.EnumerateRunes())
        {
            if (System.Text.Rune.IsLetterOrDigit(rune)) return true;
        }

        return false;
    }
}
