using Opinion.Desk.Letters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Outbox;

/// <summary>
/// Gives the writer of a letter that came by mail its receipt, by mail. One letter gets one, however often it is delivered.
/// It may be called again after any interruption; whoever took the mail says so to the mail server only after this.
/// </summary>
public sealed class QueueReceipt(DeskStore store, FollowLetter follow, SealedReceipts receipts, OfficeKeys keys, TimeProvider clock)
{
    /// <summary>Puts the receipt into the outbox, where the letter has an address and has had none.</summary>
    /// <param name="channel">The door it came through.</param>
    /// <param name="channelKey">The door's key of it. Where no letter has arrived under it, there is nothing to do.</param>
    /// <param name="inReplyTo">The id of the writer's mail, in angle brackets; null where it cannot be used.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>Whether a receipt was put there now.</returns>
    public async Task<bool> HandleAsync(Channel channel, string channelKey, string? inReplyTo, CancellationToken cancel)
    {
        var code = ReceiptCode.Derive(keys.Receipts, channel, channelKey);
        if (await follow.FindAsync(code.Text, cancel) is not { } letter) return false;
        await using var session = await store.WriteSharedAsync(cancel);
        if (!await SealedLetters.HasContactAsync(session, letter, cancel) || !await receipts.PutAsync(session, letter, new ReceiptNote(code.Shown, inReplyTo), cancel)) return false;
        await QueueMail.ReceiptAsync(session, letter, clock.GetUtcNow(), cancel);
        await session.CommitAsync(cancel);
        return true;
    }
}
