using System.Diagnostics;
using System.Globalization;
using System.Text;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Answers;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Ingest.OfficialAccount;
using Xunit.Abstractions;

namespace Opinion.Dashboard.Tests.Doors;

/// <summary>The official account's address on the running host, as its platform calls it.</summary>
public sealed class OfficialAccountTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Token = "weixin";
    private const string Question = "屋顶漏水怎么动用维修资金？";
    private RunningDesk _desk = null!;
    private Browser _platform = null!;

    public async Task InitializeAsync()
    {
        _desk = await RunningDesk.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_desk.Folder, "keys", OfficialAccountSettings.FileName), $$"""{ "token": "{{Token}}" }""");
        using var admin = await _desk.SignInAsync("admin-1");
        await admin.SubmitAsync(await admin.GetAsync("/staff/admin/doors"), "#official-account + .row form[action*='handler=Set']");
        await _desk.Get<AnswerBank>().PutAsync(
            [
                new BankEntry("B001", "housing", "屋顶漏水怎么动用维修资金", ["维修资金紧急使用要签字吗"], "屋面严重渗漏可以应急使用维修资金。", "", "https://town.example/fund", new DateOnly(2027, 6, 1)),
                new BankEntry("B002", "urban", "共享单车乱停放找谁处理", [], "请拨打城管电话。", "", "https://town.example/bikes", new DateOnly(2027, 6, 1)),
            ], default);
        _platform = _desk.Browser();
    }

    public async Task DisposeAsync()
    {
        _platform.Dispose();
        await _desk.DisposeAsync();
    }

    [Fact]
    public async Task The_check_vector_is_echoed_as_plain_text_and_anything_else_is_refused()
    {
        var signature = AccountSignature.Of(Token, "1357982061", "1358161344");
        var page = await _platform.GetAsync($"/official-account?signature={signature}&timestamp=1357982061&nonce=1358161344&echostr=%3Cb%3E7");
        Assert.Equal((200, "<b>7", "text/plain; charset=utf-8"), (page.Status, page.Body, page.Headers["Content-Type"]));
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        foreach (var query in new[] { "", $"?signature={signature}&timestamp=1357982062&nonce=1358161344&echostr=7", $"?signature={signature}&timestamp=1357982061&nonce=1358161344", $"?signature={signature}&signature=x&timestamp=1357982061&nonce=1358161344&echostr=7" })
            Assert.Equal(403, (await _platform.GetAsync("/official-account" + query)).Status);
    }

    [Fact]
    public async Task A_message_becomes_a_letter_which_is_carried_on_at_once()
    {
        var reply = await PostAsync(Text(RunningDesk.Streetlight, "1"));
        Assert.Equal((200, "text/xml; charset=utf-8"), (reply.Status, reply.Headers["Content-Type"]));
        Assert.Contains("收据码", reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFEFF', reply.Body);
        for (var wait = Stopwatch.StartNew(); await _desk.CountAsync("SELECT COUNT(*) FROM matters") == 0;)
        {
            Assert.True(wait.Elapsed < TimeSpan.FromSeconds(20));
            await Task.Delay(50);
        }

        // The code opens the letter on the web as well.
        var code = reply.Body.Split('\n').First(line => line.Count(c => c == '-') == 4);
        var (follower, letter) = await _desk.FollowAsync(code);
        using (follower) Assert.Contains(RunningDesk.Streetlight, letter.Document.Body!.TextContent, StringComparison.Ordinal);
        using var officer = await _desk.SignInAsync("urban-1");
        var original = await officer.GetAsync("/staff/matter/" + letter.Text("dl.facts div:nth-child(2) dd"));
        original = await officer.SubmitAsync(original, "form[action*='handler=Original']", ("text", "核对原文"));
        Assert.Contains(RunningDesk.Streetlight, original.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", original.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<xml>", 400)]
    [InlineData("<!DOCTYPE a><xml/>", 400)]
    [InlineData("", 400)]
    public async Task A_body_that_is_no_message_is_refused_in_plain_words(string body, int status)
    {
        var before = await _desk.ContentAsync();
        var page = await PostAsync(body);
        Assert.Equal((status, "text/plain; charset=utf-8"), (page.Status, page.Headers["Content-Type"]));
        Assert.Equal(413, (await PostAsync(Text(new string('x', AccountXml.BodyLimit), "1"))).Status);
        Assert.Equal(403, (await _platform.PostBodyAsync("/official-account", Text("x", "1"), contentType: "text/xml")).Status);
        Assert.Equal(before, await _desk.ContentAsync());
    }

    [Fact]
    public async Task Fifty_parallel_retries_are_answered_within_two_seconds_and_alike()
    {
        const int Messages = 40, Retries = 50;
        var times = new List<double>();
        var letters = 0;
        for (var i = 0; i < Messages; i++)
        {
            var question = i % 4 == 0;
            letters += question ? 0 : 1;
            var body = Text(question ? Question : RunningDesk.Streetlight + i, $"m{i}", "oCanary" + i);
            var replies = await Task.WhenAll(Enumerable.Range(0, Retries).Select(_ => Task.Run(async () =>
            {
                var watch = Stopwatch.StartNew();
                var page = await PostAsync(body);
                return (page.Status, page.Body, watch.Elapsed.TotalMilliseconds);
            })));
            Assert.Equal(200, Assert.Single(replies.Select(reply => (reply.Status, reply.Body)).Distinct()).Status);
            times.AddRange(replies.Select(reply => reply.TotalMilliseconds));
        }

        times.Sort();
        var p99 = times[(int)Math.Ceiling(times.Count * 0.99) - 1];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.Count} calls, {Retries} at once: median {times[times.Count / 2]:F0} ms, p99 {p99:F0} ms, longest {times[^1]:F0} ms"));
        Assert.Equal(Messages * Retries, times.Count);
        Assert.InRange(p99, 0, 2_000);
        Assert.Equal(letters, await _desk.CountAsync("SELECT COUNT(*) FROM letters"));
        await _desk.Get<DoorTally>().FlushAsync(default);
        Assert.Equal(letters, (await _desk.Get<DoorTally>().ReadAsync(1, default)).Single(count => count is { Channel: Channel.OfficialAccount, Outcome: DoorOutcome.New }).Count);
    }

    private Task<Page> PostAsync(string xml)
    {
        const string Timestamp = "1763600000", Nonce = "488218";
        return _platform.PostBodyAsync($"/official-account?signature={AccountSignature.Of(Token, Timestamp, Nonce)}&timestamp={Timestamp}&nonce={Nonce}&openid=ignored", Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(xml)), contentType: "text/xml");
    }

    private static string Text(string content, string id, string writer = "oCanary-canary") =>
        $"<xml><ToUserName><![CDATA[gh_office]]></ToUserName><FromUserName><![CDATA[{writer}]]></FromUserName><CreateTime>1763600000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content><MsgId>{id}</MsgId></xml>";
}
