using Opinion.Desk.Letters;

namespace Opinion.Desk.Matters;

/// <summary>Why the desk did not do what it was asked. Nothing was changed. Pages say it in the reader's language.</summary>
public enum Refusal
{
    /// <summary>There is no such letter.</summary>
    NotFound,

    /// <summary>The letter belongs to another department.</summary>
    OtherDepartment,

    /// <summary>The letter complains about the reader's own department.</summary>
    ComplainedAbout,

    /// <summary>The role does not do this.</summary>
    NotYourRole,

    /// <summary>The matter is closed.</summary>
    NotOpen,

    /// <summary>The matter is not closed.</summary>
    NotClosed,

    /// <summary>A text that is needed is empty.</summary>
    Empty,

    /// <summary>A text is longer than the desk takes.</summary>
    TooLong,

    /// <summary>A text holds U+0000.</summary>
    NullCharacter,

    /// <summary>A text holds half a surrogate pair.</summary>
    LoneSurrogate,

    /// <summary>The scheme has no such subject.</summary>
    UnknownSubject,

    /// <summary>The office has no such department.</summary>
    UnknownDepartment,

    /// <summary>The matter is with that department already.</summary>
    SameDepartment,

    /// <summary>The new deadline is not later than the old one.</summary>
    DeadlineNotLater,

    /// <summary>After a transfer the contact data waits, so that the writer may withdraw first.</summary>
    ContactOnHold,

    /// <summary>The sealed text does not open: the key is missing or the bytes were changed.</summary>
    SealBroken,

    /// <summary>The answer is not waiting for review any more.</summary>
    NotWaiting,

    /// <summary>The redactor is missing, so nothing can be published.</summary>
    CannotRedact,

    /// <summary>A clarification names no usable source.</summary>
    NoSource,

    /// <summary>The time in which the writer may object is over.</summary>
    ObjectionOver,

    /// <summary>There are more files than a letter may bring.</summary>
    TooManyFiles,

    /// <summary>A file is larger than the desk takes.</summary>
    FileTooLarge,

    /// <summary>A file is none of the types the desk takes.</summary>
    FileTypeUnknown,

    /// <summary>A file is cut short or damaged.</summary>
    FileBroken,

    /// <summary>A file is empty.</summary>
    FileEmpty,

    /// <summary>So many files are arriving at this moment that there is no room for more.</summary>
    TooBusy,

    /// <summary>A date of arrival is missing, in the future or more than a year ago.</summary>
    NoArrivalDay,
}

/// <summary>Turns what is wrong with a text into a refusal.</summary>
public static class Refusals
{
    /// <summary>Checks a text a person typed; null where it can be taken.</summary>
    public static Refusal? ForText(string? text, int limit, bool required = true) => Of(LetterText.Check(text, limit, required));

    /// <summary>The refusal of a text with this problem; null where it has none.</summary>
    public static Refusal? Of(TextProblem? problem) => problem switch
    {
        null => null,
        TextProblem.Empty => Refusal.Empty,
        TextProblem.TooLong => Refusal.TooLong,
        TextProblem.NullCharacter => Refusal.NullCharacter,
        _ => Refusal.LoneSurrogate,
    };
}
