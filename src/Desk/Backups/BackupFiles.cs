using System.Globalization;
using System.Security.Cryptography;
using Opinion.Desk.Attachments;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Backups;

/// <summary>
/// The files of an office outside its database, and those of a backup. Only what is named here is ever copied, so what
/// a later version puts into the data folder is in no backup before somebody has thought about it: keys never are, and
/// rows an import set aside are not, because they hold words as they were written.
/// </summary>
internal static class BackupFiles
{
    // The model has no word of a letter that is not in the scheme's training; attachments lie there encrypted.
    private static readonly string[] Folders = [Path.GetDirectoryName(LoadLetterReader.ModelFile)!, AttachmentFiles.FolderName];

    private const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder only this user reads.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnFolder);
    }

    /// <summary>The office's files that belong into a backup, as paths below the data folder.</summary>
    public static IEnumerable<string> Of(string dataFolder) => Folders.Where(folder => Directory.Exists(Path.Combine(dataFolder, folder)))
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(dataFolder, folder), "*", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(dataFolder, file)).Where(file => !file.EndsWith(".part", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>What else lies in the data folder.</summary>
    public static IReadOnlyList<string> LeftOut(string dataFolder) => [.. Directory.EnumerateFileSystemEntries(dataFolder).Select(entry => Path.GetFileName(entry)!)
        .Where(name => !Folders.Contains(name, StringComparer.Ordinal) && !name.StartsWith("desk.db", StringComparison.Ordinal) && name is not "erasures").Order(StringComparer.Ordinal)];

    /// <summary>Copies a file; one that was erased meanwhile is passed over.</summary>
    public static async Task<bool> CopyAsync(string from, string to, CancellationToken cancel)
    {
        MakeFolder(Path.GetDirectoryName(to)!);
        try
        {
            await using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write);
            await source.CopyToAsync(target, cancel);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Hashes every file of a folder, and brings it to the disk, readable by this user only.</summary>
    public static async Task<IReadOnlyList<BackedUpFile>> SealAsync(string folder, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        var files = new List<BackedUpFile>();
        var paths = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        foreach (var path in paths)
        {
            progress.Report(new StepProgress("hashing files", files.Count, paths.Count));
            await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            files.Add(new BackedUpFile(Path.GetRelativePath(folder, path).Replace('\\', '/'), file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel))));
            file.Flush(flushToDisk: true);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, OwnFile);
        }

        progress.Report(new StepProgress("hashing files", files.Count, paths.Count));
        return files;
    }

    /// <summary>Checks that a backup's files are all there and as they were.</summary>
    /// <exception cref="StoreException">One is not; the message names it.</exception>
    public static async Task CheckAsync(string folder, BackupManifest manifest, IProgress<StepProgress> progress, CancellationToken cancel)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        for (var i = 0; i < manifest.Files.Count; i++)
        {
            progress.Report(new StepProgress("checking files", i, manifest.Files.Count));
            var (name, bytes, sha256) = manifest.Files[i];
            var path = Path.GetFullPath(Path.Combine(folder, name));
            if (!path.StartsWith(root, StringComparison.Ordinal)) throw new StoreException($"{BackupManifest.FileName}: the file {name} lies outside the backup.");
            if (!File.Exists(path)) throw new StoreException($"{path}: the file is missing.");
            await using var file = File.OpenRead(path);
            if (file.Length != bytes) throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"{path}: it has {file.Length} bytes where the manifest has {bytes}."));
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)) != sha256) throw new StoreException($"{path}: its hash is not the manifest's; the file was changed.");
        }

        progress.Report(new StepProgress("checking files", manifest.Files.Count, manifest.Files.Count));
    }
}
