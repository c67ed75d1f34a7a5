using System.Buffers;
using Opinion.Analysis.Text;

namespace Opinion.Analysis.Classification;

/// <summary>
/// The parts of a letter that tell what its writer needs. Letters to an office say in the title what they want, tell a
/// story, and ask at the end.
/// </summary>
internal static class LetterParts
{
    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create("。!?;\n");

    /// <summary>The sentences of a form, each with the mark that ends it; what has fewer than two letters is left out.</summary>
    internal static List<TextRange> Sentences(string form)
    {
        var sentences = new List<TextRange>();
        for (int start = 0; start < form.Length;)
        {
            int end = form.AsSpan(start).IndexOfAny(SentenceEnds);
            end = end < 0 ? form.Length : start + end + 1;
            if (HasLetters(form.AsSpan(start, end - start))) sentences.Add(new TextRange(start, end));
            start = end;
        }

        return sentences;
    }

    /// <summary>The title, or the first sentence where the first line is empty or the only one.</summary>
    /// <param name="form">The form.</param>
    /// <param name="sentences">Its <see cref="Sentences"/>.</param>
    internal static TextRange Opening(string form, List<TextRange> sentences)
    {
        int line = form.IndexOf('\n', StringComparison.Ordinal);
        if (line > 0 && line < form.Length - 1 && HasLetters(form.AsSpan(0, line))) return new TextRange(0, line);
        return sentences.Count > 0 ? sentences[0] : new TextRange(0, form.Length);
    }

    private static bool HasLetters(ReadOnlySpan<char> text)
    {
        int letters = 0;
        foreach (char c in text)
        {
            if (char.IsLetter(c) && ++letters == 2) return true;
        }

        return false;
    }
}
