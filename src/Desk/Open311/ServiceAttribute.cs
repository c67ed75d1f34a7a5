namespace Opinion.Desk.Open311;

/// <summary>What kind of answer an attribute asks for; the names of the specification.</summary>
public enum AttributeKind
{
    /// <summary>One line of text.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A date with its time and offset.</summary>
    DateTime,

    /// <summary>Text that may have several lines.</summary>
    Text,

    /// <summary>One of the choices.</summary>
    SingleValueList,

    /// <summary>Some of the choices.</summary>
    MultiValueList,
}

/// <summary>One choice of a list.</summary>
public sealed record AttributeChoice(string Key, string Name);

/// <summary>Something the office asks about one service beside the description.</summary>
/// <param name="Service">The code of a subject.</param>
/// <param name="Code">Its own code within the service: small letters, digits, hyphens and underscores.</param>
/// <param name="Kind">What kind of answer it asks for.</param>
/// <param name="Required">Whether a request without an answer is refused.</param>
/// <param name="Position">Its place among the questions of the service, from 1.</param>
/// <param name="Question">The question.</param>
/// <param name="Hint">How to answer; may be empty.</param>
/// <param name="Choices">The choices; empty unless it is a list.</param>
public sealed record ServiceAttribute(string Service, string Code, AttributeKind Kind, bool Required, int Position, string Question, string Hint, IReadOnlyList<AttributeChoice> Choices)
{
    /// <summary>Whether it offers choices.</summary>
    public bool IsList => Kind is AttributeKind.SingleValueList or AttributeKind.MultiValueList;

    /// <summary>The name of a kind in the specification and in the store.</summary>
    public static string NameOf(AttributeKind kind) => kind switch
    {
        AttributeKind.String => "string",
        AttributeKind.Number => "number",
        AttributeKind.DateTime => "datetime",
        AttributeKind.Text => "text",
        AttributeKind.SingleValueList => "singlevaluelist",
        AttributeKind.MultiValueList => "multivaluelist",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Finds a kind by its name; null for an unknown one.</summary>
    public static AttributeKind? KindOf(string? name) => NamedValues.Find<AttributeKind>(name, NameOf);

    /// <summary>Reads choices as they are typed and stored, one <c>key=words</c> a line; null where a line is none, or a key stands twice.</summary>
    public static IReadOnlyList<AttributeChoice>? ChoicesOf(string? lines)
    {
        var choices = new List<AttributeChoice>();
        foreach (var line in (lines ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || parts[0].Length is 0 or > 60 || parts[1].Length is 0 or > 200 || choices.Any(choice => choice.Key == parts[0])) return null;
            choices.Add(new AttributeChoice(parts[0], parts[1]));
        }

        return choices;
    }

    /// <summary>Whether a text can be an attribute's code.</summary>
    public static bool IsCode(string? text) => text is { Length: > 0 and <= 40 } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}
