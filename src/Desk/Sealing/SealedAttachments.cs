using System.Globalization;
using System.Security.Cryptography;
using Opinion.Desk.Attachments;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>One attachment as pages may name it: which, of what type, how large. Nothing of what is in it.</summary>
/// <param name="Number">Which of its letter's, counted from 1.</param>
/// <param name="Type">Its type.</param>
/// <param name="Bytes">Its length.</param>
public sealed record KeptAttachment(int Number, AttachmentType Type, long Bytes);

/// <summary>An attachment whose file is written and whose row is not.</summary>
internal sealed record SealedAttachment(string LetterId, int Number, string Name, AttachmentType Type, long Bytes, string KeyId, byte[] WrappedKey);

/// <summary>
/// The attachments of letters: their files, sealed each under a key of its own, and the rows that hold those keys, sealed
/// by the office's. There is no hash of what is in them anywhere and no way to find one but from its letter.
/// </summary>
public sealed class SealedAttachments(Sealer sealer, AttachmentFiles files)
{
    /// <summary>Cleans and seals a letter's attachments; their files are on disk when it returns.</summary>
    /// <exception cref="AttachmentRefusedException">One cannot be taken; nothing was written.</exception>
    /// <exception cref="StoreException">A file cannot be written; those before it are removed.</exception>
    internal IReadOnlyList<SealedAttachment> Seal(string letterId, IReadOnlyList<IncomingAttachment> attachments)
    {
        if (attachments.Count == 0) return [];
        if (AttachmentRules.Check(attachments) is { } problem) throw new AttachmentRefusedException(problem);
        var written = new List<SealedAttachment>();
        try
        {
            foreach (var attachment in attachments) written.Add(Seal(letterId, written.Count + 1, attachment.Content.Span));
            return written;
        }
        catch
        {
            files.Erase(written.Select(attachment => attachment.Name));
            throw;
        }
    }

    /// <summary>Stores the rows of attachments whose files are written.</summary>
    /// <exception cref="StoreException">A file is gone again; then no row may name it.</exception>
    internal void Put(StoreBatch batch, IReadOnlyList<SealedAttachment> attachments)
    {
        if (attachments.Any(attachment => !files.Exists(attachment.Name))) throw new StoreException("The file of an attachment is gone before its letter was stored.");
        batch.AddRows(
            "INSERT INTO sealed_attachments (letter_id, number, name, type, bytes, key_id, wrapped_key) VALUES (@letter, @number, @name, @type, @bytes, @key, @wrapped)",
            """
            INSERT INTO sealed_attachments (letter_id, number, name, type, bytes, key_id, wrapped_key)
            SELECT letter, number, name, type, bytes, key, wrapped FROM unnest(@letter, @number, @name, @type, @bytes, @key, @wrapped) AS rows (letter, number, name, type, bytes, key, wrapped)
            """,
            ("letter", attachments.Select(row => row.LetterId).ToArray()), ("number", attachments.Select(row => (long)row.Number).ToArray()), ("name", attachments.Select(row => row.Name).ToArray()),
            ("type", attachments.Select(row => row.Type.NameOf()).ToArray()), ("bytes", attachments.Select(row => row.Bytes).ToArray()),
            ("key", attachments.Select(row => row.KeyId).ToArray()), ("wrapped", attachments.Select(row => row.WrappedKey).ToArray()));
    }

    /// <summary>Removes the files of a letter that had arrived before, unless they are the very ones its rows name: then an earlier try came through and only its answer was lost.</summary>
    internal async Task DropUnlessNamedAsync(DeskStore store, IReadOnlyList<SealedAttachment> attachments, CancellationToken cancel)
    {
        if (attachments.Count == 0) return;
        await using var session = await store.ReadAsync(cancel);
        if (await session.CountAsync("SELECT COUNT(*) FROM sealed_attachments WHERE name = @name", cancel, ("name", attachments[0].Name)) == 0) files.Erase(attachments.Select(attachment => attachment.Name));
    }

    /// <summary>The attachments of one letter, without opening any.</summary>
    internal static async Task<IReadOnlyList<KeptAttachment>> ListAsync(StoreSession session, string letterId, CancellationToken cancel) => await session.QueryAsync(
        "SELECT number, type, bytes FROM sealed_attachments WHERE letter_id = @letter ORDER BY number",
        row => new KeptAttachment((int)row.GetInt64(0), AttachmentTypes.Find(row.GetString(1))!.Value, row.GetInt64(2)), cancel, ("letter", letterId));

    /// <summary>Whether a letter has an attachment of a number.</summary>
    internal static async Task<bool> HasAsync(StoreSession session, string letterNumber, int which, CancellationToken cancel) => await session.CountAsync(
        "SELECT COUNT(*) FROM sealed_attachments a JOIN letters l ON l.id = a.letter_id WHERE l.number = @letter AND a.number = @which", cancel, ("letter", letterNumber), ("which", which)) > 0;

    /// <summary>Opens one attachment, after reading it once from end to end so that a broken one is never served in part; null where it is not there.</summary>
    /// <exception cref="SealBrokenException">It does not open.</exception>
    internal async Task<OpenedAttachment?> OpenAsync(StoreSession session, string letterId, string letterNumber, int which, CancellationToken cancel)
    {
        var row = await session.FirstAsync("SELECT letter_id, number, name, type, bytes, key_id, wrapped_key FROM sealed_attachments WHERE letter_id = @letter AND number = @which", Read, cancel, ("letter", letterId), ("which", which));
        if (row is null || !await OpensAsync(row, cancel) || Unsealed(row) is not { } content) return null;
        return new OpenedAttachment(string.Create(CultureInfo.InvariantCulture, $"{letterNumber}-{which}.{row.Type.NameOf()}"), row.Type, row.Bytes, content);
    }

    /// <summary>Removes the rows of a letter's attachments, and their files once the session has committed.</summary>
    /// <param name="session">A session that writes.</param>
    /// <param name="letterId">The letter.</param>
    /// <param name="from">Where the files are; null where somebody else removes them.</param>
    /// <param name="cancel">Cancels it.</param>
    internal static async Task EraseAsync(StoreSession session, string letterId, AttachmentFiles? from, CancellationToken cancel)
    {
        var names = await session.QueryAsync("DELETE FROM sealed_attachments WHERE letter_id = @letter RETURNING name", row => row.GetString(0), cancel, ("letter", letterId));
        if (names.Count > 0 && from is not null) session.AfterCommit(() => from.Erase(names));
    }

    /// <summary>The names of all files that letters name.</summary>
    internal static async Task<HashSet<string>> NamesAsync(StoreSession session, CancellationToken cancel) =>
        (await session.QueryAsync("SELECT name FROM sealed_attachments", row => row.GetString(0), cancel)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Rows, a page at a time, in the order of their names.</summary>
    internal static Task<List<SealedAttachment>> PageAsync(StoreSession session, string after, int most, CancellationToken cancel) => session.QueryAsync(
        "SELECT letter_id, number, name, type, bytes, key_id, wrapped_key FROM sealed_attachments WHERE name > @after ORDER BY name LIMIT @most", Read, cancel, ("after", after), ("most", most));

    /// <summary>Whether a file opens from end to end and is as long as its row says; false where it is not there.</summary>
    /// <exception cref="SealBrokenException">It does not open.</exception>
    internal async Task<bool> OpensAsync(SealedAttachment row, CancellationToken cancel)
    {
        await using var content = Unsealed(row);
        if (content is null) return false;
        var buffer = new byte[64 << 10];
        long bytes = 0;
        for (int read; (read = await content.ReadAsync(buffer, cancel)) > 0;) bytes += read;
        return bytes == row.Bytes ? true : throw new SealBrokenException("An attachment is not as long as its row says.");
    }

    /// <summary>What an attachment's key and file belong to.</summary>
    internal static string Binding(string letterId, string name) => $"attachment|{letterId}|{name}";

    internal static SealedAttachment Read(System.Data.Common.DbDataReader row) => new(row.GetString(0), (int)row.GetInt64(1), row.GetString(2), AttachmentTypes.Find(row.GetString(3))!.Value, row.GetInt64(4), row.GetString(5), row.GetFieldValue<byte[]>(6));

    private Stream? Unsealed(SealedAttachment row)
    {
        var binding = Binding(row.LetterId, row.Name);
        return files.Open(row.Name, sealer.OpenKey(new SealedBox(row.KeyId, row.WrappedKey, []), binding), binding);
    }

    private SealedAttachment Seal(string letterId, int number, ReadOnlySpan<byte> content)
    {
        var type = AttachmentTypes.Of(content)!.Value;
        var clean = CleanFile.Clean(type, content)!;
        var name = AttachmentFiles.NewName();
        var binding = Binding(letterId, name);
        var (box, own) = sealer.NewKey(binding);
        try
        {
            files.Write(name, own, binding, clean);
            return new SealedAttachment(letterId, number, name, type, clean.Length, box.KeyId, box.WrappedKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(own);
        }
    }
}
