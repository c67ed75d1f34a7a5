using Opinion.Desk.Storage;

namespace Opinion.Desk.Search;

/// <summary>
/// The GIN index of the words of letters on PostgreSQL. Where no letter is findable yet, making it once at the end costs a
/// fraction of keeping it letter by letter; so it is left out first and made last, without holding up anybody who writes.
/// While it is missing, searches are right and slow. SQLite's FTS5 is its own index: nothing is done there.
/// </summary>
internal sealed class WordsIndex(DeskStore store)
{
    /// <summary>Whether the index is there and whole; one whose making was cut short is there and not valid.</summary>
    internal static async Task<bool> IsWholeAsync(StoreSession session, CancellationToken cancel) => !session.IsPostgres
        || await session.CountAsync("SELECT COUNT(*) FROM pg_index WHERE indexrelid = to_regclass('letter_search_tokens') AND indisvalid", cancel) > 0;

    /// <summary>Leaves the index out where nothing is in it and there is much to put in.</summary>
    /// <param name="much">Letters that are much.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>Whether it is missing now.</returns>
    public async Task<bool> LeaveIfEmptyAsync(int much, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        if (await session.CountAsync("SELECT COUNT(*) FROM (SELECT 1 FROM letter_search LIMIT 1) s", cancel) > 0) return !await IsWholeAsync(session, cancel);
        if (await session.CountAsync("SELECT COUNT(*) FROM (SELECT 1 FROM matters LIMIT @much) m", cancel, ("much", much)) < much) return false;
        if (session.IsPostgres) await session.ExecuteAsync("DROP INDEX IF EXISTS letter_search_tokens", cancel);
        await session.CommitAsync(cancel);
        return true;
    }

    /// <summary>Makes the index where it is missing. Letters come in and are worked on meanwhile.</summary>
    public async Task EnsureAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        if (await IsWholeAsync(session, cancel)) return;
        session.Unhurried = true;
        await session.ExecuteAsync("SET maintenance_work_mem = '512MB'", cancel);
        try
        {
            await session.ExecuteAsync("DROP INDEX CONCURRENTLY IF EXISTS letter_search_tokens", cancel);
            await session.ExecuteAsync("CREATE INDEX CONCURRENTLY letter_search_tokens ON letter_search USING gin (facets, tokens)", cancel);
        }
        finally
        {
            await session.ExecuteAsync("RESET maintenance_work_mem", CancellationToken.None);
        }
    }
}
