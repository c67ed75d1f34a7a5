namespace Opinion.Cli.Analysis;

/// <summary>What is wrong with a file that a user named, in words that hold for the user.</summary>
internal static class FileFault
{
    /// <summary>Whether an error of opening a file is the fault of its name, of the file or of its rights.</summary>
    internal static bool Is(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>The error for a file that cannot be opened for reading.</summary>
    internal static UsageException Reading(string path, Exception e) => new(path.Length == 0
        ? "a file name is empty"
        : $"{path}: {(Directory.Exists(path) ? "is a folder" : File.Exists(path) ? e.Message : "the file does not exist")}");
}
