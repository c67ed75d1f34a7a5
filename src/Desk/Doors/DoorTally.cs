using System.Globalization;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Doors;

/// <summary>What became of one thing that came through a door.</summary>
public enum DoorOutcome
{
    /// <summary>It became a letter.</summary>
    New,

    /// <summary>It had come before; its sender got the same answer.</summary>
    Repeated,

    /// <summary>It was answered at once from the bank and became no letter.</summary>
    Answered,

    /// <summary>It could not be taken and lies sealed for an officer.</summary>
    SetAside,

    /// <summary>It was refused, and its sender told why; nothing was stored.</summary>
    Refused,
}

/// <summary>One count of a door.</summary>
/// <param name="Channel">The door.</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="Count">How many in the days asked for.</param>
/// <param name="Last">When the last was.</param>
public sealed record DoorCount(Channel Channel, DoorOutcome Outcome, long Count, DateTimeOffset Last);

/// <summary>
/// Counts what comes through doors one by one. Counting costs a letter nothing: numbers grow in memory and are brought to
/// the store every minute and when the host stops. What a killed node had not brought there yet is not counted; letters
/// are another matter, they are durable before their receipt.
/// </summary>
public sealed class DoorTally(DeskStore store, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>For how many days counts are kept.</summary>
    public const int DaysKept = 31;

    private readonly Lock _gate = new();
    private Dictionary<(Channel Channel, DoorOutcome Outcome), (long Count, DateTimeOffset Last)> _counts = [];

    /// <summary>The name of an outcome in the store.</summary>
    public static string NameOf(DoorOutcome outcome) => outcome switch
    {
        DoorOutcome.New => "new",
        DoorOutcome.Repeated => "repeated",
        DoorOutcome.Answered => "answered",
        DoorOutcome.SetAside => "set-aside",
        DoorOutcome.Refused => "refused",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>Counts one.</summary>
    public void Count(Channel channel, DoorOutcome outcome)
    {
        var now = clock.GetUtcNow();
        lock (_gate) _counts[(channel, outcome)] = (_counts.GetValueOrDefault((channel, outcome)).Count + 1, now);
    }

    /// <summary>Counts a received letter as new or repeated.</summary>
    public void Count(Channel channel, Receipt receipt) => Count(channel, receipt.Repeated ? DoorOutcome.Repeated : DoorOutcome.New);

    /// <summary>Brings what was counted to the store. Where that fails it is kept for the next time.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        Dictionary<(Channel Channel, DoorOutcome Outcome), (long Count, DateTimeOffset Last)> counts;
        lock (_gate)
        {
            if (_counts.Count == 0) return;
            (counts, _counts) = (_counts, []);
        }

        try
        {
            var calendar = (await offices.GetAsync(cancel)).Calendar;
            await using var session = await store.WriteAsync(cancel);
            await session.ExecuteAsync("DELETE FROM door_days WHERE day < @old", cancel, ("old", DayOf(calendar.DayOf(clock.GetUtcNow()).AddDays(-DaysKept))));
            foreach (var ((channel, outcome), (count, last)) in counts)
            {
                await session.ExecuteAsync(
                    """
                    INSERT INTO door_days (channel, day, outcome, count, last_at) VALUES (@channel, @day, @outcome, @count, @last)
                    ON CONFLICT (channel, day, outcome) DO UPDATE SET count = door_days.count + excluded.count,
                        last_at = CASE WHEN excluded.last_at > door_days.last_at THEN excluded.last_at ELSE door_days.last_at END
                    """, cancel,
                    ("channel", channel.NameOf()), ("day", DayOf(calendar.DayOf(last))), ("outcome", NameOf(outcome)), ("count", count), ("last", last.ToUnixTimeMilliseconds()));
            }

            await session.CommitAsync(cancel);
        }
        catch
        {
            lock (_gate)
            {
                foreach (var (key, (count, last)) in counts)
                {
                    var since = _counts.GetValueOrDefault(key);
                    _counts[key] = (since.Count + count, since.Count == 0 ? last : since.Last);
                }
            }

            throw;
        }
    }

    /// <summary>What came in the last days, today among them, as far as it was brought to the store.</summary>
    public async Task<IReadOnlyList<DoorCount>> ReadAsync(int days, CancellationToken cancel)
    {
        var from = (await offices.GetAsync(cancel)).Calendar.DayOf(clock.GetUtcNow()).AddDays(1 - days);
        await using var session = await store.ReadAsync(cancel);
        var rows = await session.QueryAsync("SELECT channel, outcome, count, last_at FROM door_days WHERE day >= @from", row => (Channel: row.GetString(0), Outcome: row.GetString(1), Count: row.GetInt64(2), Last: row.GetInt64(3)),
            cancel, ("from", DayOf(from)));
        return [.. from channel in Enum.GetValues<Channel>()
            from outcome in Enum.GetValues<DoorOutcome>()
            let those = rows.Where(row => row.Channel == channel.NameOf() && row.Outcome == NameOf(outcome)).ToList()
            where those.Count > 0
            select new DoorCount(channel, outcome, those.Sum(row => row.Count), DateTimeOffset.FromUnixTimeMilliseconds(those.Max(row => row.Last)))];
    }

    private static string DayOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
