namespace Opinion.Dashboard.Tests.Fixture;

/// <summary>The source files beside which the tests are built.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Files below src/Dashboard that end so, without what a build made.</summary>
    public static IReadOnlyList<string> DashboardFiles(string ending) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src", "Dashboard"), "*" + ending, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Opinion.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Opinion.sln is not found above the tests.");
        return folder;
    }
}
