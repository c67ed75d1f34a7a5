using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>What a receipt mail says that nothing else in the store knows.</summary>
/// <param name="Code">The receipt code, as it is shown.</param>
/// <param name="InReplyTo">The id of the mail it answers, in angle brackets; null where that had none that can be used.</param>
internal sealed record ReceiptNote(string Code, string? InReplyTo);

/// <summary>
/// The receipt codes of letters that came by mail, sealed from the moment of arrival until the receipt is on its way: the
/// one time a code is kept at all, because its writer can be given it only by mail. Triggers of the schema blank it then.
/// </summary>
public sealed class SealedReceipts(Sealer sealer)
{
    /// <summary>Keeps what a letter's receipt mail says.</summary>
    /// <returns>False where the letter has had its receipt mail, sent or not.</returns>
    internal async Task<bool> PutAsync(StoreSession session, string letterId, ReceiptNote note, CancellationToken cancel)
    {
        var box = sealer.Seal(JsonSerializer.Serialize(note, ReceiptJson.Default.ReceiptNote), Binding(letterId));
        return await session.ExecuteAsync("INSERT INTO sealed_receipts (letter_id, key_id, wrapped_key, sealed) VALUES (@letter, @key, @wrapped, @sealed) ON CONFLICT DO NOTHING", cancel,
            ("letter", letterId), ("key", box.KeyId), ("wrapped", box.WrappedKey), ("sealed", box.Sealed)) == 1;
    }

    /// <summary>Opens it; null where it is gone.</summary>
    /// <exception cref="SealBrokenException">It does not open.</exception>
    internal async Task<ReceiptNote?> OpenAsync(StoreSession session, string letterId, CancellationToken cancel)
    {
        var box = await session.FirstAsync("SELECT key_id, wrapped_key, sealed FROM sealed_receipts WHERE letter_id = @letter AND sealed IS NOT NULL", SealedLetters.ReadBox, cancel, ("letter", letterId));
        return box is null ? null : JsonSerializer.Deserialize(sealer.Open(box, Binding(letterId)), ReceiptJson.Default.ReceiptNote);
    }

    internal static async Task<int> RewrapAsync(StoreSession session, Sealer sealer, string now, int most, CancellationToken cancel)
    {
        var boxes = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, letter_id FROM sealed_receipts WHERE key_id <> @now LIMIT @most", row => (Box: SealedLetters.ReadBox(row), Letter: row.GetString(3)), cancel, ("now", now), ("most", most));
        foreach (var (box, letter) in boxes)
        {
            var anew = sealer.Rewrap(box, Binding(letter));
            await session.ExecuteAsync("UPDATE sealed_receipts SET key_id = @key, wrapped_key = @wrapped WHERE letter_id = @letter", cancel, ("key", anew.KeyId), ("wrapped", anew.WrappedKey), ("letter", letter));
        }

        return boxes.Count;
    }

    private static string Binding(string letterId) => "receipt|" + letterId;
}

[JsonSerializable(typeof(ReceiptNote))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
