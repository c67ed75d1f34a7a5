using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Attachments;

/// <summary>
/// The files of attachments in <c>DIR/attachments</c>, outside the database, each sealed by a key of its own under a random
/// name. What a file is and whose it is only the store knows: one without its row cannot be opened by anybody. A file is on
/// disk before the row that names it commits, and goes after the row has gone; what an interruption leaves between is
/// removed by <see cref="SweepAttachments"/>.
/// </summary>
public sealed class AttachmentFiles(string dataFolder, TimeProvider clock)
{
    /// <summary>The folder's name below the data folder.</summary>
    public const string FolderName = "attachments";

    private const int NameBytes = 16;
    private const string Unfinished = ".part";

    /// <summary>The folder.</summary>
    public string Folder { get; } = Path.Combine(Path.GetFullPath(dataFolder), FolderName);

    /// <summary>A new name: 32 hexadecimal digits of chance.</summary>
    internal static string NewName() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes));

    /// <summary>Writes a file, sealed, and brings it and its name to the disk.</summary>
    /// <exception cref="StoreException">It cannot be written; nothing is left of it.</exception>
    internal void Write(string name, byte[] key, string binding, ReadOnlySpan<byte> content)
    {
        var path = PathOf(name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Folder);
            else
            {
                Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            try
            {
                using (var file = new FileStream(path + Unfinished, options))
                {
                    SealedFile.Write(file, key, binding, content);
                    file.Flush(flushToDisk: true);
                }

                // By the desk's own clock, by which its age is judged.
                File.SetLastWriteTimeUtc(path + Unfinished, clock.GetUtcNow().UtcDateTime);
                File.Move(path + Unfinished, path);
                FlushFolder(Folder);
            }
            catch
            {
                File.Delete(path + Unfinished);
                throw;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"An attachment cannot be written to {Folder}: {error.Message}", error);
        }
    }

    /// <summary>Whether a file is there.</summary>
    internal bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>Opens a file for reading it unsealed, part by part; null where it is not there.</summary>
    /// <exception cref="Sealing.SealBrokenException">Thrown while reading: its bytes are not what was sealed.</exception>
    internal Stream? Open(string name, byte[] key, string binding)
    {
        try
        {
            return new SealedFile(new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete), key, binding);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Overwrites files with zeros and removes them. Their key has gone with their row, so this is the second lock; what
    /// cannot be removed now is removed by the next sweep.
    /// </summary>
    internal void Erase(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            try
            {
                EraseFile(PathOf(name));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Busy, or the disk says no; SweepAttachments finds it, since no row names it.
            }
        }
    }

    /// <summary>All files, finished or not, with the moment of their writing.</summary>
    internal IReadOnlyList<(string Name, DateTimeOffset Written)> List() => Directory.Exists(Folder)
        ? [.. new DirectoryInfo(Folder).EnumerateFiles().Where(file => IsName(file.Name) && file.LinkTarget is null).Select(file => (file.Name, new DateTimeOffset(file.LastWriteTimeUtc)))]
        : [];

    /// <summary>Copies the files of another folder that are not here yet, when an office moves; each is on disk before the next.</summary>
    /// <returns>How many were copied.</returns>
    internal async Task<int> CarryFromAsync(string otherDataFolder, IProgress<StepProgress>? progress, CancellationToken cancel)
    {
        var from = new AttachmentFiles(otherDataFolder, clock);
        if (string.Equals(from.Folder, Folder, StringComparison.Ordinal)) return 0;
        var (names, done) = (from.List().Select(file => file.Name).Where(name => !name.EndsWith(Unfinished, StringComparison.Ordinal) && !Exists(name)).ToList(), 0);
        foreach (var name in names)
        {
            if (File.Exists(PathOf(name) + Unfinished)) File.Delete(PathOf(name) + Unfinished);
            if (!await Backups.BackupFiles.CopyAsync(from.PathOf(name), PathOf(name) + Unfinished, cancel)) continue;
            await using (var file = new FileStream(PathOf(name) + Unfinished, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
            File.SetLastWriteTimeUtc(PathOf(name) + Unfinished, clock.GetUtcNow().UtcDateTime);
            File.Move(PathOf(name) + Unfinished, PathOf(name));
            done++;
            progress?.Report(new StepProgress("attachments", done, names.Count));
        }

        if (done > 0) FlushFolder(Folder);
        return done;
    }

    private static bool IsName(string name) => name.EndsWith(Unfinished, StringComparison.Ordinal) ? IsName(name[..^Unfinished.Length]) : name.Length == NameBytes * 2 && name.All(char.IsAsciiHexDigitLower);

    private string PathOf(string name) => IsName(name) ? Path.Combine(Folder, name) : throw new ArgumentException("This is no name of an attachment.", nameof(name));

    private static void EraseFile(string path)
    {
        if (!File.Exists(path)) return;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            var zeros = new byte[64 << 10];
            for (var left = file.Length; left > 0; left -= zeros.Length) file.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
            file.Flush(flushToDisk: true);
        }

        File.Delete(path);
    }

    // A new name is an entry of its folder, and is durable only when the folder is. .NET opens no folders.
    private static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        var handle = OpenFile([.. Encoding.UTF8.GetBytes(folder), 0], 0);
        if (handle < 0) throw new IOException($"The folder {folder} cannot be opened.");
        try
        {
            if (Flush(handle) != 0) throw new IOException($"The folder {folder} cannot be brought to the disk.");
        }
        finally
        {
            _ = CloseFile(handle);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenFile(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int file);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseFile(int file);
}
