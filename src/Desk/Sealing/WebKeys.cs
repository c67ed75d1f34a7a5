using Opinion.Desk.Storage;

namespace Opinion.Desk.Sealing;

/// <summary>
/// The keys that sign and encrypt the cookies and forms of the web host, in the store so that all nodes share them, each
/// sealed by the office's key. What they say is the web host's own.
/// </summary>
public sealed class WebKeys(DeskStore store, Sealer sealer)
{
    private const string Binding = "web-key";
    private readonly Lock _gate = new();
    private HashSet<string> _read = [];

    /// <summary>All keys.</summary>
    /// <exception cref="SealBrokenException">One does not open under the office's keys.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        var rows = await session.QueryAsync("SELECT id, element FROM web_keys ORDER BY id", row => (Name: row.GetString(0), Element: row.GetString(1)), cancel);
        lock (_gate) _read = [.. rows.Select(row => row.Name)];
        return [.. rows.Select(row => Open(row.Element))];
    }

    /// <summary>
    /// Keeps a key, unless another node has kept one that was not read here yet: of nodes that start at once all go on with
    /// the first one's, because the keys are read again after one was made.
    /// </summary>
    /// <returns>Whether it was kept.</returns>
    public async Task<bool> KeepAsync(string name, string element, CancellationToken cancel)
    {
        HashSet<string> read;
        lock (_gate) read = _read;
        await using var session = await store.WriteAsync(cancel);
        var names = await session.QueryAsync("SELECT id FROM web_keys", row => row.GetString(0), cancel);
        if (!names.TrueForAll(read.Contains)) return false;
        var box = sealer.Seal(element, Binding);
        await session.ExecuteAsync("INSERT INTO web_keys (id, element) VALUES (@id, @element)", cancel,
            ("id", name), ("element", string.Join(' ', box.KeyId, Convert.ToBase64String(box.WrappedKey), Convert.ToBase64String(box.Sealed))));
        await session.CommitAsync(cancel);
        return true;
    }

    private string Open(string element)
    {
        var parts = element.Split(' ');
        if (parts.Length != 3) throw new SealBrokenException("A web key is no sealed box.");
        try
        {
            return sealer.Open(new SealedBox(parts[0], Convert.FromBase64String(parts[1]), Convert.FromBase64String(parts[2])), Binding);
        }
        catch (FormatException error)
        {
            throw new SealBrokenException("A web key is no sealed box.", error);
        }
    }
}
