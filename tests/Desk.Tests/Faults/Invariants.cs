using Opinion.Desk.Letters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Tests.Faults;

/// <summary>
/// What must hold after every fault, looked up in the store itself: every receipt given belongs to a stored letter and no
/// letter is there twice; a deadline is the one first given or the one a named person gave with a reason; history only grew.
/// </summary>
public sealed class Invariants
{
    private readonly HashSet<string> _history;

    private Invariants(HashSet<string> history) => _history = history;

    /// <summary>Remembers the history as it stands, so that it can be held against what it becomes.</summary>
    public static async Task<Invariants> RememberAsync(DeskStore store) => new([.. await HistoryAsync(store)]);

    /// <summary>Fails where one of them does not hold.</summary>
    /// <param name="store">The store, reachable again.</param>
    /// <param name="receipts">Every receipt code that any writer was shown.</param>
    /// <param name="letters">How many letters there must be; null where that is not known.</param>
    public async Task HoldAsync(DeskStore store, IReadOnlyCollection<string> receipts, int? letters = null)
    {
        await using var session = await store.ReadAsync(CancellationToken.None);
        var stored = await session.QueryAsync("SELECT receipt_hash FROM letters", row => Convert.ToHexString(row.GetFieldValue<byte[]>(0)), CancellationToken.None);
        if (letters is { } count && stored.Count != count) throw new InvalidOperationException($"{stored.Count} letters are stored, not {count}.");
        if (stored.Distinct(StringComparer.Ordinal).Count() != stored.Count) throw new InvalidOperationException("Two letters have one receipt.");
        var hashes = stored.ToHashSet(StringComparer.Ordinal);
        foreach (var receipt in receipts)
        {
            if (!ReceiptCode.TryParse(receipt, out var code)) throw new InvalidOperationException($"{receipt} is no receipt code.");
            if (!hashes.Contains(Convert.ToHexString(code.Hash))) throw new InvalidOperationException("A receipt was given for a letter that is not stored.");
        }

        await NoneAsync("SELECT ABS((SELECT COUNT(*) FROM letters) - (SELECT COUNT(*) FROM channel_keys))", "letters and channel keys differ in number by");
        await NoneAsync("SELECT COUNT(*) FROM letters l WHERE 1 <> (SELECT COUNT(*) FROM matter_events e WHERE e.letter_id = l.id AND e.kind = 'received')", "letters without one arrival in their history:");
        await NoneAsync("SELECT COUNT(*) FROM letters l WHERE l.state = 'received' AND NOT EXISTS (SELECT 1 FROM sealed_texts s WHERE s.letter_id = l.id)", "letters without their text:");
        await NoneAsync("SELECT COUNT(*) FROM letters l WHERE (l.state = 'assigned') <> EXISTS (SELECT 1 FROM matters m WHERE m.letter_id = l.id) AND l.state <> 'withdrawn'", "letters half assigned:");
        await NoneAsync(
            """
            SELECT COUNT(*) FROM matters m WHERE m.deadline <> COALESCE(
                (SELECT c.deadline FROM deadline_changes c WHERE c.letter_id = m.letter_id ORDER BY c.id DESC LIMIT 1),
                (SELECT e.detail FROM matter_events e WHERE e.letter_id = m.letter_id AND e.kind = 'assigned' ORDER BY e.id LIMIT 1))
            """, "deadlines that nobody gave:");
        await NoneAsync("SELECT COUNT(*) FROM deadline_changes WHERE account IN ('desk', 'writer') OR TRIM(reason) = ''", "deadlines moved without a name or a reason:");
        if (!_history.IsSubsetOf(await HistoryAsync(store))) throw new InvalidOperationException("History lost or changed a line.");

        async Task NoneAsync([System.Diagnostics.CodeAnalysis.ConstantExpected] string sql, string words)
        {
            if (await session.CountAsync(sql, CancellationToken.None) is not 0 and var wrong) throw new InvalidOperationException($"{words} {wrong}");
        }
    }

    private static async Task<List<string>> HistoryAsync(DeskStore store)
    {
        await using var session = await store.ReadAsync(CancellationToken.None);
        return await session.QueryAsync("SELECT id, letter_id, at, kind, actor, COALESCE(detail, '') FROM matter_events ORDER BY id",
            row => string.Join('|', row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5)), CancellationToken.None);
    }
}
