using Opinion.Desk.Boards;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.OwnSite;

/// <summary>What is wrong with a field of a board's settings.</summary>
public enum DraftProblem
{
    /// <summary>It is empty and must not be.</summary>
    Empty,

    /// <summary>It is too long.</summary>
    TooLong,

    /// <summary>It is no selector.</summary>
    NoSelector,

    /// <summary>It is no http or https address, or one the desk never calls.</summary>
    NoAddress,

    /// <summary>It is no day.</summary>
    NoDay,
}

/// <summary>Makes a board's settings of what an administrator typed. There is no entry for whoever wrote a post: nothing could be typed there.</summary>
/// <param name="Title">What the office calls it.</param>
/// <param name="Address">The address of its list of posts.</param>
/// <param name="Since">The first day whose posts are letters.</param>
/// <param name="Posts">Selector of the links to posts.</param>
/// <param name="Older">Selector of the link to older posts; may be empty.</param>
/// <param name="Heading">Selector of the heading; may be empty.</param>
/// <param name="Body">Selector of the text.</param>
/// <param name="LeaveOut">Selector of what is left out of the text; may be empty.</param>
/// <param name="Day">Selector of the day.</param>
/// <param name="Number">Selector of the official number; may be empty.</param>
/// <param name="Submitted">Selector of the mark that it was submitted.</param>
/// <param name="SubmittedWords">Words the mark must hold; may be empty.</param>
public sealed record TypedBoard(
    string? Title, string? Address, DateOnly? Since, string? Posts, string? Older, string? Heading, string? Body, string? LeaveOut, string? Day, string? Number, string? Submitted, string? SubmittedWords)
{
    private const int SelectorLimit = 300;

    /// <summary>The settings, or the first field that is wrong and how.</summary>
    /// <param name="client">Knows which addresses are never called.</param>
    public (BoardDraft? Draft, string? Field, DraftProblem? Problem) Check(OutgoingClient client)
    {
        if (Words(Title) is not { } title) return Wrong(nameof(Title), DraftProblem.Empty);
        if (title.Length > 100) return Wrong(nameof(Title), DraftProblem.TooLong);
        if (Words(Address) is not { } typed) return Wrong(nameof(Address), DraftProblem.Empty);
        if (typed.Length > 1000) return Wrong(nameof(Address), DraftProblem.TooLong);
        if (!Uri.TryCreate(typed, UriKind.Absolute, out var address) || !MayCall(client, address)) return Wrong(nameof(Address), DraftProblem.NoAddress);
        if (Since is not { } since) return Wrong(nameof(Since), DraftProblem.NoDay);
        foreach (var (field, selector, needed) in new[]
        {
            (nameof(Posts), Posts, true), (nameof(Older), Older, false), (nameof(Heading), Heading, false), (nameof(Body), Body, true), (nameof(LeaveOut), LeaveOut, false),
            (nameof(Day), Day, true), (nameof(Number), Number, false), (nameof(Submitted), Submitted, true),
        })
        {
            if (Words(selector) is not { } text)
            {
                if (needed) return Wrong(field, DraftProblem.Empty);
                continue;
            }

            if (text.Length > SelectorLimit) return Wrong(field, DraftProblem.TooLong);
            if (!BoardPage.IsSelector(text)) return Wrong(field, DraftProblem.NoSelector);
        }

        if (Words(SubmittedWords) is { Length: > 100 }) return Wrong(nameof(SubmittedWords), DraftProblem.TooLong);
        var map = new BoardMap(Words(Posts)!, Words(Body)!, Words(Day)!, Words(Submitted)!)
        {
            Older = Words(Older),
            Heading = Words(Heading),
            LeaveOut = Words(LeaveOut),
            Number = Words(Number),
            SubmittedWords = Words(SubmittedWords),
        };
        return (new BoardDraft(title, address.Fragment.Length == 0 ? address : new UriBuilder(address) { Fragment = "" }.Uri, since, map), null, null);
    }

    private static bool MayCall(OutgoingClient client, Uri address)
    {
        try
        {
            client.Check(address);
            return true;
        }
        catch (OutgoingException)
        {
            return false;
        }
    }

    private static string? Words(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

    private static (BoardDraft?, string?, DraftProblem?) Wrong(string field, DraftProblem problem) => (null, field, problem);
}
