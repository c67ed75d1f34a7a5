using System.Globalization;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Runs;

/// <summary>The clock cannot be believed, so nothing that depends on the date is done. The message says why and what to do.</summary>
public sealed class ClockDoubtException(string message) : Exception(message);

/// <summary>What the guard makes of the clock.</summary>
/// <param name="Now">What the clock says.</param>
/// <param name="Trusted">The latest moment that was believed; null before the first look.</param>
/// <param name="Doubt">Why the clock is not believed, in words for the operator; null where it is.</param>
/// <param name="CanConfirm">Whether an administrator may confirm the date: the clock only ran far ahead of the last look.</param>
/// <param name="Behind">Whether the clock stands before a moment it has shown already. Work goes on; it is told.</param>
public sealed record ClockReading(DateTimeOffset Now, DateTimeOffset? Trusted, string? Doubt, bool CanConfirm, bool Behind);

/// <summary>
/// Keeps the largest time ever believed and holds what a wrong clock would make irreversible: erasing and releasing. A clock
/// that is suddenly far ahead of the last look is not believed until an administrator has confirmed the date, and never
/// while the database server's own clock says otherwise. A clock that goes back does no harm: nothing is due earlier than
/// before, and what was done is known by its key.
/// </summary>
public sealed class ClockGuard(DeskStore store, AuditLog audit, TimeProvider clock)
{
    /// <summary>How far the clock may be ahead of the last look: a long holiday with the machine switched off is longer, and then somebody looks.</summary>
    public static readonly TimeSpan FarthestStep = TimeSpan.FromDays(7);

    /// <summary>How far two clocks may differ.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Looks at the clock and remembers what it says.</summary>
    /// <exception cref="ClockDoubtException">The clock is not believed; nothing was remembered.</exception>
    public async Task RequireAsync(CancellationToken cancel)
    {
        await using var session = await store.WriteSharedAsync(cancel);
        var reading = await ReadAsync(session, cancel);
        if (reading.Doubt is not null) throw new ClockDoubtException(reading.Doubt);
        if (reading.Trusted is null || reading.Now > reading.Trusted)
        {
            await RememberAsync(session, reading.Now, cancel);
            await session.CommitAsync(cancel);
        }
    }

    /// <summary>Looks at the clock and remembers nothing.</summary>
    public async Task<ClockReading> LookAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await ReadAsync(session, cancel);
    }

    /// <summary>An administrator confirms that the clock is right although it ran far ahead. Written to the audit log.</summary>
    /// <param name="administrator">Who confirms.</param>
    /// <param name="shown">The day the administrator was shown, UTC; the clock must still show it or the next.</param>
    /// <param name="cancel">Cancels the work.</param>
    /// <returns>False where there is nothing to confirm, or the clock shows another day by now.</returns>
    public async Task<bool> ConfirmAsync(StaffMember administrator, DateOnly shown, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) throw new UnauthorizedAccessException("Only an administrator does this.");
        await using var session = await store.WriteAsync(cancel);
        var reading = await ReadAsync(session, cancel);
        var today = DateOnly.FromDateTime(reading.Now.UtcDateTime);
        if (!reading.CanConfirm || (today != shown && today != shown.AddDays(1))) return false;
        await audit.WriteAsync(session, administrator.Id, "clock-confirmed", null, null, reading.Now.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture), cancel);
        await RememberAsync(session, reading.Now, cancel);
        await session.CommitAsync(cancel);
        return true;
    }

    internal async Task<ClockReading> ReadAsync(StoreSession session, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var kept = await session.CountAsync("SELECT trusted_at FROM clock_readings WHERE id = 1", cancel);
        DateTimeOffset? trusted = kept == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(kept);
        if (session.IsPostgres)
        {
            var witness = DateTimeOffset.FromUnixTimeMilliseconds(await session.CountAsync("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", cancel));
            if ((now - witness).Duration() > Tolerance)
                return new ClockReading(now, trusted, string.Create(CultureInfo.InvariantCulture, $"This machine's clock says {now:yyyy-MM-dd HH:mm}Z, the database's {witness:yyyy-MM-dd HH:mm}Z. Set them right; until then nothing is erased or released."), false, false);
        }

        if (trusted is { } last && now - last > FarthestStep)
            return new ClockReading(now, trusted, string.Create(CultureInfo.InvariantCulture, $"The clock says {now:yyyy-MM-dd HH:mm}Z, but was last seen at {last:yyyy-MM-dd HH:mm}Z. Set it right, or confirm the date on the administrator's page Schedule; until then nothing is erased or released."), true, false);
        return new ClockReading(now, trusted, null, false, trusted is { } seen && seen - now > Tolerance);
    }

    private static async Task RememberAsync(StoreSession session, DateTimeOffset now, CancellationToken cancel) => await session.ExecuteAsync(
        "INSERT INTO clock_readings (id, trusted_at) VALUES (1, @now) ON CONFLICT (id) DO UPDATE SET trusted_at = excluded.trusted_at", cancel, ("now", now.ToUnixTimeMilliseconds()));
}
