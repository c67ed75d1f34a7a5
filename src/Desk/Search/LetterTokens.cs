namespace Opinion.Desk.Search;

/// <summary>
/// What of a letter goes into the index: its different tokens, and once more with a mark each that carries much of it,
/// because it stands in the title or often for the letter's length. The best letters are then found by the index alone,
/// without reading every letter that holds the words (impact-ordered tiers: Manning, Raghavan, Schütze, Introduction to
/// Information Retrieval, 7.2.1; the weight is BM25's, 11.4.3).
/// </summary>
internal static class LetterTokens
{
    // A private-use character: no text's token has it, because it is no letter or digit and stands alone when segmented.
    private const char Mark = '\uE000';

    // BM25 with its usual constants against a letter of 200 tokens. Its weight runs from 0 to 2.2; above 1.5 a word is
    // marked: twice in a short letter, three times in one of usual length.
    private const double K1 = 1.2;
    private const double B = 0.75;
    private const double UsualLength = 200;
    private const double Much = 1.5;

    /// <summary>The token's form where it carries much of its letter.</summary>
    public static string Marked(string token) => Mark + token;

    /// <summary>The different tokens of a letter's redacted title and body, marked ones besides.</summary>
    public static IReadOnlyList<string> Of(SearchTokens tokens, string title, string body)
    {
        var ofTitle = tokens.Of(Letters.LetterReader.WordsOf(title));
        var ofBody = tokens.Of(Letters.LetterReader.WordsOf(body));
        var counts = new Dictionary<string, int>(ofBody.Count, StringComparer.Ordinal);
        foreach (var token in ofBody) counts[token.Word] = counts.GetValueOrDefault(token.Word) + 1;
        // A title is telling at any length of the letter.
        foreach (var token in ofTitle) counts[token.Word] = int.MaxValue / 2;
        var norm = K1 * (1 - B + (B * ofBody.Count / UsualLength));
        var all = new List<string>(counts.Count * 3 / 2);
        foreach (var (word, count) in counts)
        {
            all.Add(word);
            // Once is a mention, however short the letter.
            if (count > 1 && count * (K1 + 1.0) / (count + norm) >= Much) all.Add(Marked(word));
        }

        return all;
    }
}
