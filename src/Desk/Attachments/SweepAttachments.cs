using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Attachments;

/// <summary>
/// Removes files of attachments that no letter names: their transaction never committed, or the program stopped between an
/// erasure and the removal of its file. A file younger than an hour may still be waiting for its transaction.
/// </summary>
public sealed class SweepAttachments(DeskStore store, AttachmentFiles files, TimeProvider clock)
{
    /// <summary>How old a file must be before it counts as left behind.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromHours(1);

    /// <summary>Removes what was left behind.</summary>
    /// <returns>How many files.</returns>
    public async Task<int> HandleAsync(CancellationToken cancel)
    {
        var old = await LeftBehindAsync(files, store, clock.GetUtcNow() - Age, cancel);
        files.Erase(old);
        return old.Count;
    }

    /// <summary>Files written before a moment that no row names. Listed before the rows are read, so none can appear between.</summary>
    internal static async Task<IReadOnlyList<string>> LeftBehindAsync(AttachmentFiles files, DeskStore store, DateTimeOffset before, CancellationToken cancel)
    {
        var old = files.List().Where(file => file.Written < before).Select(file => file.Name).ToList();
        if (old.Count == 0) return [];
        await using var session = await store.ReadAsync(cancel);
        var named = await SealedAttachments.NamesAsync(session, cancel);
        return [.. old.Where(name => !named.Contains(name))];
    }
}
