using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Open311;

/// <summary>The administrator's page of the door.</summary>
public sealed class AdministratorTests : IAsyncLifetime
{
    private const string Path = "/staff/admin/open311";
    private Open311Client _client = null!;

    public async Task InitializeAsync() => _client = await Open311Client.StartAsync();

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task A_key_is_shown_once_counts_and_counts_no_more_once_revoked()
    {
        using var admin = await _client.Desk.SignInAsync("admin-1");
        var page = await admin.SubmitOnlyAsync(await admin.GetAsync(Path), "form#make-key", ("label", "城市应用"));
        var key = page.Text("#new-key code");
        Assert.StartsWith("o311-", key, StringComparison.Ordinal);
        Assert.DoesNotContain(admin.SetCookies, cookie => cookie.Contains(key, StringComparison.Ordinal));
        var shown = await admin.GetAsync(Path);
        Assert.DoesNotContain(key, shown.Body, StringComparison.Ordinal);
        Assert.Contains("城市应用", shown.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await PostAsync(key)).Status);
        var id = shown.Document.QuerySelector("form[action*='handler=Revoke'] input[name=id]")!.GetAttribute("value")!;
        Assert.Equal("密钥已停用，立即生效。", (await admin.SubmitAsync(shown, $"form[action*='handler=Revoke']:has(input[value='{id}'])")).Done);
        Assert.Equal(403, (await PostAsync(key)).Status);
        Assert.Equal(0, await _client.Desk.CountAsync($"SELECT COUNT(*) FROM audit_log WHERE target LIKE '%{key}%' OR reason LIKE '%{key}%'"));
        Assert.All(_client.Desk.Log.Lines, line => Assert.DoesNotContain(key, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_services_ask_is_kept_on_the_page_and_told_by_the_door()
    {
        using var admin = (await _client.Desk.SignInAsync("admin-1")).InEnglish();
        var done = await admin.SubmitAsync(await admin.GetAsync(Path), "form#add-attribute", ("service", "urban"), ("code", "side"), ("question", "哪一侧？"), ("kind", "singlevaluelist"), ("choices", "e=东\r\nw=西"), ("required", "true"));
        Assert.Equal("Saved.", done.Done);
        var told = (await _client.GetAsync("/open311/v2/services/urban.json")).Json.GetProperty("attributes");
        Assert.Equal(("side", "w"), (Assert.Single(told.EnumerateArray()).GetProperty("code").GetString(), told[0].GetProperty("values")[1].GetProperty("key").GetString()));
        Assert.Equal(400, (await PostAsync(_client.Key)).Status);
        foreach (var wrong in new (string, string)[][] { [("code", "Bad Code")], [("choices", "no choice")], [("kind", "text")], [("kind", "nothing")] })
            Assert.NotEqual("", (await admin.SubmitAsync(await admin.GetAsync(Path), "form#add-attribute", [.. new (string, string)[] { ("service", "urban"), ("code", "x"), ("question", "q"), ("kind", "singlevaluelist"), ("choices", "a=b") }.Where(field => wrong.All(one => one.Item1 != field.Item1)), .. wrong])).Problem);
        Assert.Equal(1, await _client.Desk.CountAsync("SELECT COUNT(*) FROM open311_attributes"));
        Assert.Equal("Removed.", (await admin.SubmitAsync(await admin.GetAsync(Path), "form[action*='handler=DropAttribute']")).Done);
        Assert.Equal(200, (await PostAsync(_client.Key)).Status);
    }

    [Fact]
    public async Task Jurisdictions_numbers_and_the_guest_are_set_there()
    {
        using var admin = await _client.Desk.SignInAsync("admin-1");
        Assert.Equal("已保存。", (await admin.SubmitAsync(await admin.GetAsync(Path), "form#add-jurisdiction", ("jurisdiction", "a.example.org"))).Done);
        Assert.Equal(404, (await _client.GetAsync("/open311/v2/services.xml?jurisdiction_id=b")).Status);
        Assert.Equal("已删除。", (await admin.SubmitAsync(await admin.GetAsync(Path), "form[action*='handler=DropJurisdiction']")).Done);
        Assert.Equal("已保存。", (await admin.SubmitAsync(await admin.GetAsync(Path), "form[action*='handler=Numbers']", ("later", "true"))).Done);
        Assert.Contains("batch", (await _client.GetAsync("/open311/v2/services.xml")).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await _client.GetAsync("/.well-known/opinion-intake.json")).Status);
        Assert.NotEqual("", (await admin.SubmitAsync(await admin.GetAsync(Path), "form#guest", ("installation", "Wrong Id"), ("until", "2026-12-31"))).Problem);
        Assert.Equal("已保存。", (await admin.SubmitAsync(await admin.GetAsync(Path), "form#guest", ("installation", "0123456789abcdef"), ("until", "2026-12-31"))).Done);
        Assert.Equal("{\"installation\":\"0123456789abcdef\",\"until\":\"2026-12-31\"}", (await _client.GetAsync("/.well-known/opinion-intake.json")).Text);
        Assert.Equal("已保存。", (await admin.SubmitAsync(await admin.GetAsync(Path), "form#guest", ("installation", ""), ("until", ""))).Done);
        Assert.Equal(404, (await _client.GetAsync("/.well-known/opinion-intake.json")).Status);
    }

    [Fact]
    public async Task Nobody_but_an_administrator_opens_it()
    {
        foreach (var login in new[] { "urban-1", "editor-1", "analyst-1" })
        {
            using var browser = await _client.Desk.SignInAsync(login);
            Assert.Equal(403, (await browser.GetAsync(Path)).Status);
        }
    }

    private Task<Told> PostAsync(string key) => _client.PostAsync("/open311/v2/requests.json", ("api_key", key), ("service_code", "urban"), ("address_id", "office"), ("description", RunningDesk.Streetlight));
}
