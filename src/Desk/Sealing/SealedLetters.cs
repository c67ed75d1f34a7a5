using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>How the writer can be reached. Every part may be missing; it is sealed on arrival and opened only to answer.</summary>
public sealed record Contact(string? Name, string? Phone, string? Email)
{
    /// <summary>Whether there is anything in it.</summary>
    [JsonIgnore]
    public bool IsEmpty => string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Phone) && string.IsNullOrWhiteSpace(Email);
}

/// <summary>The words of a letter as they were written.</summary>
/// <param name="Title">The subject line; may be empty.</param>
/// <param name="Place">The place of the matter; may be empty.</param>
/// <param name="Body">The text.</param>
public sealed record OriginalText(string Title, string Place, string Body);

/// <summary>
/// The only code that names the tables of sealed contacts and sealed texts. An architecture test fails when a statement
/// anywhere else does. It decides nothing about who may read: that is <see cref="OpenOriginal"/> for people and the
/// redaction step for the desk itself.
/// </summary>
public sealed class SealedLetters(Sealer sealer)
{
    /// <summary>Gives the space of erased rows back, on PostgreSQL.</summary>
    internal const string Vacuum = "VACUUM sealed_texts, sealed_contacts, sealed_rows, sealed_questions";

    /// <summary>Writes the tables anew without the bytes of erased rows, on PostgreSQL.</summary>
    internal const string Rewrite = "VACUUM (FULL) sealed_texts, sealed_contacts, sealed_rows, sealed_questions";

    internal SealedBox SealContact(string letterId, Contact contact) => sealer.Seal(JsonSerializer.Serialize(contact, SealedJson.Default.Contact), ContactBinding(letterId));

    internal SealedBox SealText(string letterId, int part, OriginalText text) => sealer.Seal(JsonSerializer.Serialize(text, SealedJson.Default.OriginalText), TextBinding(letterId, part));

    /// <summary>Stores the contacts of letters, sealed for them before.</summary>
    internal static void PutContacts(StoreBatch batch, IReadOnlyList<(string LetterId, SealedBox Box)> contacts) => batch.AddRows(
        "INSERT INTO sealed_contacts (letter_id, key_id, wrapped_key, sealed) VALUES (@letter, @key, @wrapped, @sealed)",
        "INSERT INTO sealed_contacts (letter_id, key_id, wrapped_key, sealed) SELECT letter, key, wrapped, sealed FROM unnest(@letter, @key, @wrapped, @sealed) AS rows (letter, key, wrapped, sealed)",
        ("letter", contacts.Select(contact => contact.LetterId).ToArray()), ("key", contacts.Select(contact => contact.Box.KeyId).ToArray()),
        ("wrapped", contacts.Select(contact => contact.Box.WrappedKey).ToArray()), ("sealed", contacts.Select(contact => contact.Box.Sealed).ToArray()));

    /// <summary>Stores the words of new letters, sealed for them before as their part 0.</summary>
    internal static void PutTexts(StoreBatch batch, IReadOnlyList<(string LetterId, SealedBox Box)> texts) => batch.AddRows(
        "INSERT INTO sealed_texts (letter_id, part, key_id, wrapped_key, sealed) VALUES (@letter, 0, @key, @wrapped, @sealed)",
        "INSERT INTO sealed_texts (letter_id, part, key_id, wrapped_key, sealed) SELECT letter, 0, key, wrapped, sealed FROM unnest(@letter, @key, @wrapped, @sealed) AS rows (letter, key, wrapped, sealed)",
        ("letter", texts.Select(text => text.LetterId).ToArray()), ("key", texts.Select(text => text.Box.KeyId).ToArray()),
        ("wrapped", texts.Select(text => text.Box.WrappedKey).ToArray()), ("sealed", texts.Select(text => text.Box.Sealed).ToArray()));

    internal async Task PutTextAsync(StoreSession session, string letterId, int part, OriginalText text, CancellationToken cancel)
    {
        var box = SealText(letterId, part, text);
        await session.ExecuteAsync("INSERT INTO sealed_texts (letter_id, part, key_id, wrapped_key, sealed) VALUES (@letter, @part, @key, @wrapped, @sealed)", cancel,
            ("letter", letterId), ("part", part), ("key", box.KeyId), ("wrapped", box.WrappedKey), ("sealed", box.Sealed));
    }

    /// <summary>The number the next part of a letter gets; parts are counted from 0, the letter itself.</summary>
    internal static async Task<int> NextPartAsync(StoreSession session, string letterId, CancellationToken cancel) =>
        (int)await session.CountAsync("SELECT COALESCE(MAX(part), -1) + 1 FROM sealed_texts WHERE letter_id = @letter", cancel, ("letter", letterId));

    /// <summary>Opens the words of one letter, the letter first; empty where they were erased.</summary>
    /// <exception cref="SealBrokenException">A part does not open.</exception>
    internal async Task<IReadOnlyList<OriginalText>> OpenTextsAsync(StoreSession session, string letterId, CancellationToken cancel)
    {
        var boxes = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, part FROM sealed_texts WHERE letter_id = @letter ORDER BY part",
            row => (Box: ReadBox(row), Part: row.GetInt32(3)), cancel, ("letter", letterId));
        return [.. boxes.Select(part => JsonSerializer.Deserialize(sealer.Open(part.Box, TextBinding(letterId, part.Part)), SealedJson.Default.OriginalText)!)];
    }

    /// <summary>Reads the sealed words of many letters, part 0 alone; a letter whose words were erased is not among them.</summary>
    internal static async Task<Dictionary<string, SealedBox>> ReadTextsAsync(StoreSession session, string[] letterIds, CancellationToken cancel)
    {
        var boxes = session.IsPostgres
            ? await session.QueryAsync("SELECT key_id, wrapped_key, sealed, letter_id FROM sealed_texts WHERE letter_id = ANY(@letters) AND part = 0", ReadTextBox, cancel, ("letters", letterIds))
            : await session.QueryAsync("SELECT key_id, wrapped_key, sealed, letter_id FROM sealed_texts WHERE letter_id IN (SELECT value FROM json_each(@letters)) AND part = 0", ReadTextBox, cancel,
                ("letters", JsonSerializer.Serialize(letterIds, SealedJson.Default.StringArray)));
        return boxes.ToDictionary(text => text.LetterId, text => text.Box, StringComparer.Ordinal);
    }

    /// <summary>Opens words that were read before; the work of it needs no session and may be shared out.</summary>
    /// <exception cref="SealBrokenException">They do not open.</exception>
    internal OriginalText OpenText(string letterId, SealedBox box) => JsonSerializer.Deserialize(sealer.Open(box, TextBinding(letterId, 0)), SealedJson.Default.OriginalText)!;

    /// <summary>Opens the contact of one letter; null where none was given or it was erased.</summary>
    /// <exception cref="SealBrokenException">It does not open.</exception>
    internal async Task<Contact?> OpenContactAsync(StoreSession session, string letterId, CancellationToken cancel)
    {
        var box = await session.FirstAsync("SELECT key_id, wrapped_key, sealed FROM sealed_contacts WHERE letter_id = @letter", ReadBox, cancel, ("letter", letterId));
        return box is null ? null : JsonSerializer.Deserialize(sealer.Open(box, ContactBinding(letterId)), SealedJson.Default.Contact);
    }

    /// <summary>Whether a contact is kept, without opening it.</summary>
    internal static async Task<bool> HasContactAsync(StoreSession session, string letterId, CancellationToken cancel) =>
        await session.CountAsync("SELECT COUNT(*) FROM sealed_contacts WHERE letter_id = @letter", cancel, ("letter", letterId)) > 0;

    internal static async Task<bool> EraseContactAsync(StoreSession session, string letterId, CancellationToken cancel) =>
        await session.ExecuteAsync("DELETE FROM sealed_contacts WHERE letter_id = @letter", cancel, ("letter", letterId)) > 0;

    internal static async Task EraseTextsAsync(StoreSession session, string letterId, CancellationToken cancel) =>
        await session.ExecuteAsync("DELETE FROM sealed_texts WHERE letter_id = @letter", cancel, ("letter", letterId));

    /// <summary>Letters whose contact is still kept although the matter was closed before a moment.</summary>
    internal static async Task<List<string>> ContactsPastAsync(StoreSession session, long closedBefore, CancellationToken cancel) =>
        await session.QueryAsync(
            "SELECT c.letter_id FROM sealed_contacts c JOIN matters m ON m.letter_id = c.letter_id WHERE m.closed_at < @before ORDER BY c.letter_id",
            row => row.GetString(0), cancel, ("before", closedBefore));

    /// <summary>Whether the keys at hand are those of a store, without opening anything: every key that sealed something is there, and one letter's own key comes out of its seal.</summary>
    /// <returns>What is wrong, in words; null where nothing is.</returns>
    internal async Task<string?> KeysProblemAsync(StoreSession session, CancellationToken cancel)
    {
        foreach (var id in await session.QueryAsync("SELECT key_id FROM sealed_texts UNION SELECT key_id FROM sealed_contacts UNION SELECT key_id FROM sealed_rows UNION SELECT key_id FROM sealed_questions", row => row.GetString(0), cancel))
        {
            if (!sealer.Has(id)) return $"it does not hold the key {id}.";
        }

        var newest = await session.QueryAsync("SELECT key_id, wrapped_key, sealed, letter_id, part FROM sealed_texts ORDER BY letter_id DESC, part LIMIT 1", row => (Box: ReadBox(row), Binding: TextBinding(row.GetString(3), row.GetInt32(4))), cancel);
        return newest.TrueForAll(text => sealer.Fits(text.Box, text.Binding)) ? null : "its keys do not open what is sealed there.";
    }

    private static (string LetterId, SealedBox Box) ReadTextBox(DbDataReader row) => (row.GetString(3), ReadBox(row));

    internal static SealedBox ReadBox(DbDataReader row) => new(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2));

    internal static string ContactBinding(string letterId) => "contact|" + letterId;

    internal static string TextBinding(string letterId, int part) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"text|{letterId}|{part}");
}

[JsonSerializable(typeof(Contact))]
[JsonSerializable(typeof(OriginalText))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class SealedJson : JsonSerializerContext;
