using System.Data.Common;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Doors;

/// <summary>One round of a door that brings letters in by the clock or by the sheet.</summary>
/// <param name="Channel">The door.</param>
/// <param name="Source">The name of the file, folder or site, never its path or content; may be empty.</param>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended; null for an import that runs now, or was killed.</param>
/// <param name="Counts">What became of what came.</param>
/// <param name="Error">Why it failed, without a word of what arrived; null where it did not.</param>
public sealed record DoorRun(Channel Channel, string Source, DateTimeOffset Started, DateTimeOffset? Ended, DoorCounts Counts, string? Error = null);

/// <summary>What became of what came through a door.</summary>
/// <param name="Came">All that came.</param>
/// <param name="New">What became a letter.</param>
/// <param name="Repeated">What had come before.</param>
/// <param name="SetAside">What could not be taken.</param>
public readonly record struct DoorCounts(long Came, long New, long Repeated, long SetAside);

/// <summary>
/// The runs of doors, for the administrator's page. A hotline's import keeps its own record while it runs
/// (<see cref="Imports.ImportRuns"/>) and is shown from there; every other door tells of a run once it has ended.
/// </summary>
public sealed class DoorRuns(DeskStore store, TimeProvider clock)
{
    /// <summary>The longest error that is kept, in UTF-16 code units.</summary>
    public const int ErrorLimit = 500;

    /// <summary>For how long runs are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>Records a run that has ended.</summary>
    /// <param name="run">The run; its end is now where it names none.</param>
    /// <param name="cancel">Cancels the write.</param>
    public async Task RecordAsync(DoorRun run, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync("DELETE FROM door_runs WHERE channel = @channel AND ended_at < @old", cancel, ("channel", run.Channel.NameOf()), ("old", (now - Kept).ToUnixTimeMilliseconds()));
        await session.ExecuteAsync(
            """
            INSERT INTO door_runs (channel, source, started_at, ended_at, came, added, repeated, set_aside, error)
            VALUES (@channel, @source, @started, @ended, @came, @added, @repeated, @aside, @error)
            """, cancel,
            ("channel", run.Channel.NameOf()), ("source", run.Source), ("started", run.Started.ToUnixTimeMilliseconds()), ("ended", (run.Ended ?? now).ToUnixTimeMilliseconds()),
            ("came", run.Counts.Came), ("added", run.Counts.New), ("repeated", run.Counts.Repeated), ("aside", run.Counts.SetAside), ("error", Short(run.Error)));
        await session.CommitAsync(cancel);
    }

    /// <summary>The newest runs of a door, newest first, imports among them.</summary>
    public async Task<IReadOnlyList<DoorRun>> NewestAsync(Channel channel, int most, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync(
            """
            SELECT source, started_at, ended_at, came, added, repeated, set_aside, error FROM (
                SELECT source, started_at, ended_at, came, added, repeated, set_aside, error FROM door_runs WHERE channel = @channel
                UNION ALL
                SELECT source, started_at, finished_at, cursor, added, repeated, rejected, error FROM import_runs WHERE channel = @channel) runs
            ORDER BY started_at DESC, ended_at DESC LIMIT @most
            """, row => Read(channel, row), cancel, ("channel", channel.NameOf()), ("most", (long)most));
    }

    private static DoorRun Read(Channel channel, DbDataReader row) => new(
        channel, row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
        new DoorCounts(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)), row.IsDBNull(7) ? null : row.GetString(7));

    private static string? Short(string? error) => error is null ? null : LetterText.Cut(error, ErrorLimit);
}
