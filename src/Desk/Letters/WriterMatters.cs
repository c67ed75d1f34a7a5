using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>The door a writer's own actions go through: one transaction on the own letter, or nothing.</summary>
public sealed class WriterMatters(DeskStore store)
{
    /// <summary>Does a piece of the writer's work. The matter is null while the letter waits to be sorted.</summary>
    internal async Task<Refusal?> WorkAsync(string letterId, Func<StoreSession, MatterHead?, Task<Refusal?>> work, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        if (await session.CountAsync("SELECT COUNT(*) FROM letters WHERE id = @letter", cancel, ("letter", letterId)) == 0) return Refusal.NotFound;
        if (await work(session, await OpenMatters.FindByLetterAsync(session, letterId, cancel)) is { } refusal) return refusal;
        await session.CommitAsync(cancel);
        return null;
    }
}
