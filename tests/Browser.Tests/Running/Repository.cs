namespace Opinion.Browser.Running;

/// <summary>Where the repository's own folders are, seen from the test's output folder.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string SampleTown { get; } = Path.Combine(Root, "samples", "town");

    /// <summary>Git-ignored: the pictures of the last run, to be looked at.</summary>
    public static string Screens { get; } = Path.Combine(Root, "TestResults", "screens");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Opinion.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No Opinion.sln above {AppContext.BaseDirectory}: the browser's tests run inside the repository.");
    }
}
