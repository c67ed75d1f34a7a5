using Opinion.Desk.Storage;

namespace Opinion.Desk.Letters;

/// <summary>
/// Makes the coming months' partitions before their first letter, so that nobody waits for one at midnight of a new month.
/// A letter of a month that has none still makes it; on SQLite there is nothing to do.
/// </summary>
public sealed class PrepareMonths(DeskStore store, TimeProvider clock)
{
    /// <summary>How many months ahead are made.</summary>
    public const int Ahead = 3;

    /// <summary>Makes this month's partition and those of the coming ones.</summary>
    public Task HandleAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return store.PrepareAsync(Enumerable.Range(0, Ahead + 1).Select(month => now.AddMonths(month)), cancel);
    }
}
