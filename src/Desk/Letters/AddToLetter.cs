using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;

namespace Opinion.Desk.Letters;

/// <summary>
/// The writer adds to the own letter or answers the officer's question. The words are sealed like the letter's own; the
/// history gets their redacted twin. Urgent danger in them is shown to the duty officer as if it had stood in the letter.
/// </summary>
public sealed class AddToLetter(WriterMatters writer, SealedLetters sealedLetters, LetterReader reader, DutyAlerts alerts, OfficeKeys keys, TimeProvider clock)
{
    /// <summary>Adds the text.</summary>
    public async Task<Refusal?> HandleAsync(string letterId, string? text, CancellationToken cancel) => (await AddAsync(letterId, text, null, null, cancel)).Refusal;

    /// <summary>Adds a text that came through a door, once for each of the door's own keys: whatever has arrived under it before, a letter or an addition, is not added again.</summary>
    public Task<(Refusal? Refusal, bool Repeated)> HandleAsync(string letterId, string? text, Channel channel, string channelKey, CancellationToken cancel) =>
        AddAsync(letterId, text, ReceiveLetter.KeyOf(keys, channel, channelKey), null, cancel);

    /// <summary>Adds the text, and in the same transaction does first what belongs to it; what that refuses is not added.</summary>
    internal async Task<Refusal?> HandleAsync(string letterId, string? text, Func<Storage.StoreSession, Task<Refusal?>> first, CancellationToken cancel) => (await AddAsync(letterId, text, null, first, cancel)).Refusal;

    private async Task<(Refusal? Refusal, bool Repeated)> AddAsync(string letterId, string? text, byte[]? key, Func<Storage.StoreSession, Task<Refusal?>>? first, CancellationToken cancel)
    {
        if (Refusals.ForText(text, LetterText.ReplyLimit) is { } wrong) return (wrong, false);
        var repeated = false;
        var refusal = await writer.WorkAsync(letterId, async (session, matter) =>
        {
            // Nothing that follows reads what the key decides, so of two deliveries at once the second waits for the first and adds nothing.
            if (key is not null && !await ReceiveLetter.TakeKeyAsync(session, key, cancel))
            {
                repeated = true;
                return null;
            }

            if (matter is { Open: false } || await session.CountAsync("SELECT COUNT(*) FROM letters WHERE id = @letter AND state = 'withdrawn'", cancel, ("letter", letterId)) > 0) return Refusal.NotOpen;
            if (first is not null && await first(session) is { } refused) return refused;
            var words = text!.Trim();
            await sealedLetters.PutTextAsync(session, letterId, await SealedLetters.NextPartAsync(session, letterId, cancel), new OriginalText("", "", words), cancel);
            // Without a redactor the twin stays empty and the officer opens the original; nothing unredacted is shown.
            var twin = reader.Redact(words);
            await MatterHistory.AppendAsync(session, letterId, clock.GetUtcNow(), new HistoryEntry(HistoryKind.WriterAdded, MatterHistory.Writer, Visible: true, Text: twin), cancel);
            if (matter is { Urgent: false } && twin is not null && reader.IsUrgent(twin))
                await alerts.RaiseAsync(session, letterId, MatterHistory.Desk, again: false, cancel);
            return null;
        }, cancel);
        return (refusal, repeated);
    }
}
