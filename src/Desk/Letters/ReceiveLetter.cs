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
/// receipt; the receipt is handed out only after it is durable, and nothing else happens before that. Letters that arrive
/// one by one at the same time share a transaction, see <see cref="SharedTurns{TItem,TResult}"/>. When the connection to the
/// store breaks, they are stored once more.
/// </summary>
public sealed class ReceiveLetter
{
    /// <summary>How long a writer waits for a store that is coming back: a restarted PostgreSQL is ready in a few seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly DeskStore _store;
    private readonly OfficeKeys _keys;
    private readonly SealedLetters _sealedLetters;
    private readonly TimeProvider _clock;
    private readonly SharedTurns<SealedLetter, Receipt> _turns;

    /// <summary>Makes the step on a store.</summary>
    public ReceiveLetter(DeskStore store, OfficeKeys keys, SealedLetters sealedLetters, TimeProvider clock)
    {
        (_store, _keys, _sealedLetters, _clock) = (store, keys, sealedLetters, clock);
        _turns = new SharedTurns<SealedLetter, Receipt>(store.WritersAtOnce, letters => StoreSurelyAsync(letters, CancellationToken.None));
    }

    /// <summary>Receives one letter. Given up before its turn has come, it is not stored; after that it is.</summary>
    /// <exception cref="LetterRefusedException">Its text cannot be taken; nothing was stored.</exception>
    public async Task<Receipt> HandleAsync(IncomingLetter letter, CancellationToken cancel)
    {
        if (letter.Problem() is { } problem) throw new LetterRefusedException(problem);
        return await _turns.DoAsync(Seal(letter), cancel);
    }

    /// <summary>Receives letters in one transaction: all are durable when it returns, or none was stored.</summary>
    /// <returns>One receipt for each letter, in their order.</returns>
    /// <exception cref="LetterRefusedException">A text cannot be taken; nothing was stored.</exception>
    public async Task<IReadOnlyList<Receipt>> HandleAsync(IReadOnlyList<IncomingLetter> letters, CancellationToken cancel)
    {
        foreach (var letter in letters)
        {
            if (letter.Problem() is { } problem) throw new LetterRefusedException(problem);
        }

        return await StoreSurelyAsync([.. letters.Select(Seal)], cancel);
    }

    private async Task<IReadOnlyList<Receipt>> StoreSurelyAsync(IReadOnlyList<SealedLetter> letters, CancellationToken cancel)
    {
        try
        {
            return await StoreAsync(letters, cancel);
        }
        catch (Exception error) when (StoreFaults.Of(error) == StoreFault.Unavailable && !cancel.IsCancellationRequested)
        {
            // Once more, and safely so: if the commit came through and only its answer was lost, the channel key is found
            // taken and the receipt is the same. Casework has no such key and is never tried again by itself.
            if (!await _store.AnswersAgainAsync(Patience, _clock, cancel)) throw;
            return await StoreAsync(letters, cancel);
        }
    }

    // All that needs no store: done before the transaction begins, so that none waits for it.
    private SealedLetter Seal(IncomingLetter letter)
    {
        var code = ReceiptCode.Derive(_keys.Receipts, letter.Channel, letter.ChannelKey);
        var key = HMACSHA256.HashData(_keys.ChannelKeys, Encoding.UTF8.GetBytes(letter.Channel.NameOf() + "\n" + letter.ChannelKey));
        var id = Guid.CreateVersion7(letter.Arrived).ToString("N");
        return new SealedLetter(letter, id, code, key, _sealedLetters.SealText(id, 0, new OriginalText(letter.Title.Trim(), letter.Place.Trim(), letter.Body.Trim())),
            letter.Contact is { IsEmpty: false } contact ? _sealedLetters.SealContact(id, contact) : null);
    }

    private async Task<IReadOnlyList<Receipt>> StoreAsync(IReadOnlyList<SealedLetter> letters, CancellationToken cancel)
    {
        await _store.PrepareAsync(letters.Select(letter => letter.Letter.Arrived), cancel);
        // Whether a letter is new is decided by its unique key alone, so many may be received at once.
        await using var session = await _store.WriteSharedAsync(cancel);
        var news = await TakeKeysAsync(session, letters, cancel);
        await PutAsync(session, [.. letters.Where((_, i) => news[i])], cancel);
        await session.CommitAsync(cancel);
        return [.. letters.Select((letter, i) => new Receipt(letter.Code, Repeated: !news[i]))];
    }

    // The keys are taken first: of two deliveries at once, the second finds its key taken and answers with the same receipt.
    // They are taken in the order of their bytes, so that two transactions with the same letters cannot wait for each other.
    private static async Task<bool[]> TakeKeysAsync(StoreSession session, IReadOnlyList<SealedLetter> letters, CancellationToken cancel)
    {
        var order = Enumerable.Range(0, letters.Count).ToArray();
        Array.Sort(order, (a, b) => letters[a].Key.AsSpan().SequenceCompareTo(letters[b].Key) is not 0 and var different ? different : a - b);
        var batch = session.Batch();
        foreach (var i in order) batch.Add("INSERT INTO channel_keys (key_hmac) VALUES (@key) ON CONFLICT DO NOTHING", ("key", letters[i].Key));
        var taken = await batch.ExecuteAsync(cancel);
        var news = new bool[letters.Count];
        for (var i = 0; i < order.Length; i++) news[order[i]] = taken[i] == 1;
        return news;
    }

    private async Task PutAsync(StoreSession session, SealedLetter[] letters, CancellationToken cancel)
    {
        var registered = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = session.Batch();
        batch.AddRows(
            """
            INSERT INTO letters (id, receipt_hash, number, channel, arrived_at, registered_at, district, publish, about_department, state)
            VALUES (@id, @receipt, @number, @channel, @arrived, @registered, @district, @publish, @about, 'received')
            """,
            """
            INSERT INTO letters (id, receipt_hash, number, channel, arrived_at, registered_at, district, publish, about_department, state)
            SELECT id, receipt, number, channel, arrived, registered, district, publish, about, 'received'
            FROM unnest(@id, @receipt, @number, @channel, @arrived, @registered, @district, @publish, @about) AS rows (id, receipt, number, channel, arrived, registered, district, publish, about)
            """,
            ("id", Of(letters, letter => letter.Id)), ("receipt", Of(letters, letter => letter.Code.Hash)), ("number", Of(letters, _ => ReceiptCode.RandomNumber())),
            ("channel", Of(letters, letter => letter.Letter.Channel.NameOf())), ("arrived", Of(letters, letter => letter.Letter.Arrived.ToUnixTimeMilliseconds())), ("registered", Of(letters, _ => registered)),
            ("district", Of(letters, letter => letter.Letter.District)), ("publish", Of(letters, letter => letter.Letter.Publish ? 1L : 0L)), ("about", Of(letters, letter => letter.Letter.AboutDepartment)));
        SealedLetters.PutTexts(batch, Of(letters, letter => (letter.Id, letter.Text)));
        SealedLetters.PutContacts(batch, [.. letters.Where(letter => letter.Contact is not null).Select(letter => (letter.Id, letter.Contact!))]);
        Open311.RequestOrigin.Put(batch, letters.Select(letter => (letter.Id, letter.Letter)));
        MatterHistory.Append(batch, Of(letters, letter => (letter.Id, letter.Letter.Arrived, (string?)null, (string?)null)), HistoryKind.Received, MatterHistory.Writer);
        await batch.ExecuteAsync(cancel);
    }

    private static T[] Of<T>(SealedLetter[] letters, Func<SealedLetter, T> value) => Array.ConvertAll(letters, letter => value(letter));

    private sealed record SealedLetter(IncomingLetter Letter, string Id, ReceiptCode Code, byte[] Key, SealedBox Text, SealedBox? Contact);
}
