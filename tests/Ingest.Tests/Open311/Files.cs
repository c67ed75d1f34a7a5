using Opinion.Analysis.Tests.Data;

namespace Opinion.Ingest.Tests.Open311;

/// <summary>Where the specification and this project's own recorded traffic lie.</summary>
public static class Files
{
    /// <summary>A file of the specification's folder beside the repository.</summary>
    public static string Specification(string relative) => SharedData.Path("open311/" + relative);

    /// <summary>All samples of the specification.</summary>
    public static IReadOnlyList<string> Samples => [.. Directory.GetFiles(Path.GetDirectoryName(Specification("spec_samples/v2_00.xml"))!).Order(StringComparer.Ordinal)];

    /// <summary>The content of a file of recorded traffic.</summary>
    public static byte[] Traffic(string name)
    {
        string relative = Path.Combine("tests", "Ingest.Tests", "Open311", "Traffic", name);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, relative) is var file && File.Exists(file)) return File.ReadAllBytes(file);
        }

        throw new FileNotFoundException($"{relative} is not found above the tests.");
    }
}
