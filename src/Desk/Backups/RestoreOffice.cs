using System.Globalization;
using Opinion.Desk.Attachments;
using Opinion.Desk.Retention;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Backups;

/// <summary>What a restoring did.</summary>
/// <param name="Manifest">The backup's manifest.</param>
/// <param name="Erased">How many erasures, made after the backup, were made again.</param>
public sealed record Restored(BackupManifest Manifest, int Erased);

/// <summary>
/// Puts a backup into an empty folder or database. Every file is checked before, every table counted and hashed after,
/// and what was erased since the backup is erased again before the office can be opened. All of it or nothing.
/// </summary>
public sealed class RestoreOffice(TimeProvider clock)
{
    private const string Site = ".restoring";

    /// <summary>Restores.</summary>
    /// <param name="backup">The backup's folder.</param>
    /// <param name="dataFolder">The new data folder: not there, or with nothing in it but keys and a journal of erasures.</param>
    /// <param name="connection">An empty PostgreSQL database for a backup of one; null for SQLite.</param>
    /// <param name="journals">Journals of erasures that were kept outside the lost store.</param>
    /// <param name="expired">Whether a backup past its end may be restored.</param>
    /// <param name="progress">Is told how far it has come.</param>
    /// <param name="cancel">Cancels it; nothing is left then.</param>
    /// <exception cref="StoreException">It cannot be restored; the message says why, and nothing was put anywhere.</exception>
    public async Task<Restored> HandleAsync(string backup, string dataFolder, string? connection, IReadOnlyList<string> journals, bool expired, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        var manifest = BackupManifest.Read(backup);
        var folder = Path.GetFullPath(dataFolder);
        Refuse(manifest, folder, connection, expired);
        await BackupFiles.CheckAsync(backup, manifest, progress, cancel);
        var erasures = new List<Erasure>(ErasureJournal.ReadFile(Path.Combine(backup, BackUpOffice.JournalName), manifest.Office));
        foreach (var journal in journals) erasures.AddRange(ErasureJournal.ReadFile(journal, manifest.Office));
        var site = Path.Combine(folder, Site);
        try
        {
            if (Directory.Exists(site)) Directory.Delete(site, recursive: true);
            BackupFiles.MakeFolder(site);
            foreach (var file in BackupFiles.Of(BackUpOffice.ContentOf(backup))) await BackupFiles.CopyAsync(Path.Combine(BackUpOffice.ContentOf(backup), file), Path.Combine(site, file), cancel);
            WriteJournal(site, manifest.Office, erasures);
            var again = 0;
            using (var store = connection is null ? DeskStore.OnSqlite(site) : DeskStore.OnPostgres(connection))
            {
                var migrator = new Migrator(store, clock);
                await store.LoadAsync(backup, manifest.Store, (session, schema) => migrator.ApplyAsync(session, schema, cancel), async session =>
                {
                    progress.Report(new StepProgress("erasing again what was erased since", 0, 0));
                    await migrator.ApplyAsync(session, Migrator.Newest, cancel);
                    again = await EraseLetters.AgainAsync(session, erasures, cancel);
                    // Files of what is erased again, and of letters that came or went while the backup was taken.
                    var (files, named) = (new AttachmentFiles(site, clock), await SealedAttachments.NamesAsync(session, cancel));
                    files.Erase(files.List().Select(file => file.Name).Where(name => !named.Contains(name)));
                }, progress, cancel);
            }

            MoveIn(site, folder);
            return new Restored(manifest, again);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{folder}: {error.Message}", error);
        }
        finally
        {
            if (Directory.Exists(site)) Directory.Delete(site, recursive: true);
        }
    }

    private void Refuse(BackupManifest manifest, string folder, string? connection, bool expired)
    {
        if (manifest.Engine != (connection is null ? "sqlite" : "postgres"))
            throw new StoreException(manifest.Engine == "sqlite" ? "This is the backup of a SQLite store: restore it with --data alone." : "This is the backup of a PostgreSQL store: give an empty database with --store.");
        if (manifest.Store.Schema > Migrator.Newest)
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"The backup has schema {manifest.Store.Schema}, this program knows {Migrator.Newest}. Use the newer program."));
        if (manifest.Expires <= clock.GetUtcNow() && !expired)
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"This backup ended on {manifest.Expires:yyyy-MM-dd} and should have been deleted: it may hold what was to be gone. --expired restores it all the same."));
        if (File.Exists(folder)) throw new StoreException($"{folder} is a file.");
        var occupant = Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!).FirstOrDefault(name => name is not ("keys" or "erasures" or Site)) : null;
        if (occupant is not null) throw new StoreException($"{folder} is not empty: {occupant} lies in it. Restore into a new folder; only keys and erasures may be there.");
    }

    private static void WriteJournal(string site, string office, IEnumerable<Erasure> erasures)
    {
        var path = ErasureJournal.PathIn(site);
        BackupFiles.MakeFolder(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(ErasureJournal.FileOf(office, erasures.Distinct().OrderBy(erasure => erasure.At)));
        file.Flush(flushToDisk: true);
    }

    // The database last: a folder without it is no office.
    private static void MoveIn(string site, string folder)
    {
        foreach (var part in Directory.EnumerateDirectories(site))
        {
            var place = Path.Combine(folder, Path.GetFileName(part));
            // The journal that was given is in the new one.
            if (Path.GetFileName(part) == "erasures" && Directory.Exists(place)) File.Move(ErasureJournal.PathIn(site), ErasureJournal.PathIn(folder), overwrite: true);
            else Directory.Move(part, place);
        }

        var database = Path.Combine(site, "desk.db");
        if (File.Exists(database)) File.Move(database, Path.Combine(folder, "desk.db"));
    }
}
