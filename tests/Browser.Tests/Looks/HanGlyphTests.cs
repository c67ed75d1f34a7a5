using Opinion.Browser.Running;

namespace Opinion.Browser.Looks;

/// <summary>Chinese stands on the pages as Chinese: a machine without a font for it would draw the same box for every character.</summary>
[Collection(TownCollection.Name)]
public sealed class HanGlyphTests(Town town)
{
    [Fact]
    public async Task DifferentCharactersLookDifferent()
    {
        await using var visitor = await town.VisitAsync();
        await visitor.OpenAsync("/");
        var pictures = await visitor.Page.EvaluateAsync<string[]>(
            """
            () => ['件', '有', '落', '实', '声', '\u{10FFFD}'].map(character => {
              const canvas = document.createElement('canvas');
              canvas.width = canvas.height = 48;
              const pen = canvas.getContext('2d');
              pen.font = '32px ' + getComputedStyle(document.body).fontFamily;
              pen.fillText(character, 6, 36);
              return [...pen.getImageData(0, 0, 48, 48).data].filter((_, i) => i % 4 === 3).join();
            })
            """);
        Assert.Equal(6, pictures.Length);
        Assert.All(pictures[..5], picture => Assert.Contains(",255,", picture, StringComparison.Ordinal));
        Assert.Equal(pictures.Length, pictures.Distinct(StringComparer.Ordinal).Count());
    }
}
