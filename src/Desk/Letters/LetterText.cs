namespace Opinion.Desk.Letters;

/// <summary>Why a text cannot be taken as it is.</summary>
public enum TextProblem
{
    /// <summary>There is nothing in it but white space.</summary>
    Empty,

    /// <summary>It is longer than the desk takes.</summary>
    TooLong,

    /// <summary>It holds U+0000, which no letter means.</summary>
    NullCharacter,

    /// <summary>It holds half of a surrogate pair, which is no character.</summary>
    LoneSurrogate,
}

/// <summary>What the desk takes as text.</summary>
public static class LetterText
{
    /// <summary>The longest body, in UTF-16 code units: about thirty pages.</summary>
    public const int BodyLimit = 20_000;

    /// <summary>The longest title, place, name or reason, in UTF-16 code units.</summary>
    public const int TitleLimit = 200;

    /// <summary>The longest answer, note or addition, in UTF-16 code units.</summary>
    public const int ReplyLimit = 10_000;

    // Zero-width and direction marks alone are no text, and would stand in a queue with nothing to click.
    private static bool IsInvisible(char c) => char.IsWhiteSpace(c) || (c != '\0' && char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Control);

    /// <summary>The first thing wrong with a text, or null.</summary>
    /// <param name="text">The text; null counts as empty.</param>
    /// <param name="limit">UTF-16 code units allowed.</param>
    /// <param name="required">Whether an empty text is a problem.</param>
    public static TextProblem? Check(string? text, int limit, bool required)
    {
        if (text is null || text.All(IsInvisible)) return required ? TextProblem.Empty : null;
        if (text.Length > limit) return TextProblem.TooLong;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0') return TextProblem.NullCharacter;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(c)) return TextProblem.LoneSurrogate;
        }

        return null;
    }

    /// <summary>The beginning of a text, so long at most, in UTF-16 code units; no surrogate pair is cut in two.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
