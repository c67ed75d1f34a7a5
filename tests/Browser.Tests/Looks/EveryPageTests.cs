using Microsoft.Playwright;
using Opinion.Browser.Running;

namespace Opinion.Browser.Looks;

/// <summary>
/// Walks through every page once: measures it at three widths, keeps its picture, light and dark, in TestResults/screens, and
/// checks it by the rules of axe-core where that is installed (<see cref="AxeTests"/> says whether it is).
/// </summary>
[Collection(TownCollection.Name)]
public sealed class EveryPageTests(Town town)
{
    private static readonly (string Name, ColorScheme Scheme)[] Schemes = [("light", ColorScheme.Light), ("dark", ColorScheme.Dark)];

    [Theory]
    [MemberData(nameof(Tour.Walkers), MemberType = typeof(Tour))]
    public async Task FitsSmallAndWideScreensAndIsOpenToEverybody(string walker)
    {
        Directory.CreateDirectory(Repository.Screens);
        var wrong = new List<string>();
        var seen = 0;
        await foreach (var (name, visitor) in new Tour(town).WalkAsync(walker))
        {
            seen++;
            var page = visitor.Page;
            wrong.AddRange((await Layout.StructureAsync(page)).Select(problem => $"{name}: {problem}"));
            foreach (var width in new[] { 320, 360, 1280 })
            {
                await page.SetViewportSizeAsync(width, 900);
                wrong.AddRange((await Layout.FitAsync(page)).Select(problem => $"{name} at {width}: {problem}"));
                if (width == 320) continue;
                foreach (var (schemeName, scheme) in Schemes)
                {
                    await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Screens, $"{name}-{width}-{schemeName}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
                    // Once by all rules; in the other colours only what colours can break.
                    if (width == 360) wrong.AddRange((await AxeTests.ProblemsAsync(page, coloursOnly: scheme == ColorScheme.Dark)).Select(problem => $"{name} {schemeName}: {problem}"));
                }
            }
        }

        Assert.True(seen > 0, $"{walker} saw no page.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
