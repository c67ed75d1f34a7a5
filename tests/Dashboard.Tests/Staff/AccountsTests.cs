using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Staff;

/// <summary>Signing in, accounts, roles by two administrators, and changes that hold at the next request.</summary>
[Collection(OfficeCollection.Name)]
public sealed class AccountsTests(SharedOffice office)
{
    private RunningDesk Desk => office.Desk;

    [Theory]
    [InlineData("urban-1", "wrong password")]
    [InlineData("no such account", "wrong password")]
    [InlineData("leaver ", "")]
    [InlineData("nobody", RunningDesk.Password)]
    public async Task A_wrong_sign_in_looks_the_same_for_every_account(string login, string password)
    {
        using var browser = Desk.Browser();
        var page = await browser.SubmitAsync(await browser.GetAsync("/staff/sign-in"), "form.narrow", ("login", login), ("password", password));
        Assert.Equal((401, "没有登录。账号或密码不对，或者账号暂时锁定、已停用、还没有角色。"), (page.Status, page.Problem));
        Assert.DoesNotContain("opinion-staff", browser.Cookies.Keys);
        var same = await browser.SubmitAsync(page, "form.narrow", ("login", "x"), ("password", "y"));
        Assert.Equal(same.WithoutTokens().Replace(" value=\"x\"", "", StringComparison.Ordinal), page.WithoutTokens().Replace($" value=\"{login}\"", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/staff/queue", "/staff/queue")]
    [InlineData("//evil.example", "/staff")]
    [InlineData("https://evil.example/", "/staff")]
    [InlineData("/\\evil.example", "/staff")]
    public async Task Signing_in_goes_back_to_a_page_of_this_desk_only(string back, string goes)
    {
        using var browser = Desk.Browser();
        var page = await browser.SubmitOnlyAsync(await browser.GetAsync("/staff/sign-in?back=" + Uri.EscapeDataString(back)), "form.narrow", ("login", "urban-1"), ("password", RunningDesk.Password));
        Assert.Equal((302, goes), (page.Status, page.Location));
    }

    [Fact]
    public async Task A_visitor_is_brought_to_the_page_after_signing_in_and_signing_out_ends_it()
    {
        using var browser = Desk.Browser();
        var form = await browser.OpenAsync("/staff/queue?view=Closed");
        Assert.Equal("工作人员登录", form.Text("h1"));
        var page = await browser.SubmitAsync(form, "form.narrow", ("login", "urban-1"), ("password", RunningDesk.Password));
        Assert.Equal((200, "/staff/queue?view=Closed"), (page.Status, page.Path));
        var outside = await browser.SubmitAsync(page, "form[action='/staff/sign-in?handler=out']");
        Assert.Equal((200, "/"), (outside.Status, outside.Path));
        Assert.StartsWith("/staff/sign-in", (await browser.GetAsync("/staff/queue")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_without_a_role_opens_no_staff_page()
    {
        using var browser = Desk.Browser();
        var page = await browser.SubmitAsync(await browser.GetAsync("/staff/sign-in"), "form.narrow", ("login", "nobody"), ("password", RunningDesk.Password));
        Assert.Equal(401, page.Status);
        Assert.StartsWith("/staff/sign-in", (await browser.GetAsync("/staff")).Location, StringComparison.Ordinal);
        Assert.Equal(0, await Desk.CountAsync("SELECT COUNT(*) FROM audit_log l JOIN accounts a ON a.id = l.actor WHERE l.action = 'signed-in' AND a.user_name = 'nobody'"));
    }

    [Fact]
    public async Task A_role_counts_once_another_administrator_has_confirmed_it_and_holds_at_the_next_request()
    {
        var letter = await Desk.SendAsync();
        var mover = await office.AsAsync("mover");
        Assert.NotNull(await SharedOffice.InQueueAsync(mover, letter.Number));
        var first = await office.AsAsync("admin-1");
        var second = await office.AsAsync("admin-2");
        var accounts = await first.GetAsync("/staff/admin/accounts");
        var id = Option(accounts, "mover");

        foreach (var (role, department) in new[] { ("Officer", ""), ("Editor", "urban"), ("Officer", "nowhere") })
        {
            var (action, fields) = Browser.Fill(accounts, "form[action*='handler=Ask']");
            var refused = await first.PostAsync(action, [.. fields.Where(field => field.Name.StartsWith("__", StringComparison.Ordinal)), ("account", id), ("role", role), ("department", department)]);
            Assert.Equal((400, "承办人员要选部门，其他角色不选部门。"), (refused.Status, refused.Problem));
        }

        var asked = await first.SubmitAsync(accounts, "form[action*='handler=Ask']", ("account", id), ("role", "Officer"), ("department", "housing"));
        Assert.Equal("已申请，请另一位管理员确认。", asked.Done);
        Assert.NotNull(await SharedOffice.InQueueAsync(mover, letter.Number));
        var own = await first.SubmitAsync(asked, RowForm(asked, "mover", "Confirm"));
        Assert.Equal((400, "需要另一位管理员来确认。"), (own.Status, own.Problem));

        var other = await second.GetAsync("/staff/admin/accounts");
        Assert.Equal("已确认，角色生效。", (await second.SubmitAsync(other, RowForm(other, "mover", "Confirm"))).Done);
        var queue = await mover.GetAsync("/staff/queue");
        Assert.Equal("住房和城乡建设局", queue.Text("h1 small"));
        Assert.Null(await SharedOffice.InQueueAsync(mover, letter.Number));
        Assert.Equal(403, (await mover.GetAsync("/staff/matter/" + letter.Number)).Status);
    }

    [Fact]
    public async Task Nobody_confirms_a_role_of_their_own()
    {
        var first = await office.AsAsync("admin-1");
        var second = await office.AsAsync("admin-2");
        var accounts = await first.GetAsync("/staff/admin/accounts");
        await first.SubmitAsync(accounts, "form[action*='handler=Ask']", ("account", Option(accounts, "admin-2")), ("role", "Officer"), ("department", "housing"));
        var page = await second.GetAsync("/staff/admin/accounts");
        var refused = await second.SubmitAsync(page, RowForm(page, "admin-2", "Confirm"));
        Assert.Equal((400, "需要另一位管理员来确认。"), (refused.Status, refused.Problem));
        Assert.Equal(200, (await second.GetAsync("/staff/admin/accounts")).Status);
    }

    [Fact]
    public async Task A_disabled_account_is_out_at_the_next_request_and_cannot_sign_in()
    {
        using var leaver = await Desk.SignInAsync("leaver");
        Assert.Equal(200, (await leaver.GetAsync("/staff/queue")).Status);
        var admin = await office.AsAsync("admin-1");
        var accounts = await admin.GetAsync("/staff/admin/accounts");
        Assert.Null(accounts.Document.QuerySelectorAll("tr").Single(row => row.TextContent.Contains("admin-1", StringComparison.Ordinal) && row.QuerySelector("td") is not null && row.QuerySelector("td")!.TextContent.Trim().StartsWith("admin-1", StringComparison.Ordinal)).QuerySelector("form[action*='handler=Disable']"));
        Assert.Equal("账号已停用，立即生效。", (await admin.SubmitAsync(accounts, RowForm(accounts, "leaver", "Disable"))).Done);
        Assert.StartsWith("/staff/sign-in", (await leaver.GetAsync("/staff/queue")).Location, StringComparison.Ordinal);

        using var again = Desk.Browser();
        var page = await again.SubmitAsync(await again.GetAsync("/staff/sign-in"), "form.narrow", ("login", "leaver"), ("password", RunningDesk.Password));
        Assert.Equal((401, "没有登录。账号或密码不对，或者账号暂时锁定、已停用、还没有角色。"), (page.Status, page.Problem));
    }

    [Fact]
    public async Task A_new_account_needs_names_and_a_password_that_is_long_enough()
    {
        var admin = await office.AsAsync("admin-1");
        var page = await admin.GetAsync("/staff/admin/accounts");
        (string, string)[] filled = [("login", "新来的"), ("nameZh", "新来的"), ("nameEn", "New"), ("password", "十二个字以上的口令-a1")];
        foreach (var (name, value, problem) in new[] { ("nameEn", " ", "账号和姓名都要填。"), ("login", "urban-1", "已有这个账号。"), ("password", "short", "密码至少 12 位，且不要只用几个相同的字符。"), ("password", "aaaaaaaaaaaaaaaa", "密码至少 12 位，且不要只用几个相同的字符。") })
        {
            var refused = await admin.SubmitAsync(page, "form[action*='handler=Add']", [.. filled.Where(field => field.Item1 != name), (name, value)]);
            Assert.Equal((400, problem), (refused.Status, refused.Problem));
        }

        var done = await admin.SubmitAsync(page, "form[action*='handler=Add']", filled);
        Assert.Equal((200, "账号已新增，还没有角色。"), (done.Status, done.Done));
        Assert.Contains("新来的", done.Texts("tbody td"));
        Assert.Equal(1, await Desk.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'account-added'"));
    }

    private static string Option(Page accounts, string login) =>
        accounts.Document.QuerySelectorAll("[name=account] option").Single(option => option.TextContent == login).GetAttribute("value")!;

    /// <summary>A selector for the form of an action in the row of an account.</summary>
    private static string RowForm(Page accounts, string login, string handler)
    {
        var rows = accounts.Document.QuerySelectorAll("tbody tr").ToList();
        var row = rows.FindIndex(row => row.QuerySelector("td")!.TextContent.Trim().Split(' ', '\n')[0] == login);
        Assert.True(row >= 0);
        return $"tbody tr:nth-child({row + 1}) form[action*='handler={handler}']";
    }
}
