using Opinion.Desk.Letters;

namespace Opinion.Desk.Storage;

/// <summary>What <c>opinion doctor</c> says of a store.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Schema">The number of the last migration applied.</param>
/// <param name="Letters">Letters stored.</param>
/// <param name="Matters">Matters.</param>
/// <param name="Open">Open matters.</param>
/// <param name="Overdue">Open matters past their deadline.</param>
/// <param name="Waiting">Letters received and not yet redacted and sorted.</param>
/// <param name="SetAside">Letters whose redaction failed.</param>
/// <param name="Findings">What is wrong, in words for the operator; empty where nothing is.</param>
public sealed record DoctorReport(string Engine, long Schema, long Letters, long Matters, long Open, long Overdue, long Waiting, long SetAside, IReadOnlyList<string> Findings);

/// <summary>Looks at a live store and says what stands in it and what is wrong with it.</summary>
public sealed class Doctor(DeskStore store, LetterReader reader, Offices.OfficeDirectory offices, Runs.ClockGuard guard, TimeProvider clock)
{
    /// <summary>Examines the store.</summary>
    public async Task<DoctorReport> ExamineAsync(CancellationToken cancel)
    {
        var findings = new List<string>();
        var now = clock.GetUtcNow();
        var office = await offices.GetAsync(cancel);
        await using var session = await store.ReadAsync(cancel);
        if (!reader.CanRedact) findings.Add("The redactor could not be loaded: letters wait unread.");
        if (!reader.CanSort) findings.Add("The need sorter could not be loaded: letters wait unsorted.");
        findings.AddRange(await store.ExamineAsync(session, cancel));
        var reading = await guard.ReadAsync(session, cancel);
        // Before the schedule has run once there is nothing to hold the clock against.
        if (reading is { Trusted: not null, Doubt: { } doubt }) findings.Add(doubt);
        if (reading is { Behind: true, Trusted: { } trusted })
            findings.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The clock says {reading.Now:yyyy-MM-dd HH:mm}Z, earlier than a moment it has shown already, {trusted:yyyy-MM-dd HH:mm}Z."));
        if (office.Calendar.LastKnown is null || office.Calendar.LastKnown < office.Calendar.DayOf(now))
            findings.Add("The calendar names no holiday from today on: deadlines count Monday to Friday alone.");
        return new DoctorReport(
            store.Engine,
            await session.CountAsync("SELECT MAX(version) FROM schema_versions", cancel),
            await session.CountAsync("SELECT COUNT(*) FROM letters", cancel),
            await session.CountAsync("SELECT COUNT(*) FROM matters", cancel),
            await session.CountAsync("SELECT COUNT(*) FROM matters WHERE state = 'open'", cancel),
            await session.CountAsync("SELECT COUNT(*) FROM matters WHERE state = 'open' AND deadline_at <= @now", cancel, ("now", now.ToUnixTimeMilliseconds())),
            await session.CountAsync("SELECT COUNT(*) FROM letters WHERE state IN ('received', 'redacted')", cancel),
            await session.CountAsync("SELECT COUNT(*) FROM letters WHERE state = 'set-aside'", cancel),
            findings);
    }
}
