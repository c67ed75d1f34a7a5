using Microsoft.Playwright;
using Opinion.Browser.People;
using Opinion.Browser.Running;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Ways;

/// <summary>Urgent danger: within seconds in front of the officer on duty, on every page, until somebody takes it.</summary>
[Collection(TownCollection.Name)]
public sealed class UrgentDangerTests(Town town)
{
    [Fact]
    public async Task TheOfficerOnDutySeesItOnEveryPageAndTakesIt()
    {
        await using var duty = await town.SignInAsync("duty", script: false);
        await using var writer = await town.VisitAsync(script: false);
        var code = await writer.WriteAsync(new TypedLetter("桂花里煤气味", "我们楼道里有很浓的煤气味，有老人晕倒在家里没人应"));
        var alarm = duty.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "桂花里煤气味" });
        var waited = await duty.ReloadUntilAsync(alarm);
        Assert.True(waited < TimeSpan.FromSeconds(8), $"The alarm took {waited.TotalSeconds:0.0} s.");
        foreach (var path in new[] { "/", "/staff", "/staff/queue", "/staff/set-aside", "/staff/bank", "/answers" })
        {
            await duty.OpenAsync(path);
            await Expect(alarm).ToBeVisibleAsync();
        }

        var department = await writer.FollowAsync(code);
        var number = await writer.NumberAsync();
        await using var officer = await town.SignInAsync(await town.OfficerOfAsync(department), script: false);
        await officer.OpenAsync("/staff/queue");
        var lines = officer.Main.Locator("tbody tr");
        var urgent = await lines.Filter(new() { HasText = "紧急险情" }).AllInnerTextsAsync();
        Assert.Contains(urgent, line => line.Contains("桂花里煤气味", StringComparison.Ordinal));
        var top = (await lines.AllInnerTextsAsync()).Take(urgent.Count);
        Assert.Equal(urgent, top);

        await alarm.GetByRole(AriaRole.Button, new() { Name = "我来处置" }).ClickAsync();
        await Expect(duty.Status).ToHaveTextAsync("您已接手这起险情。");
        await Expect(alarm).ToHaveCountAsync(0);
        Assert.EndsWith(number, duty.Page.Url, StringComparison.Ordinal);
        await writer.Page.ReloadAsync();
        await Expect(writer.History()).ToContainTextAsync("值班人员已接手处置");
    }
}
