using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>What the writer is given for a letter.</summary>
/// <param name="Code">The receipt code. It exists only here and with the writer.</param>
/// <param name="Repeated">Whether this letter had arrived before; nothing was stored again.</param>
public sealed record Receipt(ReceiptCode Code, bool Repeated);

/// <summary>A letter whose text cannot be taken.</summary>
public sealed class LetterRefusedException(TextProblem problem) : Exception(problem.ToString())
{
    /// <summary>What is wrong with it.</summary>
    public TextProblem Problem { get; } = problem;
}

/// <summary>
/// The first step of a letter's way. One transaction stores the sealed letter, the sealed contact and the hash of the
/// receipt; the receipt is handed out only after it is durable, and nothing else happens before that. When the connection to
/// the store breaks it is tried once more.
/// </summary>
public sealed class ReceiveLetter(DeskStore store, OfficeKeys keys, SealedLetters sealedLetters, TimeProvider clock)
{
    /// <summary>How long a writer waits for a store that is coming back: a restarted PostgreSQL is ready in a few seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Receives one letter.</summary>
    /// <exception cref="LetterRefusedException">Its text cannot be taken; nothing was stored.</exception>
    public async Task<Receipt> HandleAsync(IncomingLetter letter, CancellationToken cancel) => (await HandleAsync([letter], cancel))[0];

    /// <summary>Receives letters in one transaction: all are durable when it returns, or none was stored.</summary>
    /// <returns>One receipt for each letter, in their order.</returns>
    /// <exception cref="LetterRefusedException">A text cannot be taken; nothing was stored.</exception>
    public async Task<IReadOnlyList<Receipt>> HandleAsync(IReadOnlyList<IncomingLetter> letters, CancellationToken cancel)
    {
        foreach (var letter in letters)
        {
            if (letter.Problem() is { } problem) throw new LetterRefusedException(problem);
        }

        try
        {
            return await StoreAsync(letters, cancel);
        }
        catch (Exception error) when (StoreFaults.Of(error) == StoreFault.Unavailable && !cancel.IsCancellationRequested)
        {
            // Once more, and safely so: if the commit came through and only its answer was lost, the channel key is found
            // taken and the receipt is the same. Casework has no such key and is never tried again by itself.
            if (!await store.AnswersAgainAsync(Patience, clock, cancel)) throw;
            return await StoreAsync(letters, cancel);
        }
    }

    private async Task<IReadOnlyList<Receipt>> StoreAsync(IReadOnlyList<IncomingLetter> letters, CancellationToken cancel)
    {
        var receipts = new List<Receipt>(letters.Count);
        await store.PrepareAsync(letters.Select(letter => letter.Arrived), cancel);
        // Whether a letter is new is decided by its unique key alone, so many may be received at once.
        await using var session = await store.WriteSharedAsync(cancel);
        foreach (var letter in letters) receipts.Add(await StoreAsync(session, letter, cancel));
        await session.CommitAsync(cancel);
        return receipts;
    }

    private async Task<Receipt> StoreAsync(StoreSession session, IncomingLetter letter, CancellationToken cancel)
    {
        var code = ReceiptCode.Derive(keys.Receipts, letter.Channel, letter.ChannelKey);
        var key = HMACSHA256.HashData(keys.ChannelKeys, Encoding.UTF8.GetBytes(letter.Channel.NameOf() + "\n" + letter.ChannelKey));
        // The key is taken first: of two deliveries at once, the second finds it taken and answers with the same receipt.
        if (await session.ExecuteAsync("INSERT INTO channel_keys (key_hmac) VALUES (@key) ON CONFLICT DO NOTHING", cancel, ("key", key)) == 0)
            return new Receipt(code, Repeated: true);

        var id = Guid.CreateVersion7(letter.Arrived).ToString("N");
        await session.ExecuteAsync(
            """
            INSERT INTO letters (id, receipt_hash, number, channel, arrived_at, registered_at, district, publish, about_department, state)
            VALUES (@id, @receipt, @number, @channel, @arrived, @registered, @district, @publish, @about, 'received')
            """, cancel,
            ("id", id), ("receipt", code.Hash), ("number", ReceiptCode.RandomNumber()), ("channel", letter.Channel.NameOf()),
            ("arrived", letter.Arrived.ToUnixTimeMilliseconds()), ("registered", clock.GetUtcNow().ToUnixTimeMilliseconds()),
            ("district", letter.District), ("publish", letter.Publish ? 1 : 0), ("about", letter.AboutDepartment));
        await sealedLetters.PutTextAsync(session, id, 0, new OriginalText(letter.Title.Trim(), letter.Place.Trim(), letter.Body.Trim()), cancel);
        if (letter.Contact is { IsEmpty: false } contact) await sealedLetters.PutContactAsync(session, id, contact, cancel);
        await MatterHistory.AppendAsync(session, id, letter.Arrived, new HistoryEntry(HistoryKind.Received, MatterHistory.Writer, Visible: true), cancel);
        return new Receipt(code, Repeated: false);
    }
}
