using Opinion.Desk.Answers;
using Opinion.Desk.Attachments;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Retention;

/// <summary>
/// The only code that erases anything of a letter, whoever asks for it: the writer, the end of a time of keeping, or a
/// restored backup that must forget again. Everything but that last writes the journal first.
/// </summary>
public sealed class EraseLetters(ErasureJournal journal, AttachmentFiles files)
{
    /// <summary>Erases something of letters and writes it down.</summary>
    /// <param name="session">A session that writes; its caller commits, and then lets the store forget.</param>
    /// <param name="letters">The letters' ids.</param>
    /// <param name="part">What of them.</param>
    /// <param name="actor">Who asked, for the letters' history.</param>
    /// <param name="at">The moment.</param>
    /// <param name="cancel">Cancels it.</param>
    internal async Task HandleAsync(StoreSession session, IReadOnlyList<string> letters, ErasedPart part, string actor, DateTimeOffset at, CancellationToken cancel)
    {
        List<Erasure> erasures = [.. letters.Select(letter => new Erasure(letter, part, at))];
        foreach (var erasure in erasures) await EraseAsync(session, erasure, actor, files, cancel);
        await journal.RecordAsync(session, erasures, cancel);
    }

    /// <summary>Erases again what was erased after a backup was taken. Letters that came after it are not there and are passed over.</summary>
    /// <param name="session">A session that writes on the restored store.</param>
    /// <param name="erasures">All that the journals know; what the store has already is passed over.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>How many erasures were made again.</returns>
    internal static async Task<int> AgainAsync(StoreSession session, IEnumerable<Erasure> erasures, CancellationToken cancel)
    {
        var known = (await ErasureJournal.ReadAsync(session, cancel)).ToHashSet();
        var again = 0;
        // The same erasure may stand in several journals.
        foreach (var erasure in erasures.OrderBy(erasure => erasure.At).ThenBy(erasure => erasure.LetterId, StringComparer.Ordinal).Where(known.Add).ToList())
        {
            await ErasureJournal.PutAsync(session, [erasure], cancel);
            if (await session.CountAsync("SELECT COUNT(*) FROM letters WHERE id = @letter", cancel, ("letter", erasure.LetterId)) == 0) continue;
            var actor = erasure.What is ErasedPart.Withdrawn or ErasedPart.Publication ? MatterHistory.Writer : MatterHistory.Desk;
            // Whoever restores removes the files of what is erased again.
            await EraseAsync(session, erasure, actor, null, cancel);
            again++;
        }

        return again;
    }

    private static Task EraseAsync(StoreSession session, Erasure erasure, string actor, AttachmentFiles? files, CancellationToken cancel) => erasure.What switch
    {
        ErasedPart.Contact => ContactAsync(session, erasure, actor, cancel),
        ErasedPart.Original => OriginalAsync(session, erasure.LetterId, files, cancel),
        ErasedPart.Texts => TextsAsync(session, erasure.LetterId, files, cancel),
        ErasedPart.Publication => PublicationAsync(session, erasure, cancel),
        ErasedPart.Withdrawn => WithdrawAsync(session, erasure, actor, files, cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(erasure)),
    };

    private static async Task ContactAsync(StoreSession session, Erasure erasure, string actor, CancellationToken cancel)
    {
        if (await SealedLetters.EraseContactAsync(session, erasure.LetterId, cancel))
            await MatterHistory.AppendAsync(session, erasure.LetterId, erasure.At, new HistoryEntry(HistoryKind.ContactErased, actor, Visible: true), cancel);
    }

    // What came with the letter has no redacted twin: it stays and goes with the words as they were written.
    private static async Task OriginalAsync(StoreSession session, string letter, AttachmentFiles? files, CancellationToken cancel)
    {
        await SealedLetters.EraseTextsAsync(session, letter, cancel);
        await SealedAttachments.EraseAsync(session, letter, files, cancel);
    }

    private static async Task TextsAsync(StoreSession session, string letter, AttachmentFiles? files, CancellationToken cancel)
    {
        // What was never redacted has no twin, and stays without one.
        await session.ExecuteAsync("UPDATE letters SET title = '', place = '', body = '', subject_words = NULL, need_words = NULL WHERE id = @letter AND body IS NOT NULL", cancel, ("letter", letter));
        await session.ExecuteAsync("UPDATE matter_events SET text = NULL WHERE letter_id = @letter AND text IS NOT NULL", cancel, ("letter", letter));
        await session.ExecuteAsync("UPDATE answers SET text = '' WHERE letter_id = @letter AND text <> ''", cancel, ("letter", letter));
        await session.ExecuteAsync("DELETE FROM training_examples WHERE letter_id = @letter", cancel, ("letter", letter));
        await OriginalAsync(session, letter, files, cancel);
    }

    private static async Task PublicationAsync(StoreSession session, Erasure erasure, CancellationToken cancel)
    {
        if (await session.ExecuteAsync("UPDATE letters SET publish = 0 WHERE id = @letter AND publish = 1", cancel, ("letter", erasure.LetterId)) == 0) return;
        await MatterHistory.AppendAsync(session, erasure.LetterId, erasure.At, new HistoryEntry(HistoryKind.PublicationChosen, MatterHistory.Writer, Visible: true, Detail: "no"), cancel);
        var taken = await PublishedAnswers.TakeBackAsync(session, erasure.LetterId, cancel);
        await session.ExecuteAsync("UPDATE answers SET review = 'not-asked' WHERE letter_id = @letter AND review = 'waiting'", cancel, ("letter", erasure.LetterId));
        if (taken) await MatterHistory.AppendAsync(session, erasure.LetterId, erasure.At, new HistoryEntry(HistoryKind.Unpublished, MatterHistory.Desk, Visible: true), cancel);
    }

    private static async Task WithdrawAsync(StoreSession session, Erasure erasure, string actor, AttachmentFiles? files, CancellationToken cancel)
    {
        var (letter, now) = (erasure.LetterId, erasure.At.ToUnixTimeMilliseconds());
        if (await session.ExecuteAsync("UPDATE letters SET state = 'withdrawn' WHERE id = @letter AND state <> 'withdrawn'", cancel, ("letter", letter)) == 0) return;
        if (await session.ExecuteAsync("UPDATE matters SET state = 'closed', disposition = 'withdrawn', closed_at = @now, contact_hold_until = NULL WHERE letter_id = @letter", cancel, ("now", now), ("letter", letter)) == 0)
        {
            // The time of keeping runs from a matter's end; what never was a matter ends here.
            await session.ExecuteAsync("UPDATE letters SET title = NULL, place = NULL, body = NULL WHERE id = @letter", cancel, ("letter", letter));
            await session.ExecuteAsync("UPDATE matter_events SET text = NULL WHERE letter_id = @letter AND text IS NOT NULL", cancel, ("letter", letter));
        }

        await session.ExecuteAsync("UPDATE duty_alerts SET acknowledged_at = @now, acknowledged_by = 'writer' WHERE letter_id = @letter AND acknowledged_at IS NULL", cancel, ("now", now), ("letter", letter));
        await PublicationAsync(session, erasure, cancel);
        await MatterHistory.AppendAsync(session, letter, erasure.At, new HistoryEntry(HistoryKind.Withdrawn, MatterHistory.Writer, Visible: true), cancel);
        await ContactAsync(session, erasure, actor, cancel);
        await OriginalAsync(session, letter, files, cancel);
    }
}
