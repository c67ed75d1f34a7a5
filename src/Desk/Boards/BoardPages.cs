using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Boards;

/// <summary>What became of a post's page.</summary>
public enum PageState
{
    /// <summary>It is a letter: it is never asked for again, edited or not.</summary>
    Letter,

    /// <summary>It is left for good: posted before the first day, or looked at in vain too often.</summary>
    Left,

    /// <summary>It was not submitted, or could not be taken yet: it is looked at again.</summary>
    Waits,
}

/// <summary>What is known of a post's page.</summary>
/// <param name="State">What became of it.</param>
/// <param name="EntityTag">The entity tag it had.</param>
/// <param name="Modified">The <c>Last-Modified</c> it had.</param>
/// <param name="Looked">When it was looked at last, to the hour.</param>
/// <param name="Tries">How often it was looked at.</param>
public sealed record KnownPage(PageState State, string? EntityTag, string? Modified, DateTimeOffset Looked, long Tries);

/// <summary>
/// Which posts of a board were looked at. A page is known only by a keyed hash of its board and address, as a letter is by
/// its channel key, so the table is no list of posts and leads to no letter.
/// </summary>
public sealed class BoardPages(DeskStore store, OfficeKeys keys, TimeProvider clock)
{
    private static readonly string[] States = ["letter", "left", "waits"];

    /// <summary>What is known of a board's pages.</summary>
    /// <returns>One entry for each page, in their order; null where nothing is known.</returns>
    public async Task<IReadOnlyList<KnownPage?>> FindAsync(string board, IReadOnlyList<Uri> pages, CancellationToken cancel)
    {
        var known = new List<KnownPage?>();
        await using var session = await store.ReadAsync(cancel);
        foreach (var page in pages)
        {
            known.Add(await session.FirstAsync("SELECT state, etag, modified, looked_on, tries FROM board_pages WHERE page_hmac = @key", row => new KnownPage(
                (PageState)Array.IndexOf(States, row.GetString(0)), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), row.GetInt64(4)), cancel, ("key", KeyOf(board, page))));
        }

        return known;
    }

    /// <summary>Notes what became of a page. What is a letter stays one.</summary>
    public async Task PutAsync(string board, Uri page, PageState state, string? entityTag, string? modified, CancellationToken cancel)
    {
        // To the hour, and of a letter not at all: the moment would lead from the page to the letter it became.
        var looked = state == PageState.Letter ? 0 : clock.GetUtcNow().ToUnixTimeMilliseconds() / 3_600_000 * 3_600_000;
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync(
            """
            INSERT INTO board_pages (page_hmac, board, state, etag, modified, looked_on) VALUES (@key, @board, @state, @etag, @modified, @looked)
            ON CONFLICT (page_hmac) DO UPDATE SET state = excluded.state, etag = excluded.etag, modified = excluded.modified, looked_on = excluded.looked_on, tries = board_pages.tries + 1
            WHERE board_pages.state <> 'letter'
            """, cancel,
            ("key", KeyOf(board, page)), ("board", board), ("state", States[(int)state]), ("etag", state == PageState.Waits ? entityTag : null), ("modified", state == PageState.Waits ? modified : null), ("looked", looked));
        await session.CommitAsync(cancel);
    }

    // Scheme and host are left out: a site that moves to https has the same posts.
    private byte[] KeyOf(string board, Uri page) => HMACSHA256.HashData(keys.ChannelKeys, Encoding.UTF8.GetBytes("board-page\n" + board + "\n" + page.PathAndQuery));
}
