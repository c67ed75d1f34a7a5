using Opinion.Desk.Boards;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.OwnSite;

/// <summary>How one selector fared on a page.</summary>
/// <param name="Field">The field.</param>
/// <param name="Selector">The selector; null where none is set.</param>
/// <param name="Matches">Elements it matches.</param>
/// <param name="Length">UTF-16 code units of what it finds; null where nothing is read.</param>
/// <param name="Problem">What is wrong with it; null where nothing is.</param>
public sealed record TriedField(PostField Field, string? Selector, int Matches, int? Length, PostProblem? Problem);

/// <summary>A post's page as the map sees it. Of what the post says there is nothing but its redacted heading.</summary>
/// <param name="Address">The page's address.</param>
/// <param name="Outcome">What it would be.</param>
/// <param name="Charset">The encoding it was read in; a question mark behind it where it was guessed.</param>
/// <param name="Heading">The heading with personal data hidden; null where there is none or nothing can hide them.</param>
/// <param name="Arrived">When it was posted; null where that cannot be told.</param>
/// <param name="Number">Its official number with personal data hidden; null where none is read.</param>
/// <param name="Fields">How each selector fared.</param>
public sealed record TriedPost(Uri Address, PostOutcome Outcome, string Charset, string? Heading, DateTimeOffset? Arrived, string? Number, IReadOnlyList<TriedField> Fields);

/// <summary>What a trial of a board found. It exists in one answer and is stored nowhere.</summary>
/// <param name="Halt">Why it went no further; null where it did.</param>
/// <param name="Charset">The encoding of the list page; null where it was not read.</param>
/// <param name="Links">Elements that the selector of posts matches.</param>
/// <param name="Posts">Posts of the site among them, each once.</param>
/// <param name="Older">Elements that the selector of older posts matches.</param>
/// <param name="Delay">How long the site asks to wait between two calls.</param>
/// <param name="Post">The first post; null where none could be read.</param>
public sealed record BoardTrial(BoardHalt? Halt, string? Charset = null, int Links = 0, int Posts = 0, int Older = 0, TimeSpan? Delay = null, TriedPost? Post = null);

/// <summary>
/// Shows an administrator what a board's settings would read: the list page and its first post, asked for as a run would ask,
/// opt-in and robots.txt before. Nothing is stored, and what the post says is shown as lengths only.
/// </summary>
public sealed class TryBoard(OutgoingClient client, OptIn optIn, LetterReader reader, OfficeDirectory offices, BoardLimits limits, TimeProvider clock)
{
    // Somebody waits for the page.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Tries settings.</summary>
    public async Task<BoardTrial> HandleAsync(BoardDraft draft, CancellationToken cancel)
    {
        try
        {
            var hasty = limits with { Call = limits.Call < Patience ? limits.Call : Patience };
            var visit = await BoardVisit.OpenAsync(client, optIn, hasty, clock, draft.Address, cancel);
            if (visit.Delay > Patience) return new BoardTrial(null, Delay: visit.Delay);
            var answer = await GetAsync(visit, draft.Address, cancel);
            var page = BoardPage.Parse(answer.Content, answer.ContentType, answer.Address);
            var list = BoardList.Read(answer, draft.Map, visit.IsOfSite, limits.PostsOfList);
            var trial = new BoardTrial(null, NameOf(page.Text), page.Find(draft.Map.Posts).Count, list.Posts.Count, page.Find(draft.Map.Older).Count, visit.Delay);
            if (list.Posts.Count == 0) return trial with { Halt = new BoardHalt(BoardHalts.ListEmpty) };
            try
            {
                return trial with { Post = await PostAsync(visit, list.Posts[0], draft, cancel) };
            }
            catch (BoardHaltException stop)
            {
                return trial with { Halt = stop.Halt };
            }
        }
        catch (BoardHaltException stop)
        {
            return new BoardTrial(stop.Halt);
        }
        catch (BoardPageException error)
        {
            return new BoardTrial(new BoardHalt(BoardHalts.ListUnreadable, error.Fault.ToString()));
        }
    }

    private async Task<TriedPost> PostAsync(BoardVisit visit, Uri address, BoardDraft draft, CancellationToken cancel)
    {
        var answer = await GetAsync(visit, address, cancel);
        var page = BoardPage.Parse(answer.Content, answer.ContentType, answer.Address);
        var office = await offices.GetAsync(cancel);
        var map = draft.Map;
        var reading = BoardPost.Read(page, address, "trial", draft, office, clock.GetUtcNow());
        var submitted = new TriedField(PostField.Submitted, map.Submitted, page.Find(map.Submitted).Count, null, reading.Outcome == PostOutcome.NotSubmitted ? PostProblem.NotFound : null);
        // Of a post that was not submitted nothing is shown either.
        if (reading.Outcome == PostOutcome.NotSubmitted) return new TriedPost(address, reading.Outcome, NameOf(page.Text), null, null, null, [submitted]);
        var (heading, headingField) = Field(page, PostField.Heading, map.Heading, LetterText.TitleLimit, false, null);
        var (_, bodyField) = Field(page, PostField.Body, map.Body, LetterText.BodyLimit, true, map.LeaveOut);
        var (number, numberField) = Field(page, PostField.Number, map.Number, LetterText.TitleLimit, true, null);
        var days = page.Find(map.Day);
        var arrived = days.Count == 1 ? PostDay.Read(days[0].GetAttribute("datetime") ?? "", office.Calendar) ?? PostDay.Read(BoardPage.WordsOf(days[0], []), office.Calendar) : null;
        PostProblem? wrongDay = days.Count == 0 ? PostProblem.NotFound : days.Count > 1 ? PostProblem.NotOne : arrived is null ? PostProblem.NoDay : reading is { Field: PostField.Day, Problem: { } other } ? other : null;
        return new TriedPost(address, reading.Outcome, NameOf(page.Text), Hidden(heading), arrived, Hidden(number),
            [submitted, headingField, bodyField, new TriedField(PostField.Day, map.Day, days.Count, null, wrongDay), numberField]);
    }

    private static (string Words, TriedField Field) Field(BoardPage page, PostField field, string? selector, int limit, bool required, string? leaveOut)
    {
        var (words, wrong) = BoardPost.One(page, field, selector, limit, required, leaveOut);
        return (words, new TriedField(field, selector, page.Find(selector).Count, selector is null ? null : words.Length, wrong?.Problem));
    }

    private string? Hidden(string words) => words.Length == 0 ? null : reader.Redact(words.Length > LetterText.TitleLimit ? words[..LetterText.TitleLimit] : words);

    private static async Task<OutgoingAnswer> GetAsync(BoardVisit visit, Uri page, CancellationToken cancel)
    {
        var answer = await visit.GetAsync(page, null, null, cancel);
        if (answer.Forbidden) throw new BoardHaltException(new BoardHalt(BoardHalts.RobotsForbids));
        if (answer.Answer is not { } got) throw new BoardHaltException(new BoardHalt(BoardHalts.ListUnreadable, answer.Fault.ToString()));
        return got.Status == 200 ? got : throw new BoardHaltException(new BoardHalt(BoardHalts.ListUnreadable, got.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string NameOf(PageText text) => text.Charset + (text.Guessed ? "?" : "");
}
