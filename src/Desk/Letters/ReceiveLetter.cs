using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Attachments;
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
/// receipt, after the files of its attachments are on disk; the receipt is handed out only after it is durable, and nothing else happens before that. Letters that arrive
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
    private readonly SealedAttachments _attachments;
    private readonly TimeProvider _clock;
    private readonly SharedTurns<SealedLetter, Receipt> _turns;

    /// <summary>Makes the step on a store.</summary>
    public ReceiveLetter(DeskStore store, OfficeKeys keys, SealedLetters sealedLetters, SealedAttachments attachments, TimeProvider clock)
    {
        (_store, _keys, _sealedLetters, _attachments, _clock) = (store, keys, sealedLetters, attachments, clock);
        _turns = new SharedTurns<SealedLetter, Receipt>(store.WritersAtOnce, letters => StoreSurelyAsync(letters, CancellationToken.None));
    }

    /// <summary>Receives one letter. Given up before its turn has come, it is not stored; after that it is.</summary>
    /// <exception cref="LetterRefusedException">Its text cannot be taken; nothing was stored.</exception>
    /// <exception cref="AttachmentRefusedException">An attachment cannot be taken; nothing was stored.</exception>
    public async Task<Receipt> HandleAsync(IncomingLetter letter, CancellationToken cancel)
    {
        if (letter.Problem() is { } problem) throw new LetterRefusedException(problem);
        // Cleaning, sealing and writing files takes a while, and is nobody else's turn.
        var @sealed = letter.Attachments.Count == 0 ? Seal(letter) : await Task.Run(() => Seal(letter), cancel);
        var receipt = await _turns.DoAsync(@sealed, cancel);
        if (receipt.Repeated) await _attachments.DropUnlessNamedAsync(_store, @sealed.Attachments, cancel);
        return receipt;
    }

    /// <summary>Receives letters in one transaction: all are durable when it returns, or none was stored.</summary>
    /// <returns>One receipt for each letter, in their order.</returns>
    /// <exception cref="LetterRefusedException">A text cannot be taken; nothing was stored.</exception>
    /// <exception cref="AttachmentRefusedException">An attachment cannot be taken; nothing was stored.</exception>
    public async Task<IReadOnlyList<Receipt>> HandleAsync(IReadOnlyList<IncomingLetter> letters, CancellationToken cancel)
    {
        foreach (var letter in letters)
        {
            if (letter.Problem() is { } problem) throw new LetterRefusedException(problem);
            if (AttachmentRules.Check(letter.Attachments) is { } broken) throw new AttachmentRefusedException(broken);
        }

        SealedLetter[] all = [.. letters.Select(Seal)];
        var receipts = await StoreSurelyAsync(all, cancel);
        foreach (var (letter, receipt) in all.Zip(receipts).Where(pair => pair.Second.Repeated)) await _attachments.DropUnlessNamedAsync(_store, letter.Attachments, cancel);
        return receipts;
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
        var key = KeyOf(_keys, letter.Channel, letter.ChannelKey);
        var id = Guid.CreateVersion7(letter.Arrived).ToString("N");
        return new SealedLetter(letter, id, code, key, _sealedLetters.SealText(id, 0, new OriginalText(letter.Title.Trim(), letter.Place.Trim(), letter.Body.Trim())),
            letter.Contact is { IsEmpty: false } contact ? _sealedLetters.SealContact(id, contact) : null,
            _attachments.Seal(id, letter.Attachments));
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
        _attachments.Put(batch, [.. letters.SelectMany(letter => letter.Attachments)]);
        Open311.RequestOrigin.Put(batch, letters.Select(letter => (letter.Id, letter.Letter)));
        MatterHistory.Append(batch, Of(letters, letter => (letter.Id, letter.Letter.Arrived, (string?)null, (string?)null)), HistoryKind.Received, MatterHistory.Writer);
        await batch.ExecuteAsync(cancel);
    }

    /// <summary>What is kept of a channel's key of one letter.</summary>
    internal static byte[] KeyOf(OfficeKeys keys, Channel channel, string channelKey) => HMACSHA256.HashData(keys.ChannelKeys, Encoding.UTF8.GetBytes(channel.NameOf() + "\n" + channelKey));

    /// <summary>Takes a channel's key for something that belongs to a letter already.</summary>
    /// <returns>False where it was taken: what it belongs to has arrived before.</returns>
    internal static async Task<bool> TakeKeyAsync(StoreSession session, byte[] key, CancellationToken cancel) =>
        await session.ExecuteAsync("INSERT INTO channel_keys (key_hmac) VALUES (@key) ON CONFLICT DO NOTHING", cancel, ("key", key)) == 1;

    private static T[] Of<T>(SealedLetter[] letters, Func<SealedLetter, T> value) => Array.ConvertAll(letters, letter => value(letter));

    private sealed record SealedLetter(IncomingLetter Letter, string Id, ReceiptCode Code, byte[] Key, SealedBox Text, SealedBox? Contact, IReadOnlyList<SealedAttachment> Attachments);
}
