using System.Text.Json;
using Microsoft.Playwright;
using Opinion.Browser.Running;

namespace Opinion.Browser.Looks;

/// <summary>Runs where npm is; on a machine without it the run says in words that accessibility was not checked.</summary>
public sealed class AxeTheoryAttribute : TheoryAttribute
{
    public AxeTheoryAttribute()
    {
        var npm = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "npm")));
        if (!npm && !File.Exists(AxeTests.Script)) Skip = "Accessibility was NOT checked: there is no npm on this machine to install axe-core with (npm ci in tests/Browser.Tests).";
    }
}

/// <summary>Every page, light and dark, by the rules of axe-core: WCAG 2.2 A and AA and its best practices.</summary>
[Collection(TownCollection.Name)]
public sealed class AxeTests(Town town)
{
    public static string Script { get; } = Path.Combine(Repository.Root, "tests", "Browser.Tests", "node_modules", "axe-core", "axe.min.js");

    [AxeTheory]
    [MemberData(nameof(Tour.Walkers), MemberType = typeof(Tour))]
    public async Task BreaksNoRuleOfAccessibility(string walker)
    {
        Assert.True(File.Exists(Script), $"axe-core is not installed: run npm ci in {Path.Combine(Repository.Root, "tests", "Browser.Tests")}.");
        var axe = await File.ReadAllTextAsync(Script);
        var wrong = new List<string>();
        var passed = 0;
        await foreach (var (name, visitor) in new Tour(town).WalkAsync(walker))
        {
            await visitor.Page.SetViewportSizeAsync(360, 800);
            await visitor.Page.EvaluateAsync(axe + ";0");
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                var result = await visitor.Page.EvaluateAsync<JsonElement>(
                    """
                    async () => {
                      const found = await axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
                      return { passed: found.passes.length, wrong: found.violations.map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.slice(0, 3).map(node => node.html.slice(0, 120) + ' ' + (node.failureSummary ?? '').slice(0, 220)).join(' | ')}`) };
                    }
                    """);
                passed += result.GetProperty("passed").GetInt32();
                wrong.AddRange(result.GetProperty("wrong").EnumerateArray().Select(problem => $"{name} {scheme}: {problem.GetString()}"));
            }
        }

        Assert.True(passed > 0, "axe checked nothing.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
