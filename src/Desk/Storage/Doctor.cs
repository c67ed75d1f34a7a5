using System.Globalization;
using Opinion.Analysis.Classification;
using Opinion.Desk.Letters;
using Opinion.Desk.Sealing;

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
public sealed class Doctor(OpenedDesk desk, DeskStore store, LetterReader reader, ExamineSeals seals, Offices.OfficeDirectory offices, Runs.ClockGuard guard, TimeProvider clock)
{
    private const long LeastSpace = 1L << 30;

    /// <summary>Examines the store: of what is sealed a sample.</summary>
    public Task<DoctorReport> ExamineAsync(CancellationToken cancel) => ExamineAsync(all: false, cancel);

    /// <summary>Whether the database server's clock is this program's; what is wrong in words, else null.</summary>
    public async Task<string?> CompareClocksAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await ExamineRows.ClockAsync(session, clock.GetUtcNow(), cancel);
    }

    /// <summary>Examines the store.</summary>
    /// <param name="all">Whether all that is sealed is opened, and not only a sample.</param>
    /// <param name="cancel">Cancels it.</param>
    public async Task<DoctorReport> ExamineAsync(bool all, CancellationToken cancel)
    {
        var findings = new List<string>();
        var now = clock.GetUtcNow();
        var office = await offices.GetAsync(cancel);
        await using var session = await store.ReadAsync(cancel);
        session.Unhurried = true;
        if (!reader.CanRedact) findings.Add("The redactor could not be loaded: letters wait unread.");
        if (!reader.CanSort) findings.Add("The need sorter could not be loaded: letters wait unsorted.");
        if (ModelProblem(office) is { } model) findings.Add(model);
        findings.AddRange(await store.ExamineAsync(session, cancel));
        findings.AddRange(await ExamineSchema.HandleAsync(store, clock, cancel));
        findings.AddRange(await ExamineRows.HandleAsync(session, now, cancel));
        findings.AddRange(await seals.HandleAsync(all, cancel));
        if (new DriveInfo(desk.DataFolder).AvailableFreeSpace is < LeastSpace and var free)
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"The disk of {desk.DataFolder} has {free >> 20} MiB left."));
        var reading = await guard.ReadAsync(session, cancel);
        // Before the schedule has run once there is nothing to hold the clock against.
        if (reading is { Trusted: not null, Doubt: { } doubt }) findings.Add(doubt);
        if (reading is { Behind: true, Trusted: { } trusted })
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"The clock says {reading.Now:yyyy-MM-dd HH:mm}Z, earlier than a moment it has shown already, {trusted:yyyy-MM-dd HH:mm}Z."));
        if (office.Calendar.LastKnown is null || office.Calendar.LastKnown < office.Calendar.DayOf(now))
            findings.Add("The calendar names no holiday from today on: deadlines count Monday to Friday alone.");
        var (missing, wrong) = await Search.RebuildLetterSearch.ExamineAsync(session, cancel);
        if (missing > 0) findings.Add(string.Create(CultureInfo.InvariantCulture, $"{missing} letters are missing in the search index: it needs a repair."));
        if (wrong > 0) findings.Add(string.Create(CultureInfo.InvariantCulture, $"{wrong} rows of the search index stand for no letter or in the wrong place: it needs a repair."));
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

    // A model that cannot be used is left out at start, and the lexicon sorts; the operator is to know.
    private string? ModelProblem(Offices.Office office)
    {
        var path = Path.Combine(desk.DataFolder, LoadLetterReader.ModelFile);
        if (!File.Exists(path)) return null;
        try
        {
            return LoadLetterReader.FitsScheme(SorterModel.Load(path).Labels, office.Scheme) ? null : $"The model {path} has labels that are not in the subject scheme and is not used.";
        }
        catch (Exception error) when (error is ModelException or IOException or UnauthorizedAccessException)
        {
            return $"The model {path} cannot be used, the lexicon sorts in its place: {error.Message}";
        }
    }
}
