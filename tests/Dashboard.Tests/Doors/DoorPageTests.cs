using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;

namespace Opinion.Dashboard.Tests.Doors;

/// <summary>The administrator's page of the doors, and the rows set aside as officers and editors see them.</summary>
public sealed class DoorPageTests : IAsyncLifetime
{
    private const string Canary = "13987650123";
    private RunningDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await RunningDesk.StartAsync();

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Fact]
    public async Task Every_door_is_listed_with_its_counts_runs_and_what_was_set_aside_but_no_content()
    {
        await SetAsideAsync();
        await _desk.Get<DoorRuns>().RecordAsync(new DoorRun(Channel.OwnSite, "board", _desk.Clock.Now, null, new DoorCounts(4, 2, 1, 1), "robots.txt: 503"), default);
        await _desk.SendAsync();
        await _desk.Get<DoorTally>().FlushAsync(default);
        using var admin = await _desk.SignInAsync("admin-1");
        var page = await admin.GetAsync("/staff/admin/doors");
        Assert.Equal(200, page.Status);
        Assert.Equal(["form", "mailbox", "hotline", "open311", "official-account", "own-site", "paper"], page.Document.QuerySelectorAll("h2").Select(title => title.Id));
        Assert.Equal(["开启", "关闭", "开启", "关闭", "关闭", "关闭", "开启"], page.Texts("h2 .tag"));
        Assert.Contains(page.Texts("main p"), text => text.Contains("新收 1", StringComparison.Ordinal));
        Assert.Contains("robots.txt: 503", page.Texts("td"));
        Assert.Equal(["week.csv", "7", "time", "日期写法不认识，或没有这一天"], page.Texts("table.aside td").Skip(1));
        Assert.Contains(page.Texts("li"), text => text == "未具备 · 令牌（Token）");
        Assert.DoesNotContain(Canary, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_door_is_closed_and_opened_with_a_line_in_the_audit_log()
    {
        using var admin = await _desk.SignInAsync("admin-1");
        var closed = await admin.SubmitAsync(await admin.GetAsync("/staff/admin/doors"), "#form + .row form[action*='handler=Set']");
        Assert.Equal("“网上写信”已关闭，来的人会被告知，不收下任何内容。", closed.Done);
        using var writer = _desk.Browser();
        var form = await writer.GetAsync("/write");
        Assert.Equal(503, form.Status);
        Assert.StartsWith("网上写信暂时关闭，没有收下任何内容。", form.Problem, StringComparison.Ordinal);
        Assert.Null(form.Document.QuerySelector("textarea"));
        var log = await admin.GetAsync("/staff/admin/audit");
        Assert.Contains("关闭来信渠道", log.Texts("td"));
        var opened = await admin.SubmitAsync(await admin.GetAsync("/staff/admin/doors"), "#form + .row form[action*='handler=Set']");
        Assert.Equal("“网上写信”已开启。", opened.Done);
        Assert.Equal(200, (await writer.GetAsync("/write")).Status);
    }

    [Fact]
    public async Task A_letter_written_before_the_form_was_closed_is_refused_and_not_stored()
    {
        using var writer = _desk.Browser();
        var form = await writer.GetAsync("/write");
        var admin = await _desk.Get<Opinion.Desk.Accounts.StaffDirectory>().FindAsync(await IdAsync("admin-1"), default);
        Assert.Null(await _desk.Get<DoorSwitch>().SetAsync(Channel.Form, open: false, admin!, default));
        var page = await writer.SubmitAsync(form, "form.stack", ("Body", RunningDesk.Streetlight));
        Assert.Equal((503, ""), (page.Status, page.Receipt));
        Assert.Equal(0, await _desk.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task The_test_button_tries_a_door_and_says_what_it_found()
    {
        using var admin = await _desk.SignInAsync("admin-1");
        var form = await admin.SubmitAsync(await admin.GetAsync("/staff/admin/doors"), "#form + .row form[action*='handler=Test']");
        Assert.Equal(5, form.Texts("#found li").Count);
        Assert.Contains("通过 · 存储可以写入", form.Texts("#found li"));
        var hotline = await admin.InEnglish().SubmitAsync(await admin.GetAsync("/staff/admin/doors"), "#hotline + .row form[action*='handler=Test']");
        Assert.Equal("The test did not pass.", hotline.Text("#found strong"));
        Assert.Contains("Failed · The watched folder inbox/hotline is there", hotline.Texts("#found li"));
        Assert.Contains("Passed · The store can be written to", hotline.Texts("#found li"));
    }

    [Theory]
    [InlineData("intake-1")]
    [InlineData("editor-1")]
    public async Task An_officer_of_the_intake_and_an_editor_open_a_row_with_a_reason_and_erase_it(string login)
    {
        await SetAsideAsync();
        using var browser = await _desk.SignInAsync(login);
        var list = await browser.OpenAsync((await browser.GetAsync("/staff")).Document.QuerySelector("a[href='/staff/set-aside/rows']")!.GetAttribute("href")!);
        Assert.DoesNotContain(Canary, list.Body, StringComparison.Ordinal);
        Assert.Contains("week.csv · 第 7 行 · time", list.Text("form.card p"), StringComparison.Ordinal);
        var without = await browser.SubmitAsync(list, "form.card", ("reason", ""));
        Assert.Equal((400, "内容是空的。请写上内容再提交。"), (without.Status, without.Problem));
        var opened = await browser.SubmitAsync(list, "form.card", ("reason", "核对日期"));
        Assert.Equal("id: 7\nphone: " + Canary, opened.Text("#opened blockquote"));
        Assert.Equal("已删除这一行。", (await browser.SubmitAsync(opened, "#opened form")).Done);
        Assert.Equal(0, await _desk.CountAsync("SELECT COUNT(*) FROM sealed_rows"));
        Assert.Equal(2, await _desk.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action LIKE 'set-aside-%' AND (reason = '核对日期' OR action = 'set-aside-erased')"));
    }

    [Fact]
    public async Task Other_officers_see_none_and_open_none()
    {
        await SetAsideAsync();
        var id = (await _desk.Get<SetAsideRows>().NewestAsync(null, 1, default))[0].Id;
        using var browser = await _desk.SignInAsync("urban-1");
        var page = await browser.GetAsync("/staff/set-aside/rows");
        Assert.Equal((200, "没有搁置的行。"), (page.Status, page.Text("p.empty")));
        foreach (var handler in new[] { "Open", "Erase" })
            Assert.Equal(403, (await browser.PostAsync("/staff/set-aside/rows?handler=" + handler, [.. Browser.Fill(page, "form[action*='handler=out']").Fields, ("row", id), ("reason", "看看")])).Status);
        Assert.Equal(1, await _desk.CountAsync("SELECT COUNT(*) FROM sealed_rows"));
    }

    private async Task SetAsideAsync() => Assert.Equal(1, await _desk.Get<SetAsideRows>().PutAsync(new NotTaken(Channel.Hotline, SetAsideReasons.UnknownDate, "week.csv", 7, "time", "id: 7\nphone: " + Canary), default));

    private async Task<string> IdAsync(string login)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(_desk.Get<Opinion.Desk.Storage.DeskStore>().ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM accounts WHERE user_name = @login";
        command.Parameters.AddWithValue("@login", login);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
