using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Writers;

/// <summary>A writer sends a letter by the form and gets a receipt.</summary>
[Collection(OfficeCollection.Name)]
public sealed class WritingTests(SharedOffice office)
{
    private RunningDesk Desk => office.Desk;

    [Fact]
    public async Task The_receipt_stands_in_the_body_and_nowhere_else()
    {
        using var browser = Desk.Browser();
        var page = await browser.SubmitOnlyAsync(await browser.GetAsync("/write"), "form.stack", ("Body", RunningDesk.Streetlight));
        Assert.Equal(200, page.Status);
        Assert.Equal(30, page.Receipt.Length);
        await Desk.CarryOnAsync();
        var letter = await browser.SubmitAsync(page, "form[action='/follow']");
        Assert.Equal((200, "/letter"), (letter.Status, letter.Path));
        Assert.Equal("我的信", letter.Text("h1"));

        Assert.Equal(4, browser.Seen.Count);
        foreach (var code in new[] { page.Receipt, page.Receipt.Replace("-", "", StringComparison.Ordinal) })
        {
            Assert.All(browser.Seen, seen => Assert.DoesNotContain(code, seen.Path + seen.Location, StringComparison.OrdinalIgnoreCase));
            Assert.All(browser.SetCookies, cookie => Assert.DoesNotContain(code, Uri.UnescapeDataString(cookie), StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(code, letter.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task The_same_page_sent_twice_is_one_letter_with_one_code()
    {
        using var browser = Desk.Browser();
        var form = await browser.GetAsync("/write");
        var before = await Desk.CountAsync("SELECT COUNT(*) FROM letters");
        var first = await browser.SubmitAsync(form, "form.stack", ("Body", RunningDesk.Streetlight));
        var second = await browser.SubmitAsync(form, "form.stack", ("Body", RunningDesk.Streetlight));
        Assert.Equal("信已收到", first.Text("h1"));
        Assert.Equal("这封信已经收到过", second.Text("h1"));
        Assert.NotEmpty(first.Receipt);
        Assert.Equal(first.Receipt, second.Receipt);
        Assert.Equal(before + 1, await Desk.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task The_same_page_sent_twenty_times_at_once_is_one_letter_with_one_code()
    {
        using var browser = Desk.Browser();
        var form = await browser.GetAsync("/write");
        var before = await Desk.CountAsync("SELECT COUNT(*) FROM letters");
        var (action, fields) = Browser.Fill(form, "form.stack", ("Body", RunningDesk.Streetlight));
        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.PostAsync(action, fields)));
        Assert.Equal(20, pages.Length);
        Assert.All(pages, page => Assert.Equal(200, page.Status));
        Assert.Equal(30, Assert.Single(pages.Select(page => page.Receipt).Distinct()).Length);
        Assert.Equal(1, pages.Count(page => page.Text("h1") == "信已收到"));
        Assert.Equal(before + 1, await Desk.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task A_page_gone_back_to_and_changed_is_another_letter()
    {
        using var browser = Desk.Browser();
        var form = await browser.GetAsync("/write");
        var first = await browser.SubmitAsync(form, "form.stack", ("Body", RunningDesk.Streetlight));
        var second = await browser.SubmitAsync(form, "form.stack", ("Body", RunningDesk.Streetlight + "还有一盏。"));
        Assert.NotEmpty(first.Receipt);
        Assert.NotEmpty(second.Receipt);
        Assert.NotEqual(first.Receipt, second.Receipt);
    }

    [Fact]
    public async Task Wrong_codes_answer_404_and_malformed_and_unknown_ones_look_alike()
    {
        using var browser = Desk.Browser();
        var form = await browser.GetAsync("/follow");
        var pages = new List<Page>();
        foreach (var code in new[] { "00000-00000-00000-00000-000000", "不是收据码", "x", "", new string('7', 500), "'; DROP TABLE letters; --" })
            pages.Add(await browser.SubmitAsync(form, "form.stack", ("code", code)));
        Assert.Equal(6, pages.Count);
        Assert.All(pages, page => Assert.Equal(404, page.Status));
        Assert.All(pages, page => Assert.StartsWith("没有查到。", page.Problem, StringComparison.Ordinal));
        Assert.Single(pages.Select(page => page.WithoutTokens()).Distinct());
        Assert.Equal("/follow", (await browser.GetAsync("/letter")).Location);
    }

    [Fact]
    public async Task A_code_may_be_typed_without_hyphens_in_small_letters_and_with_O_for_0()
    {
        var sent = await Desk.SendAsync();
        var typed = sent.Code.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant().Replace('0', 'o').Replace('1', 'l');
        var (browser, page) = await Desk.FollowAsync(typed);
        using (browser) Assert.Contains("路灯", page.Text("blockquote.letter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_ends_following_on_this_computer()
    {
        var sent = await Desk.SendAsync();
        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            var left = await browser.SubmitAsync(page, "form[action*='handler=Leave']");
            Assert.Equal((200, "/"), (left.Status, left.Path));
            Assert.Equal("/follow", (await browser.GetAsync("/letter")).Location);
        }
    }
}
