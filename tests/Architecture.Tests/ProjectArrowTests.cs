using System.Reflection;
using System.Text.RegularExpressions;
using Opinion.Architecture.Tests.Sources;

namespace Opinion.Architecture.Tests;

/// <summary>Arrows point one way: Dashboard and Cli → Ingest → Desk → Analysis.</summary>
public partial class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Analysis"] = [],
        ["Desk"] = ["Analysis"],
        ["Ingest"] = ["Desk", "Analysis"],
        ["Dashboard"] = ["Ingest", "Desk", "Analysis"],
        ["Cli"] = ["Dashboard", "Ingest", "Desk", "Analysis"],
        // Runs while Analysis is built, and never with it.
        ["DictionaryBuilder"] = [],
    };

    [Fact]
    public void Projects_reference_only_what_lies_below_them()
    {
        var projects = Repository.Files("src", "*.csproj");
        Assert.Equal(Allowed.Keys.Order(), projects.Select(project => Path.GetFileNameWithoutExtension(project.Path)).Order());
        Assert.Empty(projects.SelectMany(project => WrongReferences(Path.GetFileNameWithoutExtension(project.Path), project.Text)));
    }

    [Fact]
    public void Assemblies_reference_only_what_lies_below_them()
    {
        foreach (var (name, assembly) in Assemblies)
        {
            var references = assembly.GetReferencedAssemblies().Select(reference => reference.Name!).ToList();
            Assert.NotEmpty(references);
            Assert.Empty(WrongAssemblies(name, references));
        }
    }

    [Theory]
    [InlineData("Analysis", """<ProjectReference Include="../Desk/Desk.csproj" />""")]
    [InlineData("Analysis", """<PackageReference Include="Microsoft.Data.Sqlite.Core" />""")]
    [InlineData("Analysis", """<ProjectReference Include="../DictionaryBuilder/DictionaryBuilder.csproj" />""")]
    [InlineData("Analysis", """<ProjectReference Include="../Desk/Desk.csproj" ReferenceOutputAssembly="false" />""")]
    [InlineData("Desk", """<ProjectReference Include="../DictionaryBuilder/DictionaryBuilder.csproj" ReferenceOutputAssembly="false" />""")]
    [InlineData("DictionaryBuilder", """<ProjectReference Include="../Analysis/Analysis.csproj" />""")]
    [InlineData("Desk", """<ProjectReference Include="..\Ingest\Ingest.csproj" />""")]
    [InlineData("Desk", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""")]
    [InlineData("Desk", """<Project Sdk="Microsoft.NET.Sdk.Web">""")]
    [InlineData("Desk", """<PackageReference Include="Microsoft.AspNetCore.Http" />""")]
    [InlineData("Ingest", """<ProjectReference Include="../Dashboard/Dashboard.csproj" />""")]
    [InlineData("Dashboard", """<ProjectReference Include="../Cli/Cli.csproj" />""")]
    public void The_rule_bites_on_project_files(string project, string text) => Assert.Single(WrongReferences(project, text));

    [Theory]
    [InlineData("Analysis", "Opinion.Desk")]
    [InlineData("Analysis", "Microsoft.Extensions.DependencyInjection.Abstractions")]
    [InlineData("Desk", "Microsoft.AspNetCore.Http.Abstractions")]
    [InlineData("Desk", "Opinion.Ingest")]
    [InlineData("Ingest", "Opinion.Dashboard")]
    [InlineData("Dashboard", "opinion")]
    public void The_rule_bites_on_assemblies(string project, string reference) => Assert.Single(WrongAssemblies(project, ["System.Runtime", reference]));

    internal static IReadOnlyDictionary<string, Assembly> Assemblies { get; } = new Dictionary<string, Assembly>
    {
        ["Analysis"] = typeof(Analysis.Segmentation.Segmenter).Assembly,
        ["Desk"] = typeof(Desk.OpenedDesk).Assembly,
        ["Ingest"] = Assembly.Load("Opinion.Ingest"),
        ["Dashboard"] = Assembly.Load("Opinion.Dashboard"),
        ["Cli"] = Assembly.Load("opinion"),
    };

    private static IEnumerable<string> WrongReferences(string project, string text)
    {
        foreach (Match match in ProjectReference().Matches(text))
        {
            // What has to be built before, and is not referenced, is named by its element.
            var built = project is "Analysis" && match.Groups[1].Value is "DictionaryBuilder" && match.Groups[2].Value.Contains("ReferenceOutputAssembly=\"false\"", StringComparison.Ordinal);
            if (!built && !Allowed[project].Contains(match.Groups[1].Value)) yield return $"{project} references {match.Groups[1].Value}";
        }

        if (project is "Analysis" && text.Contains("<PackageReference", StringComparison.Ordinal)) yield return "Analysis references a package";
        if (project is "Analysis" or "Desk" && (text.Contains("AspNetCore", StringComparison.Ordinal) || text.Contains("Sdk.Web", StringComparison.Ordinal))) yield return $"{project} knows the web";
    }

    private static IEnumerable<string> WrongAssemblies(string project, IEnumerable<string> references)
    {
        foreach (var reference in references)
        {
            var own = Allowed.Keys.FirstOrDefault(name => reference == "Opinion." + name || (name == "Cli" && reference == "opinion"));
            if (own is not null && !Allowed[project].Contains(own)) yield return $"{project} references {reference}";
            if (project == "Analysis" && own is null && !reference.StartsWith("System.", StringComparison.Ordinal)) yield return $"Analysis references {reference}";
            if (project == "Desk" && reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)) yield return $"Desk references {reference}";
        }
    }

    [GeneratedRegex("""<ProjectReference Include="[^"]*?(\w+)\.csproj"([^>]*)>""")]
    private static partial Regex ProjectReference();
}
