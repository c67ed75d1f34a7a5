using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>
/// After the office's key was rotated: seals every letter's own key by the new one, so that the old one may be taken out of
/// the key file. Batch by batch; stopped at any moment, the next run goes on.
/// </summary>
public sealed class RewrapSeals(DeskStore store, Sealer sealer, OfficeKeys keys)
{
    private const int Batch = 500;

    /// <summary>Rewraps all that is sealed by an older key.</summary>
    /// <returns>How many boxes.</returns>
    /// <exception cref="SealBrokenException">One does not open; those before it are done.</exception>
    public async Task<int> HandleAsync(IProgress<StepProgress> progress, CancellationToken cancel)
    {
        var total = (int)await CountAsync(cancel);
        var done = 0;
        for (int batch; (batch = await RewrapAsync(cancel)) > 0;)
        {
            done += batch;
            progress.Report(new StepProgress("sealing letters' keys anew", done, Math.Max(done, total)));
        }

        if (done > 0) await store.ForgetErasedAsync(cancel);
        return done;
    }

    private async Task<long> CountAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.CountAsync("SELECT (SELECT COUNT(*) FROM sealed_texts WHERE key_id <> @now) + (SELECT COUNT(*) FROM sealed_contacts WHERE key_id <> @now) + (SELECT COUNT(*) FROM sealed_rows WHERE key_id <> @now) + (SELECT COUNT(*) FROM sealed_questions WHERE key_id <> @now)", cancel, ("now", keys.Current.Id));
    }

    private async Task<int> RewrapAsync(CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        var now = keys.Current.Id;
        var texts = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, part, letter_id FROM sealed_texts WHERE key_id <> @now LIMIT @most",
            row => (Box: SealedLetters.ReadBox(row), Part: row.GetInt32(3), Letter: row.GetString(4)), cancel, ("now", now), ("most", Batch));
        foreach (var (box, part, letter) in texts)
        {
            var anew = sealer.Rewrap(box, SealedLetters.TextBinding(letter, part));
            await session.ExecuteAsync("UPDATE sealed_texts SET key_id = @key, wrapped_key = @wrapped WHERE letter_id = @letter AND part = @part", cancel, ("key", anew.KeyId), ("wrapped", anew.WrappedKey), ("letter", letter), ("part", part));
        }

        var contacts = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, letter_id FROM sealed_contacts WHERE key_id <> @now LIMIT @most",
            row => (Box: SealedLetters.ReadBox(row), Letter: row.GetString(3)), cancel, ("now", now), ("most", Batch));
        foreach (var (box, letter) in contacts)
        {
            var anew = sealer.Rewrap(box, SealedLetters.ContactBinding(letter));
            await session.ExecuteAsync("UPDATE sealed_contacts SET key_id = @key, wrapped_key = @wrapped WHERE letter_id = @letter", cancel, ("key", anew.KeyId), ("wrapped", anew.WrappedKey), ("letter", letter));
        }

        var others = await SealedRows.RewrapAsync(session, sealer, now, Batch, cancel) + await SealedQuestions.RewrapAsync(session, sealer, now, Batch, cancel);
        await session.CommitAsync(cancel);
        return texts.Count + contacts.Count + others;
    }
}
