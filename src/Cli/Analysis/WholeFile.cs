namespace Opinion.Cli.Analysis;

/// <summary>Writes a file wholly or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the target and renames at the end, so that a reader and a crash never meet half a file.</summary>
    /// <exception cref="UsageException">The target's folder does not exist or cannot be written to.</exception>
    internal static void Write(string path, Action<Stream> write)
    {
        if (Directory.Exists(path)) throw new UsageException($"{path}: is a folder");
        string temporary = $"{path}.{Environment.ProcessId}.part";
        FileStream stream;
        try
        {
            stream = new FileStream(temporary, FileMode.Create, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{path}: {e.Message}");
        }

        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
