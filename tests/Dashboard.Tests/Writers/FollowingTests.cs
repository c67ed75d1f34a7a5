using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Writers;

/// <summary>What a writer does on the own letter, seen on the page and in what officers and the public see.</summary>
[Collection(OfficeCollection.Name)]
public sealed class FollowingTests(SharedOffice office)
{
    private RunningDesk Desk => office.Desk;

    [Fact]
    public async Task The_page_shows_department_subject_deadline_and_what_happened()
    {
        var sent = await Desk.SendAsync();
        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            Assert.Equal(["办理中", sent.Number, "2026年11月16日 10:00", "城市管理局", "城市管理 › 路灯照明 › 路灯故障 · 投诉", "2026年11月23日"], page.Texts("dl.facts dd"));
            Assert.Equal(["信已收到", "分类为：城市管理 › 路灯照明 › 路灯故障", "由城市管理局负责，2026年11月23日前答复"], page.Texts("p.what"));
        }
    }

    [Fact]
    public async Task What_the_writer_adds_reaches_the_officer_and_a_question_is_answered()
    {
        var sent = await Desk.SendAsync();
        var officer = await office.AsAsync("urban-1");
        await officer.SubmitAsync(await officer.GetAsync("/staff/matter/" + sent.Number), "form[action*='handler=Ask']", ("text", "请问是几号楼旁边的路灯？"));
        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            Assert.Contains("请问是几号楼旁边的路灯？", page.Body, StringComparison.Ordinal);
            Assert.Contains("回答部门的提问，或补充", page.Texts("h2"));
            var added = await browser.SubmitAsync(page, "form[action*='handler=Add']", ("text", "就是花坛旁边那一盏。"));
            Assert.Equal((200, "补充已收到。"), (added.Status, added.Done));
            Assert.Contains("补充", added.Texts("h2"));
        }

        Assert.Contains("来信人有补充", (await SharedOffice.InQueueAsync(officer, sent.Number))!.TextContent, StringComparison.Ordinal);
        Assert.Contains("就是花坛旁边那一盏。", (await officer.GetAsync("/staff/matter/" + sent.Number)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 400, "内容是空的。")]
    [InlineData("long", 413, "内容太长。")]
    public async Task An_addition_that_cannot_be_taken_is_refused_and_kept(string text, int status, string problem)
    {
        var sent = await Desk.SendAsync();
        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            var before = await Desk.ContentAsync();
            var typed = text == "long" ? new string('补', 10_001) : text;
            var refused = await browser.SubmitAsync(page, "form[action*='handler=Add']", ("text", typed));
            Assert.Equal(status, refused.Status);
            Assert.StartsWith(problem, refused.Problem, StringComparison.Ordinal);
            Assert.Equal(typed, refused.Text("textarea"));
            Assert.Equal(before, await Desk.ContentAsync());
        }
    }

    [Fact]
    public async Task Contact_data_is_erased_at_the_writers_wish()
    {
        var sent = await Desk.SendAsync(RunningDesk.Streetlight, ("ContactName", "王小明"), ("ContactPhone", "13812345678"));
        var officer = await office.AsAsync("urban-1");
        var open = await officer.SubmitAsync(await officer.GetAsync("/staff/matter/" + sent.Number), "form[action*='handler=Original']", ("text", "需要回电"));
        Assert.Contains("13812345678", open.Body, StringComparison.Ordinal);
        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            Assert.Contains("城市管理局为答复打开了原文和联系方式", page.Texts("p.what"));
            var erased = await browser.SubmitAsync(page, "form[action*='handler=EraseContact']");
            Assert.Equal("联系方式已删除。", erased.Done);
            Assert.Contains("没有保存您的联系方式。", erased.Body, StringComparison.Ordinal);
            Assert.Null(erased.Document.QuerySelector("form[action*='handler=EraseContact'] button"));
        }

        open = await officer.SubmitAsync(await officer.GetAsync("/staff/matter/" + sent.Number), "form[action*='handler=Original']", ("text", "再次回电"));
        Assert.Equal(200, open.Status);
        Assert.DoesNotContain("13812345678", open.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_transfer_the_writer_may_let_the_new_department_call_at_once()
    {
        var sent = await Desk.SendAsync(RunningDesk.Streetlight, ("ContactPhone", "13812345678"));
        var urban = await office.AsAsync("urban-1");
        await urban.SubmitAsync(await urban.GetAsync("/staff/matter/" + sent.Number), "form[action*='handler=Transfer']", ("department", "housing"), ("text", "小区内部路灯由物业负责"));
        var housing = await office.AsAsync("housing-1");
        var held = await housing.SubmitAsync(await housing.GetAsync("/staff/matter/" + sent.Number), "form[action*='handler=Original']", ("text", "需要回电"));
        Assert.Equal((403, "刚转办的信，联系方式暂不能打开：来信人可以先行撤回。"), (held.Status, held.Problem));
        Assert.DoesNotContain("13812345678", held.Body, StringComparison.Ordinal);

        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            Assert.Contains("由城市管理局转到住房和城乡建设局", page.Texts("p.what"));
            Assert.Contains("小区内部路灯由物业负责", page.Body, StringComparison.Ordinal);
            var released = await browser.SubmitAsync(page, "form[action*='handler=Release']");
            Assert.Equal("新部门现在可以联系您。", released.Done);
            Assert.Null(released.Document.QuerySelector("form[action*='handler=Release']"));
        }

        var opened = await housing.SubmitAsync(await housing.GetAsync("/staff/matter/" + sent.Number), "form[action*='handler=Original']", ("text", "需要回电"));
        Assert.Contains("13812345678", opened.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disputed_answer_opens_the_matter_again()
    {
        var sent = await Desk.SendAsync();
        await AnswerAsync(sent, "solved", "路灯今日已修复。");
        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            Assert.Equal("已解决", page.Text("dl.facts dd strong"));
            Assert.Contains("路灯今日已修复。", page.Texts("blockquote"));
            Assert.Null(page.Document.QuerySelector("form[action*='handler=Add']"));
            var disputed = await browser.SubmitAsync(page, "form[action*='handler=Dispute']", ("text", "今晚还是不亮。"));
            Assert.Equal((200, "异议已收到，这件事重新办理。"), (disputed.Status, disputed.Done));
            Assert.Equal("办理中", disputed.Text("dl.facts dd strong"));
            var again = await browser.PostAsync("/letter?handler=Dispute", [.. Browser.Fill(disputed, "form[action*='handler=Leave']").Fields, ("text", "再次")]);
            Assert.Equal((409, "这件事还没有办结。"), (again.Status, again.Problem));
        }

        Assert.Contains("有异议", (await SharedOffice.InQueueAsync(await office.AsAsync("urban-1"), sent.Number))!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_writer_decides_on_publication_and_a_withdrawn_letter_is_nowhere_public()
    {
        var sent = await Desk.SendAsync(RunningDesk.Streetlight, ("Title", "银杏巷的灯"), ("ContactPhone", "13812345678"));
        await AnswerAsync(sent, "solved", "银杏巷的灯已经修复。");
        var editor = await office.AsAsync("editor-1");
        Assert.DoesNotContain("银杏巷的灯", (await editor.GetAsync("/staff/review")).Body, StringComparison.Ordinal);

        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            var agreed = await browser.SubmitAsync(page, "form[action*='handler=Publication']", ("publish", "true"));
            Assert.Contains("您同意答复隐去个人信息后公开。", agreed.Body, StringComparison.Ordinal);
            var review = await editor.GetAsync("/staff/review");
            var waiting = review.Document.QuerySelectorAll("td a").Single(link => link.TextContent == "银杏巷的灯").GetAttribute("href")!;
            Assert.Equal("答复已公开。", (await editor.SubmitAsync(await editor.GetAsync(waiting), "form[action*='handler=Publish']")).Done);

            var shown = await browser.GetAsync("/letter");
            var address = shown.Document.QuerySelector("a[href^='/answers/']")!.GetAttribute("href")!;
            Assert.Equal("银杏巷的灯", (await browser.GetAsync(address)).Text("h1"));
            Assert.Contains("银杏巷的灯", (await browser.GetAsync("/answers?q=银杏巷")).Body, StringComparison.Ordinal);

            var withdrawn = await browser.SubmitAsync(shown, "form[action*='handler=Withdraw']");
            Assert.Equal("信已撤回，联系方式和原文已删除。", withdrawn.Done);
            Assert.Equal("来信人已撤回", withdrawn.Text("dl.facts dd strong"));
            Assert.Null(withdrawn.Document.QuerySelector("form[action*='handler=Withdraw'], form[action*='handler=Publication'], form[action*='handler=Add'], form[action*='handler=Dispute']"));

            Assert.Equal(404, (await browser.GetAsync(address)).Status);
            foreach (var public_ in new[] { "/", "/answers", "/answers?q=银杏巷", "/answers?subject=urban", "/report", "/clarifications" })
                Assert.DoesNotContain("银杏巷的灯", (await browser.GetAsync(public_)).Body, StringComparison.Ordinal);
            var again = await browser.PostAsync("/letter?handler=Withdraw", Browser.Fill(withdrawn, "form[action*='handler=Leave']").Fields);
            Assert.Equal(409, again.Status);
        }

        var officer = await office.AsAsync("urban-1");
        var matter = await officer.GetAsync("/staff/matter/" + sent.Number);
        Assert.Equal(0, matter.Document.QuerySelectorAll("form[action*='handler=Original']").Length);
        Assert.Equal(0, await Desk.CountAsync($"SELECT COUNT(*) FROM sealed_contacts WHERE letter_id = '{sent.Id}'"));
    }

    [Fact]
    public async Task A_writer_who_agreed_may_take_a_published_answer_back()
    {
        var sent = await Desk.SendAsync(RunningDesk.Streetlight, ("Title", "槐树街的灯"), ("Publish", "true"));
        await AnswerAsync(sent, "solved", "槐树街的灯已经修复。");
        var editor = await office.AsAsync("editor-1");
        var waiting = (await editor.GetAsync("/staff/review")).Document.QuerySelectorAll("td a").Single(link => link.TextContent == "槐树街的灯").GetAttribute("href")!;
        await editor.SubmitAsync(await editor.GetAsync(waiting), "form[action*='handler=Publish']");
        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            var address = page.Document.QuerySelector("a[href^='/answers/']")!.GetAttribute("href")!;
            Assert.Equal(200, (await browser.GetAsync(address)).Status);
            var back = await browser.SubmitAsync(page, "form[action*='handler=Publication']", ("publish", "false"));
            Assert.Contains("已公开的答复已撤下", back.Texts("p.what"));
            Assert.Equal(404, (await browser.GetAsync(address)).Status);
        }
    }

    private async Task AnswerAsync(Sent sent, string disposition, string text)
    {
        var officer = await office.AsAsync("urban-1");
        var page = await officer.SubmitAsync(await officer.GetAsync("/staff/matter/" + sent.Number), "form#answer", ("text", text), ("disposition", disposition));
        Assert.Equal((200, "已答复并办结。"), (page.Status, page.Done));
    }
}
