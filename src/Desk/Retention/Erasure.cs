using System.Globalization;

namespace Opinion.Desk.Retention;

/// <summary>What of a letter was erased.</summary>
public enum ErasedPart
{
    /// <summary>How the writer could be reached.</summary>
    Contact,

    /// <summary>The words as they were written; the redacted twin stays.</summary>
    Original,

    /// <summary>All words: the original, the twin, what was said about it, the answers and the training example.</summary>
    Texts,

    /// <summary>The published answer.</summary>
    Publication,

    /// <summary>The writer withdrew the letter: contact, original and publication, and the twin where it was no matter yet.</summary>
    Withdrawn,
}

/// <summary>One erasure, as the journal keeps it: a letter's inner id, what went, and when. Nothing of what was erased.</summary>
/// <param name="LetterId">The letter's id in the store; it is on no page.</param>
/// <param name="What">What was erased.</param>
/// <param name="At">When, to the millisecond.</param>
public readonly record struct Erasure(string LetterId, ErasedPart What, DateTimeOffset At)
{
    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>The part's name in the store and in journal files.</summary>
    internal static string NameOf(ErasedPart part) => part switch
    {
        ErasedPart.Contact => "contact",
        ErasedPart.Original => "original",
        ErasedPart.Texts => "texts",
        ErasedPart.Publication => "publication",
        ErasedPart.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    /// <summary>Finds a part by its name; null for an unknown one.</summary>
    internal static ErasedPart? PartOf(string name) => NamedValues.Find<ErasedPart>(name, NameOf);

    /// <summary>The line of a journal file: moment, part, letter.</summary>
    internal string Line() => string.Create(CultureInfo.InvariantCulture, $"{At.ToUniversalTime().ToString(Moment, CultureInfo.InvariantCulture)} {NameOf(What)} {LetterId}");

    /// <summary>Reads such a line; null where it is none.</summary>
    internal static Erasure? Parse(string line) => line.Split(' ') is [var at, var what, { Length: > 0 } letter] && PartOf(what) is { } part
        && DateTimeOffset.TryParseExact(at, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
        ? new Erasure(letter, part, moment) : null;
}
