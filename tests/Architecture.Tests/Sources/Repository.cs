namespace Opinion.Architecture.Tests.Sources;

/// <summary>A file of the repository.</summary>
/// <param name="Path">Below the repository's root, with forward slashes.</param>
/// <param name="Text">Its text.</param>
public sealed record SourceFile(string Path, string Text);

/// <summary>The repository these tests were built in.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>All C# files under src.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = Files("src", "*.cs");

    /// <summary>All files of a kind below a folder, without what a build makes.</summary>
    public static IReadOnlyList<SourceFile> Files(string folder, string pattern) =>
        [.. Directory.GetFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/node_modules/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Opinion.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run below Opinion.sln.");
    }
}
