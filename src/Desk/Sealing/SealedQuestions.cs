using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>The only code that names the table of questions that wait for their writer's word; what is done with them is <see cref="Doors.PendingQuestions"/>'s.</summary>
internal static class SealedQuestions
{
    public static string BindingOf(byte[] askedBy) => "question|" + Convert.ToHexStringLower(askedBy);

    public static Task<int> PutAsync(StoreSession session, byte[] askedBy, SealedBox box, long endsAt, CancellationToken cancel) => session.ExecuteAsync(
        """
        INSERT INTO sealed_questions (asked_by, key_id, wrapped_key, sealed, ends_at) VALUES (@by, @key, @wrapped, @sealed, @ends)
        ON CONFLICT (asked_by) DO UPDATE SET key_id = excluded.key_id, wrapped_key = excluded.wrapped_key, sealed = excluded.sealed, ends_at = excluded.ends_at
        """, cancel, ("by", askedBy), ("key", box.KeyId), ("wrapped", box.WrappedKey), ("sealed", box.Sealed), ("ends", endsAt));

    /// <summary>Changes a question only if it is still the one that was read.</summary>
    public static Task<int> ReplaceAsync(StoreSession session, byte[] askedBy, SealedBox read, SealedBox box, long endsAt, CancellationToken cancel) => session.ExecuteAsync(
        "UPDATE sealed_questions SET key_id = @key, wrapped_key = @wrapped, sealed = @sealed, ends_at = @ends WHERE asked_by = @by AND sealed = @read", cancel,
        ("by", askedBy), ("key", box.KeyId), ("wrapped", box.WrappedKey), ("sealed", box.Sealed), ("ends", endsAt), ("read", read.Sealed));

    public static Task<SealedBox?> FindAsync(StoreSession session, byte[] askedBy, long now, CancellationToken cancel) =>
        session.FirstAsync("SELECT key_id, wrapped_key, sealed FROM sealed_questions WHERE asked_by = @by AND ends_at > @now", SealedLetters.ReadBox, cancel, ("by", askedBy), ("now", now));

    public static Task<int> EndAsync(StoreSession session, long now, CancellationToken cancel) => session.ExecuteAsync("DELETE FROM sealed_questions WHERE ends_at <= @now", cancel, ("now", now));

    /// <summary>All boxes, each with what it is bound to.</summary>
    public static Task<List<(SealedBox Box, string Binding)>> AllAsync(StoreSession session, long most, CancellationToken cancel) =>
        session.QueryAsync("SELECT key_id, wrapped_key, sealed, asked_by FROM sealed_questions ORDER BY asked_by LIMIT @most", row => (SealedLetters.ReadBox(row), BindingOf(row.GetFieldValue<byte[]>(3))), cancel, ("most", most));

    /// <summary>Seals keys anew that another key than the current one sealed.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> RewrapAsync(StoreSession session, Sealer sealer, string current, long most, CancellationToken cancel)
    {
        var rows = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, asked_by FROM sealed_questions WHERE key_id <> @now LIMIT @most", row => (Box: SealedLetters.ReadBox(row), By: row.GetFieldValue<byte[]>(3)), cancel, ("now", current), ("most", most));
        foreach (var (box, by) in rows)
        {
            var anew = sealer.Rewrap(box, BindingOf(by));
            await session.ExecuteAsync("UPDATE sealed_questions SET key_id = @key, wrapped_key = @wrapped WHERE asked_by = @by", cancel, ("key", anew.KeyId), ("wrapped", anew.WrappedKey), ("by", by));
        }

        return rows.Count;
    }
}
