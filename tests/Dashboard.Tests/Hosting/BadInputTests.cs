using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Hosting;

/// <summary>What cannot be taken is refused with its status and in the reader's words, and nothing is stored or changed.</summary>
[Collection(OfficeCollection.Name)]
public sealed class BadInputTests(SharedOffice office)
{
    private const string Long = "正文很长。";

    private RunningDesk Desk => office.Desk;

    public static TheoryData<string, int, string, string> Letters => new()
    {
        { "empty", 400, "内容是空的。", "The text is empty." },
        { "blank", 400, "内容是空的。", "The text is empty." },
        { "one character too many", 413, "内容太长。", "The text is too long." },
        { "a megabyte", 413, "内容太长。", "The text is too long." },
    };

    [Theory]
    [MemberData(nameof(Letters))]
    public async Task A_letter_that_cannot_be_taken_is_refused_and_what_was_typed_is_kept(string what, int status, string chinese, string english)
    {
        var body = what switch
        {
            "empty" => "",
            "blank" => " \u3000\r\n\t ",
            "one character too many" => new string('字', 20_001),
            _ => string.Concat(Enumerable.Repeat(Long, (1 << 20) / (Long.Length * 3))),
        };
        await RefusedAsync(status, chinese, english, async browser =>
        {
            var page = await browser.SubmitAsync(await browser.GetAsync("/write"), "form.stack",
                ("Body", body), ("Title", "留着的标题"), ("Place", "留着的地点"), ("ContactName", "留着的称呼"), ("ContactPhone", "139"), ("About", "urban"), ("Publish", "true"));
            Assert.Equal("留着的标题", page.Document.QuerySelector("[name=Title]")!.GetAttribute("value"));
            Assert.Equal("留着的地点", page.Document.QuerySelector("[name=Place]")!.GetAttribute("value"));
            Assert.Equal("留着的称呼", page.Document.QuerySelector("[name=ContactName]")!.GetAttribute("value"));
            Assert.Equal("urban", page.Document.QuerySelector("[name=About] [selected]")!.GetAttribute("value"));
            Assert.True(page.Document.QuerySelector("[name=Publish]")!.HasAttribute("checked"));
            Assert.Equal(body.Trim().Length, page.Text("textarea").Length);
            return page;
        });
    }

    [Theory]
    [InlineData("Title")]
    [InlineData("Place")]
    [InlineData("ContactName")]
    public async Task A_field_that_is_too_long_is_refused_and_the_text_is_kept(string field) => await RefusedAsync(413, "内容太长。", "The text is too long.", async browser =>
    {
        var page = await browser.SubmitAsync(await browser.GetAsync("/write"), "form.stack", ("Body", RunningDesk.Streetlight), (field, new string('长', 201)));
        Assert.Equal(RunningDesk.Streetlight, page.Text("textarea"));
        return page;
    });

    [Fact]
    public async Task A_body_above_the_limit_is_refused_before_it_is_read_and_is_no_error_of_the_program()
    {
        var logged = Desk.Log.Lines.Count;
        await RefusedAsync(413, "内容太长。", "The text is too long.", async browser =>
        {
            var (action, fields) = Browser.Fill(await browser.GetAsync("/write"), "form.stack", ("Body", ""));
            return await browser.PostBodyAsync(action, Browser.Encode(fields) + "&Body=" + new string('a', 9 << 20), expectContinue: true);
        });
        Assert.Equal(logged, Desk.Log.Lines.Count);
    }

    [Theory]
    [InlineData("Body")]
    [InlineData("Title")]
    [InlineData("ContactName")]
    public Task A_null_character_is_refused(string field) => RefusedAsync(400, "内容里有无法识别的空字符（U+0000）", "The text holds a null character (U+0000)", async browser =>
        await browser.SubmitAsync(await browser.GetAsync("/write"), "form.stack", [(field, "前\0后"), .. field == "Body" ? Array.Empty<(string, string)>() : [("Body", RunningDesk.Streetlight)]]));

    [Theory]
    [InlineData("%ED%A0%80")]
    [InlineData("%ED%A0%BD%ED%B8%80")]
    [InlineData("%FF%FE")]
    [InlineData("\u00ff")]
    public Task Bytes_that_are_no_text_are_refused(string bytes) => RefusedAsync(400, "内容里有损坏的字符", "The text holds a damaged character", async browser =>
    {
        var (action, fields) = Browser.Fill(await browser.GetAsync("/write"), "form.stack", ("Body", ""));
        return await browser.PostBodyAsync(action, Browser.Encode(fields.Where(field => field.Name != "Body")) + "&Body=" + bytes);
    });

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=us-ascii")]
    [InlineData("application/x-www-form-urlencoded; charset=gb18030")]
    public Task A_form_in_another_encoding_is_refused(string contentType) => RefusedAsync(415, "请返回上一页再试。", "Please go back and try again.", async browser =>
    {
        var (action, fields) = Browser.Fill(await browser.GetAsync("/write"), "form.stack", ("Body", RunningDesk.Streetlight));
        return await browser.PostBodyAsync(action, Browser.Encode(fields), contentType: contentType);
    });

    [Theory]
    [InlineData("missing")]
    [InlineData("forged")]
    [InlineData("another reader's")]
    [InlineData("without its cookie")]
    public Task A_form_without_a_good_token_is_refused(string token) => RefusedAsync(400, "页面可能放得太久", "The page may have been open for too long", async browser =>
    {
        var (action, fields) = Browser.Fill(await browser.GetAsync("/write"), "form.stack", ("Body", RunningDesk.Streetlight));
        using var other = Desk.Browser();
        var theirs = Browser.Fill(await other.GetAsync("/write"), "form.stack").Fields.Single(field => field.Name == "__RequestVerificationToken").Value;
        if (token == "without its cookie") browser.Cookies.Remove("opinion-form");
        return await browser.PostAsync(action, [.. fields.Where(field => field.Name != "__RequestVerificationToken" || token == "without its cookie"), .. token switch
        {
            "forged" => [("__RequestVerificationToken", "CfDJ8Forged")],
            "another reader's" => [("__RequestVerificationToken", theirs)],
            _ => Array.Empty<(string, string)>(),
        }]);
    });

    [Theory]
    [InlineData("/write")]
    [InlineData("/follow")]
    [InlineData("/letter?handler=Withdraw")]
    [InlineData("/language")]
    [InlineData("/staff/sign-in")]
    [InlineData("/staff/sign-in?handler=out")]
    public async Task Every_public_form_needs_its_token(string path)
    {
        using var browser = Desk.Browser();
        Assert.Equal(400, (await browser.PostAsync(path, ("x", "y"))).Status);
        Assert.DoesNotContain("opinion-language", browser.Cookies.Keys);
    }

    [Fact]
    public async Task A_page_that_does_not_exist_says_so()
    {
        await RefusedAsync(404, "地址可能有误，或内容已不再公开。", "The address may be wrong", browser => browser.GetAsync("/no/such/page"));
        await RefusedAsync(404, "地址可能有误，或内容已不再公开。", "The address may be wrong", browser => browser.GetAsync("/answers/0000"));
        await RefusedAsync(404, "地址可能有误，或内容已不再公开。", "The address may be wrong", browser => browser.GetAsync("/clarifications/0000"));
        await RefusedAsync(404, "地址可能有误，或内容已不再公开。", "The address may be wrong", browser => browser.GetAsync("/report/2026-W99"));
    }

    [Theory]
    [InlineData("urban-1", 200, "")]
    [InlineData("housing-1", 403, "这封信由其他部门办理")]
    [InlineData("housing-duty", 403, "这封信由其他部门办理")]
    [InlineData("editor-1", 403, "您的角色不能做这件事")]
    [InlineData("analyst-1", 403, "您的角色不能做这件事")]
    [InlineData("admin-1", 403, "您的角色不能做这件事")]
    public async Task Only_the_department_responsible_opens_a_letter_by_its_address(string login, int status, string problem)
    {
        var sent = await Desk.SendAsync();
        var before = await Desk.ContentAsync("audit_log");
        var browser = await office.AsAsync(login);
        var page = await browser.GetAsync("/staff/matter/" + sent.Number);
        Assert.Equal(status, page.Status);
        Assert.StartsWith(problem, page.Problem, StringComparison.Ordinal);
        Assert.Equal(status == 200, page.Body.Contains("路灯不亮", StringComparison.Ordinal));
        foreach (var handler in new[] { "Answer", "Ask", "Reply", "Note", "Correct", "Transfer", "Extend", "Claim", "Acknowledge", "Original" })
        {
            if (status == 200) continue;
            var (_, fields) = Browser.Fill(page, "form[action='/staff/sign-in?handler=out']");
            var posted = await browser.PostAsync($"/staff/matter/{sent.Number}?handler={handler}",
                [.. fields, ("text", "不该写进来"), ("disposition", "solved"), ("subject", "urban"), ("department", "housing"), ("days", "3")]);
            Assert.Equal(status, posted.Status);
            Assert.DoesNotContain("路灯不亮", posted.Body, StringComparison.Ordinal);
        }

        Assert.Equal(before, await Desk.ContentAsync("audit_log"));
    }

    [Fact]
    public async Task An_unknown_number_is_404_for_an_officer()
    {
        var page = await (await office.AsAsync("urban-1")).GetAsync("/staff/matter/000000000000");
        Assert.Equal((404, "没有这封信。请核对编号。"), (page.Status, page.Problem));
    }

    [Fact]
    public async Task A_department_complained_about_never_opens_the_letter()
    {
        var sent = await Desk.SendAsync("投诉城管局工作人员：路灯报修三次没有人理。" + RunningDesk.Streetlight, ("About", "urban"));
        var urban = await office.AsAsync("urban-1");
        var page = await urban.GetAsync("/staff/matter/" + sent.Number);
        Assert.Equal(403, page.Status);
        Assert.StartsWith("这封信反映的就是该部门", page.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("报修三次", page.Body, StringComparison.Ordinal);
        Assert.Null(await SharedOffice.InQueueAsync(urban, sent.Number));
        Assert.NotNull(await SharedOffice.InQueueAsync(await office.AsAsync("supervision-1"), sent.Number));

        var supervision = await office.AsAsync("supervision-1");
        var matter = await supervision.GetAsync("/staff/matter/" + sent.Number);
        Assert.Equal(200, matter.Status);
        Assert.Null(matter.Document.QuerySelector("[name=department] option[value=urban]"));
        var (action, fields) = Browser.Fill(matter, "form[action*='handler=Transfer']", ("department", ""), ("text", "转回"));
        var refused = await supervision.PostAsync(action, [.. fields.Where(field => field.Name != "department"), ("department", "urban")]);
        Assert.Equal(403, refused.Status);
    }

    private async Task RefusedAsync(int status, string chinese, string english, Func<Browser, Task<Page>> send)
    {
        foreach (var (message, browser) in new[] { (chinese, Desk.Browser()), (english, Desk.Browser().InEnglish()) })
        {
            using (browser)
            {
                var before = await Desk.ContentAsync();
                var page = await send(browser);
                Assert.Equal(status, page.Status);
                Assert.StartsWith(message, page.Problem, StringComparison.Ordinal);
                Assert.Empty(page.Receipt);
                Assert.Equal(before, await Desk.ContentAsync());
            }
        }
    }
}
