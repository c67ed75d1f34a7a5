using System.Data.Common;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Clarifications;

/// <summary>A public clarification of what people ask about having heard. It names no speaker and links to nobody.</summary>
/// <param name="Id">Random; the public address.</param>
/// <param name="Claim">The claim in the editor's words.</param>
/// <param name="Known">What is known.</param>
/// <param name="Unknown">What is not known yet; may be empty.</param>
/// <param name="Sources">Web addresses; at least one.</param>
/// <param name="PublishedAt">When it was published; null for a draft.</param>
public sealed record Clarification(string Id, string Claim, string Known, string Unknown, IReadOnlyList<string> Sources, DateTimeOffset? PublishedAt);

/// <summary>A claim people ask about: its wording and how often it was asked, nothing else.</summary>
public sealed record Claim(string Id, string Wording, long Questions, bool Clarified);

/// <summary>Reads clarifications, and claims for those who clarify them. There is no way from a claim to a letter.</summary>
public sealed class Clarifications(DeskStore store)
{
    private const string Columns = "SELECT k.id, c.wording, k.known, k.unknown, k.sources, k.published_at FROM clarifications k JOIN claims c ON c.id = k.claim_id ";

    /// <summary>What is published, the newest first.</summary>
    public async Task<IReadOnlyList<Clarification>> PublishedAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(Columns + "WHERE k.published_at IS NOT NULL ORDER BY k.published_at DESC", Read, cancel);
    }

    /// <summary>One published clarification; null where there is none.</summary>
    public async Task<Clarification?> FindAsync(string id, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.FirstAsync(Columns + "WHERE k.id = @id AND k.published_at IS NOT NULL", Read, cancel, ("id", id));
    }

    /// <summary>The claims people asked about, those without a clarification first, the most asked first.</summary>
    public async Task<IReadOnlyList<Claim>> ClaimsAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            "SELECT c.id, c.wording, c.questions, CASE WHEN EXISTS (SELECT 1 FROM clarifications k WHERE k.claim_id = c.id AND k.published_at IS NOT NULL) THEN 1 ELSE 0 END AS clarified FROM claims c ORDER BY clarified, c.questions DESC, c.id",
            row => new Claim(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3) == 1), cancel);
    }

    private static Clarification Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
        row.GetString(4).Split('\n', StringSplitOptions.RemoveEmptyEntries), row.IsDBNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)));
}
