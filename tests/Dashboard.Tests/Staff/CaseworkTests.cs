using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Staff;

/// <summary>An officer's day on the pages: queue, sorting, transfer, words to the writer, deadline and answer.</summary>
[Collection(OfficeCollection.Name)]
public sealed class CaseworkTests(SharedOffice office)
{
    private RunningDesk Desk => office.Desk;

    [Fact]
    public async Task The_queue_puts_danger_first_then_what_is_overdue_longest()
    {
        var now = Desk.Clock.Now;
        try
        {
            Desk.Clock.Now = now.AddDays(-20);
            var oldest = await Desk.SendAsync();
            Desk.Clock.Now = now.AddDays(-15);
            var older = await Desk.SendAsync();
            Desk.Clock.Now = now;
            var fresh = await Desk.SendAsync();
            var urgent = await Desk.SendAsync("路灯杆漏电着火了！" + RunningDesk.Fire + RunningDesk.Streetlight);
            var officer = await office.AsAsync("urban-1");
            var queue = await officer.GetAsync("/staff/queue");
            var numbers = queue.Document.QuerySelectorAll("table.queue a").Select(link => link.GetAttribute("href")!.Split('/')[^1]).ToList();
            Assert.True(numbers.Count >= 4);
            Assert.Equal([urgent.Number, oldest.Number, older.Number], numbers.Where(number => number == urgent.Number || number == oldest.Number || number == older.Number || number == fresh.Number).Take(3));
            Assert.Equal("urgent", queue.Document.QuerySelector("table.queue tbody tr")!.ClassName);
            Assert.Equal("overdue", queue.Document.QuerySelector($"a[href$='{oldest.Number}']")!.Closest("tr")!.ClassName);
            Assert.Equal("30", queue.Headers["Refresh"]);

            var overdue = await officer.GetAsync("/staff/queue?view=Overdue");
            Assert.Contains(oldest.Number, overdue.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(fresh.Number, overdue.Body, StringComparison.Ordinal);
            Assert.Contains(oldest.Number, (await officer.GetAsync("/staff/queue?subject=urban.streetlight")).Body, StringComparison.Ordinal);
            Assert.DoesNotContain(oldest.Number, (await officer.GetAsync("/staff/queue?subject=housing")).Body, StringComparison.Ordinal);
            foreach (var strange in new[] { "?p=-5", "?p=99999999", "?subject=nothing", "?p=x", "?view=Nothing" })
                Assert.Equal(200, (await officer.GetAsync("/staff/queue" + strange)).Status);
        }
        finally
        {
            Desk.Clock.Now = now;
        }
    }

    [Fact]
    public async Task Danger_stands_on_every_page_of_the_officers_on_duty_until_one_takes_it()
    {
        var sent = await Desk.SendAsync(RunningDesk.Fire + "槐花里。" + RunningDesk.Streetlight);
        var duty = await office.AsAsync("housing-duty");
        foreach (var path in new[] { "/", "/staff", "/staff/bank", "/answers" })
            Assert.Contains(sent.Number, (await duty.GetAsync(path)).Document.QuerySelectorAll(".alarm a").Select(link => link.GetAttribute("href")!.Split('/')[^1]));
        Assert.DoesNotContain(sent.Number, (await (await office.AsAsync("housing-1")).GetAsync("/staff")).Body, StringComparison.Ordinal);
        var taken = await duty.SubmitAsync(await duty.GetAsync("/staff"), $".alarm form[action*='{sent.Number}']");
        Assert.Equal((200, "您已接手这起险情。"), (taken.Status, taken.Done));
        Assert.DoesNotContain(sent.Number, (await duty.GetAsync("/staff")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_corrected_subject_counts_at_once_and_the_writer_sees_it()
    {
        var sent = await Desk.SendAsync();
        var done = await DoAsync(sent, "Correct", ("subject", "urban.streetlight.new"), ("need", "suggestion"));
        Assert.Equal("分类已更正。", done.Done);
        Assert.Contains("城市管理 › 路灯照明 › 增设路灯", done.Texts("dl.facts dd"));
        Assert.Contains("分类更正为：城市管理 › 路灯照明 › 增设路灯", await WriterSeesAsync(sent));
    }

    [Fact]
    public async Task A_transfer_needs_its_reason_and_moves_the_matter_away()
    {
        var sent = await Desk.SendAsync();
        var refused = await DoAsync(sent, "Transfer", ("department", "housing"), ("text", " "));
        Assert.Equal(400, refused.Status);
        Assert.StartsWith("内容是空的。", refused.Problem, StringComparison.Ordinal);
        Assert.True(refused.Document.QuerySelector("form[action*='handler=Transfer']")!.Closest("details")!.HasAttribute("open"));
        refused = await DoAsync(sent, "Transfer", ("department", ""), ("text", "小区内部的灯由物业管"));
        Assert.Equal((400, "请选择一个部门。"), (refused.Status, refused.Problem));
        Assert.Equal("小区内部的灯由物业管", refused.Text("form[action*='handler=Transfer'] textarea"));

        var done = await DoAsync(sent, "Transfer", ("department", "housing"), ("text", "小区内部的灯由物业管"));
        Assert.Equal((200, "/staff/queue"), (done.Status, done.Path));
        Assert.Equal(403, (await (await office.AsAsync("urban-1")).GetAsync("/staff/matter/" + sent.Number)).Status);
        Assert.Equal(200, (await (await office.AsAsync("housing-1")).GetAsync("/staff/matter/" + sent.Number)).Status);
        Assert.Contains("由城市管理局转到住房和城乡建设局", await WriterSeesAsync(sent));
    }

    [Fact]
    public async Task Question_and_interim_reply_reach_the_writer_and_a_note_never_does()
    {
        var sent = await Desk.SendAsync();
        Assert.Equal("提问已发出。", (await DoAsync(sent, "Ask", ("text", "灯杆编号是多少？"))).Done);
        Assert.Equal("阶段回复已发出。", (await DoAsync(sent, "Reply", ("text", "维修队明早到场。"))).Done);
        var noted = await DoAsync(sent, "Note", ("text", "内部：联系二号仓库取灯头。"));
        Assert.Equal("备注已记下。", noted.Done);
        Assert.Contains("内部：联系二号仓库取灯头。", noted.Body, StringComparison.Ordinal);
        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser)
        {
            Assert.Contains("灯杆编号是多少？", page.Body, StringComparison.Ordinal);
            Assert.Contains("维修队明早到场。", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("二号仓库", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("内部备注", page.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("3", "等待配件", 200, "")]
    [InlineData("0", "等待配件", 400, "请填 1 到 30 个工作日。")]
    [InlineData("31", "等待配件", 400, "请填 1 到 30 个工作日。")]
    [InlineData("x", "等待配件", 400, "请填 1 到 30 个工作日。")]
    [InlineData("3", "", 400, "内容是空的。请写上内容再提交。")]
    public async Task A_deadline_moves_only_with_days_and_a_reason(string days, string reason, int status, string problem)
    {
        var sent = await Desk.SendAsync();
        var page = await DoAsync(sent, "Extend", ("days", days), ("text", reason));
        Assert.Equal((status, problem), (page.Status, page.Problem));
        Assert.Contains(status == 200 ? "2026年11月26日" : "2026年11月23日", page.Texts("dl.facts dd"));
        Assert.Equal(status == 200, (await WriterSeesAsync(sent)).Contains("城市管理局将期限延至2026年11月26日"));
    }

    [Theory]
    [InlineData("solved", "已解决")]
    [InlineData("partly-solved", "部分解决")]
    [InlineData("declined", "不予采纳（附理由）")]
    [InlineData("transferred", "不属本单位职责，已告知去向")]
    public async Task An_answer_closes_the_matter_with_its_disposition(string disposition, string words)
    {
        var sent = await Desk.SendAsync();
        var page = await DoAsync(sent, "Answer", ("disposition", disposition), ("text", "路灯的事已经答复。"));
        Assert.Equal((200, "已答复并办结。", words), (page.Status, page.Done, page.Text("dl.facts dd strong")));
        Assert.Null(page.Document.QuerySelector("section.deeds"));
        Assert.Contains("城市管理局答复：" + words, await WriterSeesAsync(sent));
        var officer = await office.AsAsync("urban-1");
        Assert.Contains(sent.Number, (await officer.GetAsync("/staff/queue?view=Closed")).Body, StringComparison.Ordinal);
        var again = await officer.PostAsync($"/staff/matter/{sent.Number}?handler=Note", [.. Browser.Fill(page, "form[action*='handler=out']").Fields, ("text", "迟到的备注")]);
        Assert.Equal((409, "这件事已经办结或撤回，不能再改动。"), (again.Status, again.Problem));
    }

    [Theory]
    [InlineData("", "路灯的事已经答复。")]
    [InlineData("withdrawn", "路灯的事已经答复。")]
    [InlineData("solved", " ")]
    public async Task An_answer_without_a_disposition_or_words_is_refused_and_kept(string disposition, string text)
    {
        var sent = await Desk.SendAsync();
        var page = await DoAsync(sent, "Answer", ("disposition", disposition), ("text", text));
        Assert.InRange(page.Status, 400, 403);
        Assert.NotEmpty(page.Problem);
        Assert.Equal(text.Trim(), page.Text("form#answer textarea"));
        Assert.Equal("办理中", page.Text("dl.facts dd strong"));
    }

    [Fact]
    public async Task A_letter_nobody_has_sorted_is_answered_only_after_it_is()
    {
        var sent = await Desk.SendAsync("您好，请问。");
        var intake = await office.AsAsync("intake-1");
        var page = await intake.GetAsync("/staff/matter/" + sent.Number);
        Assert.Equal(200, page.Status);
        var refused = await intake.SubmitAsync(page, "form#answer", ("disposition", "solved"), ("text", "您好。"));
        Assert.Equal((400, "请先选定一个分类。"), (refused.Status, refused.Problem));
        Assert.Equal("您好。", refused.Text("form#answer textarea"));
    }

    [Fact]
    public async Task Opening_the_original_needs_a_reason_and_is_audited_before_it_is_shown()
    {
        var sent = await Desk.SendAsync("我叫欧阳明月，住在梧桐小区。" + RunningDesk.Streetlight, ("ContactName", "欧阳明月"));
        var officer = await office.AsAsync("urban-1");
        Assert.DoesNotContain("欧阳明月", (await officer.GetAsync("/staff/matter/" + sent.Number)).Body, StringComparison.Ordinal);
        var refused = await DoAsync(sent, "Original", ("text", ""));
        Assert.Equal(400, refused.Status);
        Assert.DoesNotContain("欧阳明月", refused.Body, StringComparison.Ordinal);
        Assert.Equal(0, await Desk.CountAsync($"SELECT COUNT(*) FROM audit_log WHERE action = 'original-opened' AND target = '{sent.Number}'"));
        var opened = await DoAsync(sent, "Original", ("text", "核对地址"));
        Assert.Contains("欧阳明月", opened.Body, StringComparison.Ordinal);
        Assert.Contains("no-store", opened.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Equal(1, await Desk.CountAsync($"SELECT COUNT(*) FROM audit_log WHERE action = 'original-opened' AND target = '{sent.Number}' AND reason = '核对地址'"));
        Assert.DoesNotContain("欧阳明月", (await officer.GetAsync("/staff/matter/" + sent.Number)).Body, StringComparison.Ordinal);
        var audit = await (await office.AsAsync("admin-1")).GetAsync("/staff/admin/audit");
        Assert.Contains("核对地址", audit.Body, StringComparison.Ordinal);
    }

    private async Task<Page> DoAsync(Sent sent, string handler, params (string Name, string Value)[] values)
    {
        var officer = await office.AsAsync("urban-1");
        return await officer.SubmitAsync(await officer.GetAsync("/staff/matter/" + sent.Number), $"form[action*='handler={handler}']", values);
    }

    private async Task<IReadOnlyList<string>> WriterSeesAsync(Sent sent)
    {
        var (browser, page) = await Desk.FollowAsync(sent.Code);
        using (browser) return page.Texts("p.what");
    }
}
