using System.Text.RegularExpressions;
using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Language;

/// <summary>A reader of English meets no Chinese on any page of an office without letters, and changes the language with one click.</summary>
[Collection(OfficeCollection.Name)]
public sealed partial class EnglishPagesTests(SharedOffice office)
{
    [Fact]
    public async Task Every_page_of_an_office_without_letters_is_in_English()
    {
        await using var desk = await RunningDesk.StartAsync();
        var pages = new List<Page>();
        foreach (var login in new[] { null, "intake-1", "urban-1", "housing-duty", "editor-1", "analyst-1", "admin-1" })
        {
            using var browser = login is null ? desk.Browser() : await desk.SignInAsync(login);
            pages.AddRange(await Crawl.FromAsync(browser.InEnglish(), login is null ? ["/", "/staff/sign-in", "/no/such/page", "/letter"] : ["/staff"], path => login is null || path.StartsWith("/staff", StringComparison.Ordinal)));
        }

        using var wrong = desk.Browser().InEnglish();
        pages.Add(await wrong.SubmitAsync(await wrong.GetAsync("/follow"), "form.stack", ("code", "x")));
        pages.Add(await wrong.SubmitAsync(await wrong.GetAsync("/staff/sign-in"), "form.narrow", ("login", "x"), ("password", "x")));
        pages.Add(await wrong.PostAsync("/write"));
        Assert.True(pages.Count >= 40, $"{pages.Count} pages");
        Assert.All(pages.Where(page => page.Status != 302), page => Assert.Equal("en", page.Document.DocumentElement.GetAttribute("lang")));
        foreach (var page in pages)
        {
            // The button that goes back to Chinese says so in Chinese; an administrator sees the office's name in both languages.
            foreach (var kept in page.Document.QuerySelectorAll("button[lang=zh-CN], dl.facts div:first-child dd")) kept.Remove();
            var found = Han().Match(page.Document.DocumentElement.OuterHtml);
            Assert.False(found.Success, $"{page.Path}: {found.Value}");
        }
    }

    [Fact]
    public async Task A_letter_and_its_history_are_shown_in_English_around_the_writers_words()
    {
        var sent = await office.Desk.SendAsync();
        using var browser = office.Desk.Browser().InEnglish();
        var page = await browser.SubmitAsync(await browser.GetAsync("/follow"), "form.stack", ("code", sent.Code));
        Assert.Equal(["In progress", sent.Number, "16 November 2026 10:00", "Urban Management Bureau", "City management › Street lighting › Broken lamps · Complaint", "23 November 2026"], page.Texts("dl.facts dd"));
        Assert.Contains("With Urban Management Bureau; answer due by 23 November 2026", page.Texts("p.what"));
        foreach (var words in page.Document.QuerySelectorAll("blockquote, button[lang=zh-CN]")) words.Remove();
        Assert.DoesNotMatch(Han(), page.Document.DocumentElement.OuterHtml);
    }

    [Theory]
    [InlineData("/write", "/write")]
    [InlineData("/answers?q=a&subject=urban", "/answers?q=a&subject=urban")]
    [InlineData("/no/such/page", "/no/such/page")]
    public async Task The_language_changes_on_the_page_where_the_reader_is(string path, string back)
    {
        using var browser = office.Desk.Browser();
        var page = await browser.SubmitAsync(await browser.GetAsync(path), "form[action='/language']", ("language", "en"));
        Assert.Equal((back, "en"), (page.Path, page.Document.DocumentElement.GetAttribute("lang")));
        Assert.Equal("中文", page.Text("button[lang=zh-CN]"));
        page = await browser.SubmitAsync(page, "form[action='/language']", ("language", "zh"));
        Assert.Equal((back, "zh-CN"), (page.Path, page.Document.DocumentElement.GetAttribute("lang")));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task The_language_button_leads_nowhere_else(string back)
    {
        using var browser = office.Desk.Browser();
        var page = await browser.SubmitOnlyAsync(await browser.GetAsync("/"), "form[action='/language']", ("language", "en"), ("back", back));
        Assert.Equal((302, "/"), (page.Status, page.Location));
    }

    [Fact]
    public async Task The_page_with_the_receipt_has_no_language_button_because_it_would_lose_the_code()
    {
        using var browser = office.Desk.Browser();
        var page = await browser.SubmitAsync(await browser.GetAsync("/write"), "form.stack", ("Body", RunningDesk.Streetlight));
        Assert.NotEmpty(page.Receipt);
        Assert.Null(page.Document.QuerySelector("form[action='/language']"));
    }

    [GeneratedRegex("[\u3400-\u9fff\uf900-\ufaff\u3001-\u303f\uff00-\uffef]+")]
    private static partial Regex Han();
}
