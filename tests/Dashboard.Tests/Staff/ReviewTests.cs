using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Staff;

/// <summary>The duty editor: answers before they are published, published answers and search, clarifications.</summary>
[Collection(OfficeCollection.Name)]
public sealed class ReviewTests(SharedOffice office)
{
    private RunningDesk Desk => office.Desk;

    [Fact]
    public async Task A_published_answer_is_read_and_found_by_everybody_with_personal_data_redacted_once_more()
    {
        var review = await AnsweredAsync("紫藤路的灯", "紫藤路的灯已经修复，请联系李师傅13812345678。");
        Assert.Contains("紫藤路的灯已经修复", review.Text("[name=answer]"), StringComparison.Ordinal);
        Assert.DoesNotContain("13812345678", review.Body, StringComparison.Ordinal);
        var editor = await office.AsAsync("editor-1");
        // What the editor typed is redacted again: a number put back by hand is not published.
        var published = await editor.SubmitAsync(review, "form[action*='handler=Publish']", ("answer", "紫藤路的灯已经修复，电话13812345678。"), ("title", "紫藤路的路灯"));
        Assert.Equal((200, "答复已公开。"), (published.Status, published.Done));

        using var reader = Desk.Browser();
        var found = await reader.GetAsync("/answers?q=紫藤路 修复");
        var link = Assert.Single(found.Document.QuerySelectorAll("ul.cards a"), link => link.TextContent == "紫藤路的路灯");
        var answer = await reader.GetAsync(link.GetAttribute("href")!);
        Assert.Equal("紫藤路的路灯", answer.Text("h1"));
        Assert.Contains("紫藤路的灯已经修复", answer.Text("div.answer"), StringComparison.Ordinal);
        Assert.DoesNotContain("13812345678", answer.Body, StringComparison.Ordinal);
        Assert.Contains("紫藤路的路灯", (await reader.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Contains("紫藤路的路灯", (await reader.GetAsync("/answers?subject=urban")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("紫藤路的路灯", (await reader.GetAsync("/answers?subject=housing")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("紫藤路的路灯", (await reader.GetAsync("/answers?q=游泳池")).Body, StringComparison.Ordinal);

        var again = await editor.PostAsync(Browser.Fill(review, "form[action*='handler=Publish']").Action, Browser.Fill(review, "form[action*='handler=Publish']").Fields);
        Assert.Equal((404, "这条答复已不在待审之列。"), (again.Status, again.Problem));
    }

    [Theory]
    [InlineData("/answers?q=%22%20OR%20tokens%3A*")]
    [InlineData("/answers?q=%00")]
    [InlineData("/answers?q=%ED%A0%80")]
    [InlineData("/answers?q=NEAR(a%20b)&p=-1")]
    [InlineData("/answers?q=%27%3B--&subject=%27%20OR%201%3D1--&p=999999999999")]
    [InlineData("/answers?q=<script>alert(1)</script>")]
    public async Task Nothing_a_reader_types_into_the_search_breaks_it(string path)
    {
        using var reader = Desk.Browser();
        var page = await reader.GetAsync(path);
        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("<script", page.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_answer_given_back_is_open_again_with_the_reason_for_the_department_only()
    {
        var review = await AnsweredAsync("海棠路的灯", "海棠路的灯不归我们管。");
        var editor = await office.AsAsync("editor-1");
        var refused = await editor.SubmitAsync(review, "form[action*='handler=Return']", ("reason", ""));
        Assert.Equal(400, refused.Status);
        Assert.StartsWith("内容是空的。", refused.Problem, StringComparison.Ordinal);
        var done = await editor.SubmitAsync(review, "form[action*='handler=Return']", ("reason", "请写明归谁管。"));
        Assert.Equal("已退回承办部门。", done.Done);
        var officer = await office.AsAsync("urban-1");
        var line = (await SharedOffice.InQueueAsync(officer, "海棠路的灯"))!;
        Assert.Contains("编辑退回", line.TextContent, StringComparison.Ordinal);
        Assert.Contains("请写明归谁管。", (await officer.GetAsync(line.QuerySelector("a")!.GetAttribute("href")!)).Body, StringComparison.Ordinal);
        var (browser, page) = await Desk.FollowAsync(_code);
        using (browser)
        {
            Assert.Contains("答复正在修订，修订后会再次答复", page.Texts("p.what"));
            Assert.DoesNotContain("请写明归谁管。", page.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("title", "", 400)]
    [InlineData("question", " ", 400)]
    [InlineData("answer", "", 400)]
    [InlineData("title", "long", 413)]
    public async Task What_cannot_be_published_is_refused_and_what_was_typed_is_kept(string field, string value, int status)
    {
        var review = await AnsweredAsync("木槿路的灯", "木槿路的灯已经修复。");
        var typed = value == "long" ? new string('题', 201) : value;
        var other = field == "answer" ? ("question", "改写过的来信") : ("answer", "改写过的答复");
        var page = await (await office.AsAsync("editor-1")).SubmitAsync(review, "form[action*='handler=Publish']", (field, typed), other);
        Assert.Equal(status, page.Status);
        Assert.NotEmpty(page.Problem);
        Assert.Equal(other.Item2, page.Text($"[name={other.Item1}]"));
        using var reader = Desk.Browser();
        Assert.DoesNotContain("木槿路", (await reader.GetAsync("/answers")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clarification_without_sources_is_refused_and_with_them_everybody_who_asked_sees_it()
    {
        var sent = await Desk.SendAsync("听说路灯要统一拆除，是不是真的？" + RunningDesk.Streetlight);
        var officer = await office.AsAsync("urban-1");
        var noted = await officer.SubmitAsync(await officer.GetAsync("/staff/matter/" + sent.Number), "form[action*='handler=Claim']", ("text", "路灯要统一拆除"));
        Assert.Equal(200, noted.Status);
        var editor = await office.AsAsync("editor-1");
        var form = await editor.GetAsync("/staff/clarifications");
        Assert.Equal(["路灯要统一拆除", "1", "待澄清"], form.Texts("tbody tr td").Take(3));
        var claim = form.Document.QuerySelectorAll("[name=claim] option").Single(option => option.TextContent == "路灯要统一拆除").GetAttribute("value")!;
        foreach (var sources in new[] { "", "  \n ", "没有网址", "javascript:alert(1)", "https://city.example/a\nfile:///etc/passwd" })
        {
            var before = await Desk.ContentAsync();
            var refused = await editor.SubmitAsync(form, "main form", ("claim", claim), ("known", "没有拆除计划。"), ("sources", sources));
            Assert.Equal(400, refused.Status);
            Assert.NotEmpty(refused.Problem);
            Assert.Equal("没有拆除计划。", refused.Text("[name=known]"));
            Assert.Equal(claim, refused.Document.QuerySelector("[name=claim] [selected]")!.GetAttribute("value"));
            Assert.Equal(before, await Desk.ContentAsync());
        }

        var done = await editor.SubmitAsync(form, "main form", ("claim", claim), ("known", "没有拆除计划。"), ("unknown", "更换灯头的时间未定。"), ("sources", "https://city.example/lamps"));
        Assert.Equal((200, "澄清已公开，问过的人都会在自己的信里看到。"), (done.Status, done.Done));
        using var reader = Desk.Browser();
        var public_ = await reader.GetAsync("/clarifications");
        Assert.Contains("路灯要统一拆除", public_.Texts("article h2"));
        Assert.Contains("更换灯头的时间未定。", public_.Body, StringComparison.Ordinal);
        Assert.NotNull(public_.Document.QuerySelector("a[href='https://city.example/lamps'][rel~=noopener]"));
        Assert.DoesNotContain(sent.Number, public_.Body, StringComparison.Ordinal);
        var (browser, letter) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            Assert.Contains("您问的说法，已有公开澄清", letter.Texts("p.what"));
            Assert.Equal(200, (await browser.GetAsync(letter.Document.QuerySelector("ol.history a[href^='/clarifications/']")!.GetAttribute("href")!)).Status);
        }
    }

    private string _code = "";

    /// <summary>A letter whose writer agreed to publication, answered; the page on which its answer is reviewed.</summary>
    private async Task<Page> AnsweredAsync(string title, string answer)
    {
        var sent = await Desk.SendAsync(RunningDesk.Streetlight, ("Title", title), ("Publish", "true"));
        _code = sent.Code;
        var officer = await office.AsAsync("urban-1");
        await officer.SubmitAsync(await officer.GetAsync("/staff/matter/" + sent.Number), "form#answer", ("text", answer), ("disposition", "solved"));
        var editor = await office.AsAsync("editor-1");
        var links = (await editor.GetAsync("/staff/review")).Document.QuerySelectorAll("td a").Where(link => link.TextContent == title).ToList();
        Assert.NotEmpty(links);
        return await editor.GetAsync(links[^1].GetAttribute("href")!);
    }
}
