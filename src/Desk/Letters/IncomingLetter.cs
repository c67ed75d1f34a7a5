using Opinion.Desk.Attachments;
using Opinion.Desk.Sealing;

namespace Opinion.Desk.Letters;

/// <summary>The doors through which letters come: each a channel the office itself runs. Fixed in code and in the schema.</summary>
public enum Channel
{
    /// <summary>The public form of this desk.</summary>
    Form,

    /// <summary>The office's own mailbox.</summary>
    Mailbox,

    /// <summary>Calls to the office's hotline, typed up.</summary>
    Hotline,

    /// <summary>The office's Open311 endpoint.</summary>
    Open311,

    /// <summary>Messages to the office's official account.</summary>
    OfficialAccount,

    /// <summary>The message board of a site the office runs and that has opted in.</summary>
    OwnSite,

    /// <summary>Letters handed in at the counter or sent by post.</summary>
    Paper,
}

/// <summary>The names of channels in the store, in commands and in published tables.</summary>
public static class ChannelNames
{
    /// <summary>The name of a channel, such as <c>official-account</c>.</summary>
    public static string NameOf(this Channel channel) => channel switch
    {
        Channel.Form => "form",
        Channel.Mailbox => "mailbox",
        Channel.Hotline => "hotline",
        Channel.Open311 => "open311",
        Channel.OfficialAccount => "official-account",
        Channel.OwnSite => "own-site",
        Channel.Paper => "paper",
        _ => throw new ArgumentOutOfRangeException(nameof(channel)),
    };

    /// <summary>Finds a channel by its name; null for an unknown one.</summary>
    public static Channel? Find(string name) => NamedValues.Find<Channel>(name, NameOf);
}

/// <summary>What a door makes of whatever arrived. The same for every channel; nothing about the writer outside <see cref="Contact"/>.</summary>
/// <param name="Channel">The door.</param>
/// <param name="ChannelKey">The channel's own key of this one letter: a repeat of it is the same letter.</param>
/// <param name="Arrived">When it arrived; deadlines run from here.</param>
/// <param name="Title">The subject line; may be empty.</param>
/// <param name="Body">The text; not empty.</param>
public sealed record IncomingLetter(Channel Channel, string ChannelKey, DateTimeOffset Arrived, string Title, string Body)
{
    /// <summary>The place of the matter in the writer's words; may be empty.</summary>
    public string Place { get; init; } = "";

    /// <summary>The code of the district of the matter, where one of the office's was given.</summary>
    public string? District { get; init; }

    /// <summary>How the writer can be reached, if given.</summary>
    public Contact? Contact { get; init; }

    /// <summary>Whether the writer agreed that the answer may be published. No unless chosen.</summary>
    public bool Publish { get; init; }

    /// <summary>The code of the department whose own conduct the letter complains about, where one is named.</summary>
    public string? AboutDepartment { get; init; }

    /// <summary>Pictures, documents and sound that came with it; whether they can be taken says <see cref="AttachmentRules"/>.</summary>
    public IReadOnlyList<IncomingAttachment> Attachments { get; init; } = [];

    /// <summary>Which application or server an Open311 request came from; null at every other door.</summary>
    public Open311.RequestOrigin? Origin { get; init; }

    /// <summary>The first thing wrong with the letter's texts, or null.</summary>
    public TextProblem? Problem() =>
        LetterText.Check(Body, LetterText.BodyLimit, required: true) ?? LetterText.Check(Title, LetterText.TitleLimit, required: false)
        ?? LetterText.Check(Place, LetterText.TitleLimit, required: false) ?? LetterText.Check(ChannelKey, LetterText.BodyLimit, required: true)
        ?? (Contact is null ? null : LetterText.Check(Contact.Name, LetterText.TitleLimit, false) ?? LetterText.Check(Contact.Phone, LetterText.TitleLimit, false) ?? LetterText.Check(Contact.Email, LetterText.TitleLimit, false)
            ?? LetterText.Check(Contact.Account, LetterText.TitleLimit, false));
}
