namespace Opinion.Desk.Doors;

/// <summary>
/// Why something that came through a door could not be taken: one of the program's own words, so that no word of a letter
/// can ever stand in its place. The schema takes nothing but small letters, digits and hyphens.
/// </summary>
public static class SetAsideReasons
{
    /// <summary>A row has more or fewer cells than the header.</summary>
    public const string CellCount = "cell-count";

    /// <summary>A cell that is needed, or a mail's text, is empty.</summary>
    public const string Empty = "empty";

    /// <summary>It is longer than the desk takes.</summary>
    public const string TooLong = "too-long";

    /// <summary>It holds U+0000.</summary>
    public const string NullCharacter = "null-character";

    /// <summary>It holds half of a surrogate pair.</summary>
    public const string LoneSurrogate = "lone-surrogate";

    /// <summary>There is no date.</summary>
    public const string NoDate = "no-date";

    /// <summary>The date is in none of the formats, or there is no such day.</summary>
    public const string UnknownDate = "unknown-date";

    /// <summary>The date is before 1970.</summary>
    public const string DateTooEarly = "date-too-early";

    /// <summary>The date is in the future.</summary>
    public const string DateInFuture = "date-in-future";

    /// <summary>It cannot be read: broken structure, unknown encoding.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>It has more bytes than the door takes.</summary>
    public const string TooLarge = "too-large";

    /// <summary>An attachment is of no kind that is taken, or there are too many.</summary>
    public const string Attachment = "attachment";

    /// <summary>It failed several times for a reason that is not its own.</summary>
    public const string Failed = "failed";

    /// <summary>Whether a text can be a reason: 1 to 40 small letters, digits and hyphens. A door may have words of its own beside these.</summary>
    public static bool IsWord(string text) => text.Length is > 0 and <= 40 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>All that are named here.</summary>
    public static IReadOnlyList<string> All { get; } =
        [CellCount, Empty, TooLong, NullCharacter, LoneSurrogate, NoDate, UnknownDate, DateTooEarly, DateInFuture, Unreadable, TooLarge, Attachment, Failed];

    /// <summary>The reason of a text that cannot be taken.</summary>
    public static string Of(Letters.TextProblem problem) => problem switch
    {
        Letters.TextProblem.Empty => Empty,
        Letters.TextProblem.TooLong => TooLong,
        Letters.TextProblem.NullCharacter => NullCharacter,
        Letters.TextProblem.LoneSurrogate => LoneSurrogate,
        _ => throw new ArgumentOutOfRangeException(nameof(problem)),
    };
}
