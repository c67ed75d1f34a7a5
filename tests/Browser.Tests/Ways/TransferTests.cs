using Microsoft.Playwright;
using Opinion.Browser.People;
using Opinion.Browser.Running;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Ways;

/// <summary>A transfer: the new department waits for the contact data until the writer has had time to withdraw, or allows it.</summary>
[Collection(TownCollection.Name)]
public sealed class TransferTests(Town town)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheNewDepartmentGetsTheContactDataOnlyWithTheWritersWord(bool allowed)
    {
        await using var writer = await town.VisitAsync(script: false);
        var title = allowed ? "桥头积水没过脚踝" : "巷口积水没过脚踝";
        var code = await writer.WriteAsync(new TypedLetter(title, "一下雨路面就积水，没过脚踝，行人过不去，雨水井盖是堵的，请疏通。") { Name = "李秀英", Phone = "13800000125" });
        var department = await writer.FollowAsync(code);
        var number = await writer.NumberAsync();
        await using var first = await town.SignInAsync(await town.OfficerOfAsync(department), script: false);
        await first.OpenFromQueueAsync(number);
        var form = await first.UnfoldAsync("转办");
        var offered = await form.GetByLabel("转到").Locator("option").AllInnerTextsAsync();
        Assert.DoesNotContain(department, offered);
        var next = offered.First(name => name.Contains("交通", StringComparison.Ordinal) || name.Contains("水务", StringComparison.Ordinal));
        await form.GetByLabel("转到").SelectOptionAsync(new SelectOptionValue { Label = next });
        await form.GetByLabel("理由").FillAsync("这段雨水管归贵部门养护。");
        await form.GetByRole(AriaRole.Button, new() { Name = "转办" }).ClickAsync();
        await Expect(first.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("办理队列");
        Assert.Equal(403, (await first.OpenAsync($"/staff/matter/{number}")).Status);
        await Expect(first.Problem).ToContainTextAsync("由其他部门办理");

        await using var second = await town.SignInAsync(await town.OfficerOfAsync(next), script: false);
        await second.OpenFromQueueAsync(number);
        await second.DoAsync("打开原文和联系方式", "理由", "约时间看现场", "留痕并打开");
        await Expect(second.Problem).ToContainTextAsync("联系方式暂不能打开");
        await Expect(second.Main).Not.ToContainTextAsync("13800000125");

        await writer.Page.ReloadAsync();
        await Expect(writer.Fact("负责部门")).ToHaveTextAsync(next);
        await Expect(writer.History()).ToContainTextAsync($"由{department}转到{next}");
        await Expect(writer.History()).ToContainTextAsync("这段雨水管归贵部门养护");
        if (allowed)
        {
            await writer.ClickAsync("同意新部门现在就可以联系我");
            await Expect(writer.Status).ToHaveTextAsync("新部门现在可以联系您。");
            await second.OpenFromQueueAsync(number);
            await second.DoAsync("打开原文和联系方式", "理由", "约时间看现场", "留痕并打开");
            await Expect(second.Main).ToContainTextAsync("13800000125");
        }
        else
        {
            await writer.Main.Locator("summary", new() { HasText = "撤回这封信" }).ClickAsync();
            await writer.ClickAsync("确定撤回");
            await Expect(writer.Status).ToContainTextAsync("信已撤回");
            await second.OpenAsync($"/staff/matter/{number}");
            await Expect(second.Fact("状态")).ToContainTextAsync("来信人已撤回");
            await Expect(second.Main).Not.ToContainTextAsync("13800000125");
        }
    }
}
