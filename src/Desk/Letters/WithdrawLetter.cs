using Opinion.Desk.Matters;
using Opinion.Desk.Retention;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>
/// The writer withdraws the letter, at any time: the matter is closed as withdrawn, contact data and the original words
/// are erased, and nothing of it is published. The writer may also erase only the contact data and let the matter go on.
/// </summary>
public sealed class WithdrawLetter(DeskStore store, WriterMatters writer, EraseLetters erase, TimeProvider clock)
{
    /// <summary>Withdraws the letter.</summary>
    public async Task<Refusal?> HandleAsync(string letterId, CancellationToken cancel)
    {
        var refusal = await writer.WorkAsync(letterId, async (session, _) =>
        {
            if (await session.CountAsync("SELECT COUNT(*) FROM letters WHERE id = @letter AND state = 'withdrawn'", cancel, ("letter", letterId)) > 0) return Refusal.NotOpen;
            await erase.HandleAsync(session, [letterId], ErasedPart.Withdrawn, MatterHistory.Writer, clock.GetUtcNow(), cancel);
            return null;
        }, cancel);
        if (refusal is null) await store.ForgetSoonAsync(cancel);
        return refusal;
    }

    /// <summary>Erases the contact data and the original words; the redacted letter is worked on all the same.</summary>
    public async Task<Refusal?> EraseContactAsync(string letterId, CancellationToken cancel)
    {
        var refusal = await writer.WorkAsync(letterId, async (session, _) =>
        {
            var now = clock.GetUtcNow();
            await erase.HandleAsync(session, [letterId], ErasedPart.Contact, MatterHistory.Writer, now, cancel);
            // Numbers in the letter's own words are contact data as well; once the twin is made nobody needs the original.
            if (await session.CountAsync("SELECT COUNT(*) FROM letters WHERE id = @letter AND body IS NOT NULL", cancel, ("letter", letterId)) > 0)
                await erase.HandleAsync(session, [letterId], ErasedPart.Original, MatterHistory.Writer, now, cancel);
            return null;
        }, cancel);
        if (refusal is null) await store.ForgetSoonAsync(cancel);
        return refusal;
    }
}
