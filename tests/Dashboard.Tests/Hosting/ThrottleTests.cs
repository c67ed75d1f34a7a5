using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Hosting;

/// <summary>An address that posts too often is told to wait; reading stays free and nothing is stored.</summary>
public sealed class ThrottleTests
{
    [Fact]
    public async Task Letters_codes_and_sign_ins_above_their_limit_answer_429_each_for_itself()
    {
        await using var desk = await RunningDesk.StartAsync(options => options with { LettersPerMinute = 3, ReceiptsPerMinute = 3, SignInsPerMinute = 3 }, staffed: false);
        using var browser = desk.Browser();
        using var english = desk.Browser().InEnglish();
        foreach (var (path, form, allowed) in new[] { ("/write", "form.stack", 200), ("/follow", "form.stack", 404), ("/staff/sign-in", "form.narrow", 401) })
        {
            var page = await browser.GetAsync(path);
            (string, string)[] fields = path switch { "/write" => [("Body", RunningDesk.Streetlight)], "/follow" => [("code", "x")], _ => [("login", "x"), ("password", "x")] };
            for (var i = 0; i < 3; i++) Assert.Equal(allowed, (await browser.SubmitAsync(page, form, fields)).Status);
            var before = await desk.ContentAsync();
            var refused = await browser.SubmitAsync(page, form, fields);
            Assert.Equal((429, "请等一分钟再试。您的内容没有丢失，返回上一页即可。"), (refused.Status, refused.Problem));
            var inEnglish = await english.SubmitAsync(await english.GetAsync(path), form, fields);
            Assert.Equal(429, inEnglish.Status);
            Assert.StartsWith("Please wait a minute", inEnglish.Problem, StringComparison.Ordinal);
            Assert.Equal(before, await desk.ContentAsync());
            Assert.Equal(200, (await browser.GetAsync(path)).Status);
        }

        Assert.Equal(1, await desk.CountAsync("SELECT COUNT(*) FROM letters"));
    }
}
