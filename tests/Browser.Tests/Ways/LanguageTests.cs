using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Opinion.Browser.People;
using Opinion.Browser.Running;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Ways;

/// <summary>Chinese comes first; English is one click away on the same page, and back.</summary>
[Collection(TownCollection.Name)]
public sealed partial class LanguageTests(Town town)
{
    [Theory]
    [InlineData("/", "Write")]
    [InlineData("/write", "Write")]
    [InlineData("/follow", "receipt")]
    [InlineData("/answers?q=水&subject=", "Search")]
    [InlineData("/about/privacy", "contact")]
    [InlineData("/staff/sign-in", "Password")]
    public async Task EnglishIsOneClickAwayAndBack(string path, string word)
    {
        await using var visitor = await town.VisitAsync(script: false);
        await visitor.OpenAsync(path);
        var (html, address) = (visitor.Page.Locator("html"), visitor.Page.Url);
        await Expect(html).ToHaveAttributeAsync("lang", "zh-CN");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await Expect(html).ToHaveAttributeAsync("lang", "en");
        Assert.Equal(address, visitor.Page.Url);
        await Expect(visitor.Main).ToContainTextAsync(word, new() { IgnoreCase = true });
        foreach (var words in await visitor.Page.Locator("header nav, footer, h1, main label, main button, main legend").AllInnerTextsAsync()) Assert.DoesNotMatch(Han(), words);

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "中文" }).ClickAsync();
        await Expect(html).ToHaveAttributeAsync("lang", "zh-CN");
        Assert.Equal(address, visitor.Page.Url);
    }

    [Fact]
    public async Task AnEnglishReaderFollowsALetterAndAnOfficerWorksInEnglish()
    {
        await using var writer = await town.VisitAsync(script: false);
        var code = await writer.WriteAsync(new TypedLetter("公交站牌的字看不清", "河滨路公交站牌的字褪色了，看不清车次，请更换。"));
        var department = await writer.FollowAsync(code);
        var number = await writer.NumberAsync();
        await writer.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await Expect(writer.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        foreach (var words in await writer.Page.Locator("header nav, footer, main h2, main dt, main dd, main .what, main button").AllInnerTextsAsync()) Assert.DoesNotMatch(Han(), words);

        await using var officer = await town.SignInAsync(await town.OfficerOfAsync(department), script: false);
        await officer.OpenAsync($"/staff/matter/{number}");
        await officer.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await Expect(officer.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        Assert.EndsWith(number, officer.Page.Url, StringComparison.Ordinal);
        foreach (var words in await officer.Page.Locator("header nav, footer, main h2, main h3, main dt, main summary, main label, main .what, main button").AllInnerTextsAsync()) Assert.DoesNotMatch(Han(), words);
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();
}
