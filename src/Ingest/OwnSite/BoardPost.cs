using System.Text;
using Opinion.Desk.Boards;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Ingest.Hotline;

namespace Opinion.Ingest.OwnSite;

/// <summary>What a post's page turned out to be.</summary>
public enum PostOutcome
{
    /// <summary>A letter.</summary>
    Letter,

    /// <summary>A post that was not submitted to the office; nothing of it was read.</summary>
    NotSubmitted,

    /// <summary>A post from before the first day.</summary>
    TooOld,

    /// <summary>A post that was submitted and cannot be taken.</summary>
    Refused,
}

/// <summary>A field of a map, by the name under which it is told.</summary>
public enum PostField
{
    /// <summary>The mark that it was submitted.</summary>
    Submitted,

    /// <summary>The heading.</summary>
    Heading,

    /// <summary>The text.</summary>
    Body,

    /// <summary>The day.</summary>
    Day,

    /// <summary>The official number.</summary>
    Number,
}

/// <summary>Why a post cannot be taken.</summary>
public enum PostProblem
{
    /// <summary>The selector matches nothing.</summary>
    NotFound,

    /// <summary>The selector matches more than one element; which of them is meant cannot be known.</summary>
    NotOne,

    /// <summary>There is nothing in it.</summary>
    Empty,

    /// <summary>It is longer than the desk takes.</summary>
    TooLong,

    /// <summary>It holds characters that could not be read in the page's encoding.</summary>
    BadCharacters,

    /// <summary>There is no day in it, or more than one.</summary>
    NoDay,

    /// <summary>The day lies before 1970 or in the future.</summary>
    WrongDay,
}

/// <summary>A post's page, read by a map.</summary>
/// <param name="Outcome">What it is.</param>
/// <param name="Letter">The letter, where it is one.</param>
/// <param name="Field">The field it is about, where it was refused.</param>
/// <param name="Problem">Why it was refused.</param>
/// <param name="Content">What it says, to be sealed, where it was refused and something was read.</param>
public sealed record PostReading(PostOutcome Outcome, IncomingLetter? Letter = null, PostField? Field = null, PostProblem? Problem = null, string Content = "");

/// <summary>Reads a post's page by a map. Pure: the same page, map, office and moment give the same result.</summary>
public static class BoardPost
{
    /// <summary>Reads a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="address">Its address, which tells posts apart where there is no number.</param>
    /// <param name="board">The board's id, part of the channel key.</param>
    /// <param name="draft">What is set for the board.</param>
    /// <param name="office">The office, for its clock.</param>
    /// <param name="now">The present moment.</param>
    public static PostReading Read(BoardPage page, Uri address, string board, BoardDraft draft, Office office, DateTimeOffset now)
    {
        var map = draft.Map;
        // The mark first: of a post that was not submitted to the office not a word is read.
        if (!IsSubmitted(page, map)) return new PostReading(PostOutcome.NotSubmitted);
        var (heading, wrong) = One(page, PostField.Heading, map.Heading, LetterText.TitleLimit, required: false);
        if (wrong is not null) return wrong;
        string body;
        (body, wrong) = One(page, PostField.Body, map.Body, LetterText.BodyLimit, required: true, map.LeaveOut);
        if (wrong is not null) return wrong with { Content = heading + "\n" + body };
        PostReading Refused(PostField field, PostProblem problem) => new(PostOutcome.Refused, null, field, problem, heading + "\n" + body);
        string number;
        (number, wrong) = One(page, PostField.Number, map.Number, LetterText.TitleLimit, required: map.Number is not null);
        if (wrong is not null) return Refused(PostField.Number, wrong.Problem!.Value);
        var days = page.Find(map.Day);
        if (days.Count != 1) return Refused(PostField.Day, days.Count == 0 ? PostProblem.NotFound : PostProblem.NotOne);
        if ((PostDay.Read(days[0].GetAttribute("datetime") ?? "", office.Calendar) ?? PostDay.Read(BoardPage.WordsOf(days[0], []), office.Calendar)) is not { } arrived) return Refused(PostField.Day, PostProblem.NoDay);
        if (arrived < DateTimeOffset.UnixEpoch.AddDays(1) || arrived > now + HotlineRow.FutureAllowed) return Refused(PostField.Day, PostProblem.WrongDay);
        if (office.Calendar.DayOf(arrived) < draft.Since) return new PostReading(PostOutcome.TooOld);
        // The number is the post's own; without one its address is, without scheme and host, which may change.
        var key = board + "\n" + (map.Number is null ? "u " + address.PathAndQuery : "n " + number.Normalize(NormalizationForm.FormKC));
        var letter = new IncomingLetter(Channel.OwnSite, key, arrived, heading, body);
        return letter.Problem() is null ? new PostReading(PostOutcome.Letter, letter) : Refused(PostField.Body, PostProblem.BadCharacters);
    }

    /// <summary>Whether the page bears the mark that the post was submitted to the office.</summary>
    public static bool IsSubmitted(BoardPage page, BoardMap map)
    {
        var marks = page.Find(map.Submitted);
        return marks.Count > 0 && (map.SubmittedWords is null || marks.Any(mark => BoardPage.WordsOf(mark, []).Contains(map.SubmittedWords, StringComparison.Ordinal)));
    }

    /// <summary>The words of the one element a selector matches, or why there are none.</summary>
    public static (string Words, PostReading? Wrong) One(BoardPage page, PostField field, string? selector, int limit, bool required, string? leaveOut = null)
    {
        if (selector is null) return ("", null);
        var found = page.Find(selector);
        if (found.Count == 0) return required ? ("", Wrong(field, PostProblem.NotFound)) : ("", null);
        if (found.Count > 1) return ("", Wrong(field, PostProblem.NotOne));
        var words = BoardPage.WordsOf(found[0], leaveOut is null ? [] : [.. found[0].QuerySelectorAll(leaveOut)]);
        if (words.Contains('\uFFFD', StringComparison.Ordinal)) return (words, Wrong(field, PostProblem.BadCharacters));
        return (words, LetterText.Check(words, limit, required) switch
        {
            null => null,
            TextProblem.Empty => Wrong(field, PostProblem.Empty),
            TextProblem.TooLong => Wrong(field, PostProblem.TooLong),
            _ => Wrong(field, PostProblem.BadCharacters),
        });
    }

    private static PostReading Wrong(PostField field, PostProblem problem) => new(PostOutcome.Refused, null, field, problem);
}
