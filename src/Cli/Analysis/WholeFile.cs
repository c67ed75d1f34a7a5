namespace Opinion.Cli.Analysis;

/// <summary>Writes a file wholly or not at all.</summary>
internal static class WholeFile
{
    /// <summary>
    /// Writes beside the target and renames at the end, so that a reader and a crash never meet half a file. A link stays and
    /// the file it leads to is replaced. A target without length may be a device or a pipe, which a rename would put a plain
    /// file in the place of: it is written to as it stands.
    /// </summary>
    /// <exception cref="UsageException">The name is empty, or the target's folder does not exist or cannot be written to.</exception>
    internal static void Write(string path, Action<Stream> write)
    {
        if (path.Length == 0) throw new UsageException("the name of the file to write is empty");
        if (Directory.Exists(path)) throw new UsageException($"{path}: is a folder");
        // From a relative name a link that leads to no file yet would be resolved against the root.
        string full = Checked(path, () => Path.GetFullPath(path));
        string target = Checked(path, () => new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName);
        if (new FileInfo(target) is { Exists: true, Length: 0 })
        {
            using FileStream open = Checked(path, () => new FileStream(target, FileMode.Open, FileAccess.Write));
            try
            {
                write(open);
                open.Flush();
            }
            catch
            {
                // A plain empty file is empty again; a device or a pipe has no length.
                if (new FileInfo(target).Length > 0) open.SetLength(0);
                throw;
            }

            return;
        }

        string temporary = $"{target}.{Environment.ProcessId}.part";
        FileStream stream = Checked(path, () => new FileStream(temporary, FileMode.Create, FileAccess.Write));
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            Checked(path, () =>
            {
                File.Move(temporary, target, overwrite: true);
                return target;
            });
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static T Checked<T>(string path, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            // The message would name the file beside the target, which the user does not know.
            string reason = e is DirectoryNotFoundException or FileNotFoundException ? "its folder does not exist" : e is UnauthorizedAccessException ? "it may not be written" : e.Message;
            throw new UsageException($"{path}: {reason}");
        }
    }
}
