using Opinion.Desk.Boards;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.OwnSite;

/// <summary>A list page, read by a map.</summary>
/// <param name="Posts">The addresses of its posts, in their order, each once, all of the site.</param>
/// <param name="Older">The page with older posts; null where there is none of the site.</param>
/// <param name="EntityTag">The page's entity tag.</param>
/// <param name="Modified">Its <c>Last-Modified</c>.</param>
public sealed record BoardList(IReadOnlyList<Uri> Posts, Uri? Older, string? EntityTag, string? Modified)
{
    /// <summary>Reads a list page.</summary>
    /// <exception cref="BoardPageException">It cannot be worked with.</exception>
    public static BoardList Read(OutgoingAnswer answer, BoardMap map, Func<Uri, bool> isOfSite, int most)
    {
        var page = BoardPage.Parse(answer.Content, answer.ContentType, answer.Address);
        var posts = page.Find(map.Posts).Select(page.LinkOf).OfType<Uri>().Where(isOfSite).DistinctBy(post => post.PathAndQuery, StringComparer.Ordinal).Take(most).ToList();
        var older = page.Find(map.Older).Select(page.LinkOf).OfType<Uri>().FirstOrDefault(isOfSite);
        return new BoardList(posts, older, answer.EntityTag, answer.Modified);
    }
}
