using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Hosting;

/// <summary>Headers, cookies and addresses every reader meets, and reading that changes nothing.</summary>
[Collection(OfficeCollection.Name)]
public sealed class HeadersTests(SharedOffice office)
{
    private RunningDesk Desk => office.Desk;

    [Fact]
    public async Task The_first_page_and_the_health_answer_by_themselves()
    {
        using var browser = Desk.Browser();
        var first = await browser.GetAsync("/");
        Assert.Equal((200, null), (first.Status, first.Location));
        var health = await browser.GetAsync("/health");
        Assert.Equal((200, "Healthy"), (health.Status, health.Body));
    }

    [Theory]
    [InlineData("/", null)]
    [InlineData("/write", null)]
    [InlineData("/answers", null)]
    [InlineData("/no/such/page", null)]
    [InlineData("/staff/sign-in", null)]
    [InlineData("/staff", "analyst-1")]
    [InlineData("/staff/queue", "urban-1")]
    [InlineData("/staff/queue", "analyst-1")]
    [InlineData("/staff/admin/accounts", "admin-1")]
    public async Task Pages_carry_their_headers_and_no_script_or_style_of_their_own(string path, string? login)
    {
        using var visitor = Desk.Browser();
        var page = await (login is null ? visitor : await office.AsAsync(login)).GetAsync(path);
        var policy = page.Headers["Content-Security-Policy"];
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.DoesNotContain("Server", page.Headers.Keys);
        var elements = page.Document.QuerySelectorAll("*").ToList();
        Assert.True(elements.Count > 20);
        Assert.All(elements, element => Assert.False(element.LocalName == "script" || element.Attributes.Any(attribute => attribute.Name == "style" || attribute.Name.StartsWith("on", StringComparison.Ordinal)), element.OuterHtml));
        Assert.All(page.Document.QuerySelectorAll("[src], link[href]"), element => Assert.StartsWith("/assets/", element.GetAttribute("src") ?? element.GetAttribute("href"), StringComparison.Ordinal));
        Assert.All(page.Document.QuerySelectorAll("form[method=post]"), form => Assert.NotNull(form.QuerySelector("input[name=__RequestVerificationToken]")));
        Assert.All(page.Document.QuerySelectorAll("form[method=get]"), form => Assert.Null(form.QuerySelector("input[name=__RequestVerificationToken]")));
    }

    [Fact]
    public async Task Every_cookie_is_for_this_site_only_and_out_of_reach_of_scripts()
    {
        var sent = await Desk.SendAsync();
        using var browser = await Desk.SignInAsync("urban-1");
        await browser.SubmitAsync(await browser.GetAsync("/follow"), "form.stack", ("code", sent.Code));
        var letter = await browser.GetAsync("/letter");
        await browser.SubmitAsync(letter, "form[action*='handler=Add']", ("text", "补充一句。"));
        await browser.SubmitAsync(await browser.GetAsync("/"), "form[action='/language']", ("language", "en"));
        Assert.Equal(["opinion-follow", "opinion-form", "opinion-language", "opinion-staff"], browser.Cookies.Keys.Order(StringComparer.Ordinal));
        Assert.True(browser.SetCookies.Count >= 5);
        Assert.All(browser.SetCookies, cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(cookie.StartsWith("opinion-language=", StringComparison.Ordinal) ? "samesite=lax" : "samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Assets_are_served_and_nothing_outside_them()
    {
        using var browser = Desk.Browser();
        var style = await browser.GetAsync("/assets/opinion.css");
        Assert.Equal((200, "text/css"), (style.Status, style.Headers["Content-Type"]));
        Assert.StartsWith("image/svg+xml", (await browser.GetAsync("/assets/icon.svg")).Headers["Content-Type"], StringComparison.Ordinal);
        foreach (var path in new[] { "/assets/", "/assets/../appsettings.json", "/assets/%2e%2e/desk.db", "/desk.db", "/keys/office-keys.json" })
            Assert.Equal(404, (await browser.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Reading_every_page_changes_nothing()
    {
        var sent = await Desk.SendAsync(RunningDesk.Streetlight, ("Publish", "true"), ("ContactPhone", "13812345678"));
        await Desk.SendAsync(RunningDesk.Fire);
        var people = new List<(Browser Browser, string Start)>();
        foreach (var login in new[] { "urban-1", "intake-1", "housing-duty", "editor-1", "analyst-1", "admin-1" }) people.Add((await office.AsAsync(login), "/staff"));
        var (writer, _) = await Desk.FollowAsync(sent.Code);
        using (writer)
        {
            people.Add((writer, "/letter"));
            var before = await Desk.ContentAsync();
            var read = 0;
            foreach (var (browser, start) in people)
            {
                var pages = await Crawl.FromAsync(browser, ["/", start]);
                Assert.All(pages, page => Assert.True(page.Status == 200 || (browser == writer && page.Path == "/staff"), page.ToString()));
                read += pages.Count;
            }

            Assert.True(read > 80, $"{read} pages");
            Assert.Equal(before, await Desk.ContentAsync());
        }
    }
}
