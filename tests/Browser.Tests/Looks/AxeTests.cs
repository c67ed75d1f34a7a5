using System.Text.Json;
using Microsoft.Playwright;
using Opinion.Browser.People;
using Opinion.Browser.Running;

namespace Opinion.Browser.Looks;

/// <summary>Runs where axe-core can be had; on a machine without npm the run says in words that accessibility was not checked.</summary>
public sealed class AxeFactAttribute : FactAttribute
{
    public AxeFactAttribute()
    {
        var npm = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "npm")));
        if (!npm && !AxeTests.Installed) Skip = "Accessibility was NOT checked: there is no npm on this machine to install axe-core with (npm ci in tests/Browser.Tests).";
    }
}

/// <summary>axe-core: the rules of WCAG 2.2 A and AA and its best practices, run on every page by <see cref="EveryPageTests"/>.</summary>
[Collection(TownCollection.Name)]
public sealed class AxeTests(Town town)
{
    private static readonly string Script = Path.Combine(Repository.Root, "tests", "Browser.Tests", "node_modules", "axe-core", "axe.min.js");

    public static bool Installed => File.Exists(Script);

    [AxeFact]
    public async Task AxeIsInstalledAndFindsWhatIsWrong()
    {
        Assert.True(Installed, $"axe-core is not installed: run npm ci in {Path.Combine(Repository.Root, "tests", "Browser.Tests")}.");
        await using Visitor visitor = await town.VisitAsync();
        await visitor.OpenAsync("/follow");
        Assert.Empty(await ProblemsAsync(visitor.Page, coloursOnly: false));
        await visitor.Page.EvaluateAsync("() => { const field = document.querySelector('input[name=code]'); document.querySelector('main').append(field); }");
        Assert.Contains(await ProblemsAsync(visitor.Page, coloursOnly: false), problem => problem.StartsWith("label:", StringComparison.Ordinal));
    }

    /// <summary>What breaks a rule on the page as it stands; nothing where axe-core is not installed.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(IPage page, bool coloursOnly)
    {
        if (!Installed) return [];
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window")) await page.EvaluateAsync(await File.ReadAllTextAsync(Script) + ";0");
        var found = await page.EvaluateAsync<JsonElement>(
            """
            async coloursOnly => {
              const runOnly = coloursOnly ? { type: 'rule', values: ['color-contrast'] } : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
              const found = await axe.run(document, { resultTypes: ['violations'], runOnly });
              if (found.passes.length === 0) return ['axe checked nothing'];
              return found.violations.map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.slice(0, 3).map(node => node.html.slice(0, 120) + ' ' + (node.failureSummary ?? '').slice(0, 220)).join(' | ')}`);
            }
            """, coloursOnly);
        return [.. found.EnumerateArray().Select(problem => problem.GetString()!)];
    }
}
