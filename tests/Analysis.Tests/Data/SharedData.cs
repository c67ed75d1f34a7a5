namespace Opinion.Analysis.Tests.Data;

/// <summary>Finds <c>shared/data</c>, the sibling of the repository.</summary>
public static class SharedData
{
    public static string Path(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string data = System.IO.Path.Combine(folder.FullName, "shared", "data");
            if (!Directory.Exists(data)) continue;
            string file = System.IO.Path.Combine(data, relative);
            return File.Exists(file) ? file : throw new FileNotFoundException($"The shared data lacks {relative}.", file);
        }

        throw new DirectoryNotFoundException(
            "No folder shared/data beside the repository. Put the data there, or set OPINION_NO_SHARED_DATA=1 to leave these tests out.");
    }

    /// <summary>The lines of a file, split at U+000A alone.</summary>
    public static string[] Lines(string relative)
    {
        string text = File.ReadAllText(Path(relative));
        string[] lines = text.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
