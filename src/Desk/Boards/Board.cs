namespace Opinion.Desk.Boards;

/// <summary>
/// Which selector finds what on a message board's pages. Selectors are CSS. There is none for whoever wrote a post and none
/// for comments: what has no field is never read.
/// </summary>
/// <param name="Posts">On the list page: the links to posts, or elements that hold one each.</param>
/// <param name="Body">On a post's page: the text of the post. It must match exactly one element, so a comment can never be taken for it.</param>
/// <param name="Day">On a post's page: when it was posted.</param>
/// <param name="Submitted">On a post's page: the mark that the post was submitted to the office as a letter. Posts without it are not read.</param>
public sealed record BoardMap(string Posts, string Body, string Day, string Submitted)
{
    /// <summary>On the list page: the link to the page with older posts; null where there is one page.</summary>
    public string? Older { get; init; }

    /// <summary>On a post's page: its heading; null where posts have none.</summary>
    public string? Heading { get; init; }

    /// <summary>Inside the text: what is left out of it, such as quoted replies; null for nothing.</summary>
    public string? LeaveOut { get; init; }

    /// <summary>On a post's page: its official number; null where the address of the page is what tells posts apart.</summary>
    public string? Number { get; init; }

    /// <summary>Words that must stand in the mark, such as 已提交; null where its being there is enough.</summary>
    public string? SubmittedWords { get; init; }
}

/// <summary>A board as an administrator sets it.</summary>
/// <param name="Title">What the office calls it.</param>
/// <param name="Address">The address of its list of posts.</param>
/// <param name="Since">The first day, of the office's calendar, whose posts are letters.</param>
/// <param name="Map">Which selector finds what.</param>
public sealed record BoardDraft(string Title, Uri Address, DateOnly Since, BoardMap Map);

/// <summary>What a run did.</summary>
/// <param name="Looked">Pages of posts that were asked for.</param>
/// <param name="Added">Posts that became letters.</param>
/// <param name="Repeated">Posts whose letter had arrived before.</param>
/// <param name="SetAside">Posts that were submitted and could not be taken.</param>
/// <param name="Waiting">Posts without the mark that they were submitted.</param>
public readonly record struct BoardCounts(long Looked, long Added, long Repeated, long SetAside, long Waiting);

/// <summary>Why a run stopped before it was through.</summary>
/// <param name="Reason">One of the program's own words, see <see cref="BoardHalts"/>.</param>
/// <param name="Detail">More of the program's own words, such as a status; null where there is nothing more.</param>
public sealed record BoardHalt(string Reason, string? Detail = null)
{
    /// <summary>Reason and detail in one line.</summary>
    public string InWords => Detail is null ? Reason : Reason + ": " + Detail;
}

/// <summary>The reasons for which a run stops.</summary>
public static class BoardHalts
{
    /// <summary>The site does not, or no longer, name this installation.</summary>
    public const string OptIn = "opt-in";

    /// <summary>robots.txt forbids the page.</summary>
    public const string RobotsForbids = "robots-forbids";

    /// <summary>robots.txt cannot be read, so nothing is.</summary>
    public const string RobotsUnreadable = "robots-unreadable";

    /// <summary>The list page cannot be read.</summary>
    public const string ListUnreadable = "list-unreadable";

    /// <summary>The list page has no link to a post where the map says.</summary>
    public const string ListEmpty = "list-empty";

    /// <summary>Several pages in a row could not be fetched.</summary>
    public const string SiteUnwell = "site-unwell";

    /// <summary>The run had done its share; the next one goes on.</summary>
    public const string Share = "share-done";

    /// <summary>The run was stopped; the next one goes on.</summary>
    public const string Stopped = "stopped";

    /// <summary>The program failed; the detail names how.</summary>
    public const string Failed = "failed";
}

/// <summary>The last run of a board.</summary>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended; null where it runs, or was killed.</param>
/// <param name="Counts">What it did.</param>
/// <param name="Halt">Why it stopped early; null where it did not.</param>
public sealed record BoardRun(DateTimeOffset Started, DateTimeOffset? Ended, BoardCounts Counts, BoardHalt? Halt);

/// <summary>A board as it stands in the store.</summary>
/// <param name="Id">Random, for good.</param>
/// <param name="Draft">What an administrator has set.</param>
/// <param name="Active">Whether it is read.</param>
/// <param name="Resume">The list page at which an unfinished run goes on; null where none is unfinished.</param>
/// <param name="EntityTag">The entity tag of a list whose posts were all settled.</param>
/// <param name="Modified">Its <c>Last-Modified</c>.</param>
/// <param name="Last">Its last run; null before the first.</param>
public sealed record Board(string Id, BoardDraft Draft, bool Active, Uri? Resume, string? EntityTag, string? Modified, BoardRun? Last);
