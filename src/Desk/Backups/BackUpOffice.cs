using Opinion.Desk.Retention;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Backups;

/// <summary>
/// Takes a backup of a live office: everything of one moment, while letters come in. It is written under a name that says
/// it is unfinished and gets its own when all of it is on disk. The office's keys are in no backup.
/// </summary>
public sealed class BackUpOffice(OpenedDesk desk, TimeProvider clock)
{
    /// <summary>Days a backup is kept where the office has set nothing else: <c>backup-days</c>.</summary>
    public const int Days = 35;

    private const string Content = "files";

    /// <summary>Takes it.</summary>
    /// <param name="folder">Where to; it must not be there yet.</param>
    /// <param name="progress">Is told how far it has come.</param>
    /// <param name="cancel">Cancels it; nothing is left then.</param>
    /// <exception cref="StoreException">It cannot be taken; the message says why.</exception>
    public async Task<BackupManifest> HandleAsync(string folder, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(place) || File.Exists(place)) throw new StoreException($"{place} is there already. A backup is never written over another.");
        if ((place + Path.DirectorySeparatorChar).StartsWith(desk.DataFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new StoreException($"{place} lies in the data folder itself. Keep backups elsewhere, best on another disk.");
        var unfinished = place + ".unfinished-" + Guid.NewGuid().ToString("N")[..8];
        try
        {
            BackupFiles.MakeFolder(unfinished);
            var manifest = await WriteAsync(unfinished, progress, cancel);
            Directory.Move(unfinished, place);
            return manifest;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The backup {place} cannot be written: {error.Message}", error);
        }
        finally
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    /// <summary>This office's finished backups beside one that are past their end, oldest first.</summary>
    public IReadOnlyList<string> Expired(string folder, BackupManifest like)
    {
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return parent is null ? [] : [.. Directory.EnumerateDirectories(parent).Select(path => (Path: path, Manifest: TryRead(path)))
            .Where(found => found.Manifest is { } manifest && manifest.Office == like.Office && manifest.Expires <= clock.GetUtcNow())
            .OrderBy(found => found.Manifest!.Expires).Select(found => found.Path)];
    }

    private async Task<BackupManifest> WriteAsync(string folder, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        var (office, days, erasures) = ("", 0L, new List<Erasure>());
        var taken = clock.GetUtcNow();
        var store = await desk.Store.SaveAsync(folder, async session =>
        {
            office = await ErasureJournal.OfficeAsync(session, cancel);
            days = await session.CountAsync("SELECT CAST(value AS INTEGER) FROM office_settings WHERE name = 'backup-days'", cancel);
            erasures = await ErasureJournal.ReadAsync(session, cancel);
        }, progress, cancel);
        await File.WriteAllBytesAsync(Path.Combine(folder, JournalName), ErasureJournal.FileOf(office, erasures), cancel);
        foreach (var file in BackupFiles.Of(desk.DataFolder)) await BackupFiles.CopyAsync(Path.Combine(desk.DataFolder, file), Path.Combine(folder, Content, file), cancel);
        var files = await BackupFiles.SealAsync(folder, progress, cancel);
        var manifest = new BackupManifest(BackupManifest.ThisFormat, office, desk.Store.Engine, taken, taken.AddDays(days > 0 ? days : Days), erasures.Count, store, files, BackupFiles.LeftOut(desk.DataFolder));
        await using var stream = new FileStream(Path.Combine(folder, BackupManifest.FileName), FileMode.CreateNew, FileAccess.Write);
        await stream.WriteAsync(manifest.Write(), cancel);
        stream.Flush(flushToDisk: true);
        return manifest;
    }

    /// <summary>The journal of erasures in a backup; a later backup's may be given to the restoring of an earlier one.</summary>
    internal static string JournalName => "erasures.log";

    /// <summary>Where the office's files lie in a backup.</summary>
    internal static string ContentOf(string backup) => Path.Combine(backup, Content);

    private static BackupManifest? TryRead(string folder)
    {
        try
        {
            return File.Exists(Path.Combine(folder, BackupManifest.FileName)) ? BackupManifest.Read(folder) : null;
        }
        catch (StoreException)
        {
            // What cannot be read is not known to be this office's backup, and is left alone.
            return null;
        }
    }
}
