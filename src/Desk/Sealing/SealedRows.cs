using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>The only code that names the table of what rows say that were set aside; who may open one is decided by <see cref="Doors.SetAsideRows"/>.</summary>
internal static class SealedRows
{
    public static string BindingOf(string rowId) => "row|" + rowId;

    public static Task<int> PutAsync(StoreSession session, string rowId, SealedBox box, CancellationToken cancel) => session.ExecuteAsync(
        "INSERT INTO sealed_rows (row_id, key_id, wrapped_key, sealed) VALUES (@row, @key, @wrapped, @sealed)", cancel, ("row", rowId), ("key", box.KeyId), ("wrapped", box.WrappedKey), ("sealed", box.Sealed));

    public static Task<SealedBox?> FindAsync(StoreSession session, string rowId, CancellationToken cancel) =>
        session.FirstAsync("SELECT key_id, wrapped_key, sealed FROM sealed_rows WHERE row_id = @row", SealedLetters.ReadBox, cancel, ("row", rowId));

    /// <summary>All boxes, each with what it is bound to.</summary>
    public static Task<List<(SealedBox Box, string Binding)>> AllAsync(StoreSession session, long most, CancellationToken cancel) =>
        session.QueryAsync("SELECT key_id, wrapped_key, sealed, row_id FROM sealed_rows ORDER BY row_id LIMIT @most", row => (SealedLetters.ReadBox(row), BindingOf(row.GetString(3))), cancel, ("most", most));

    /// <summary>Seals keys anew that another key than the current one sealed.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> RewrapAsync(StoreSession session, Sealer sealer, string current, long most, CancellationToken cancel)
    {
        var rows = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, row_id FROM sealed_rows WHERE key_id <> @now LIMIT @most", row => (Box: SealedLetters.ReadBox(row), Id: row.GetString(3)), cancel, ("now", current), ("most", most));
        foreach (var (box, id) in rows)
        {
            var anew = sealer.Rewrap(box, BindingOf(id));
            await session.ExecuteAsync("UPDATE sealed_rows SET key_id = @key, wrapped_key = @wrapped WHERE row_id = @row", cancel, ("key", anew.KeyId), ("wrapped", anew.WrappedKey), ("row", id));
        }

        return rows.Count;
    }
}
