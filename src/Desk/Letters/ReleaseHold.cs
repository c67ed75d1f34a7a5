using Opinion.Desk.Matters;

namespace Opinion.Desk.Letters;

/// <summary>After a transfer the writer lets the new department use the contact data at once, instead of waiting.</summary>
public sealed class ReleaseHold(WriterMatters writer, TimeProvider clock)
{
    /// <summary>Ends the waiting time.</summary>
    public Task<Refusal?> HandleAsync(string letterId, CancellationToken cancel) => writer.WorkAsync(letterId, async (session, matter) =>
    {
        if (matter is not { Open: true }) return Refusal.NotOpen;
        if (await session.ExecuteAsync("UPDATE matters SET contact_hold_until = NULL WHERE letter_id = @letter AND contact_hold_until IS NOT NULL", cancel, ("letter", letterId)) > 0)
            await MatterHistory.AppendAsync(session, letterId, clock.GetUtcNow(), new HistoryEntry(HistoryKind.HoldReleased, MatterHistory.Writer, Visible: true, matter.Department), cancel);
        return null;
    }, cancel);
}
