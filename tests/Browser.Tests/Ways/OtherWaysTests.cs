using Microsoft.Playwright;
using Opinion.Browser.People;
using Opinion.Browser.Running;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Ways;

/// <summary>What a writer may do against an answer, and with the letter: dispute, withdraw, have the contact data erased.</summary>
[Collection(TownCollection.Name)]
public sealed class OtherWaysTests(Town town)
{
    [Fact]
    public async Task ADisputeReopensTheMatterAndAWithdrawalEndsIt()
    {
        await using var writer = await town.VisitAsync(script: false);
        var code = await writer.WriteAsync(new TypedLetter("菜市场缺斤少两", "东门菜市场买鱼缺斤少两，两斤只有一斤六两，请市场监管部门检查摊位的电子秤。") { Name = "李秀英", Phone = "13800000123" });
        var department = await writer.FollowAsync(code);
        var number = await writer.NumberAsync();
        await using var officer = await town.SignInAsync(await town.OfficerOfAsync(department), script: false);
        await officer.OpenFromQueueAsync(number);
        await Expect(officer.Main).ToContainTextAsync("来信人不同意公开");
        await officer.AnswerAsync("已经检查，没有发现问题。", "已解决");

        await writer.Page.ReloadAsync();
        await writer.Page.GetByLabel("哪里没有解决").FillAsync("检查的是另一个摊位。");
        await writer.ClickAsync("提出异议");
        await Expect(writer.Status).ToHaveTextAsync("异议已收到，这件事重新办理。");
        await Expect(writer.Fact("状态")).ToContainTextAsync("办理中");

        await officer.OpenAsync("/staff/queue");
        await Expect(officer.Main.GetByRole(AriaRole.Row).Filter(new() { HasText = "菜市场缺斤少两" })).ToContainTextAsync("有异议");
        await officer.OpenFromQueueAsync(number);
        await Expect(officer.History()).ToContainTextAsync("检查的是另一个摊位");

        await writer.Main.Locator("summary", new() { HasText = "撤回这封信" }).ClickAsync();
        await writer.ClickAsync("确定撤回");
        await Expect(writer.Status).ToContainTextAsync("信已撤回");
        await Expect(writer.Fact("状态")).ToContainTextAsync("来信人已撤回");
        await Expect(writer.Main).ToContainTextAsync("没有保存您的联系方式");

        await officer.DoAsync("内部备注", "备注", "再去看一次。", "记下备注");
        await Expect(officer.Problem).ToContainTextAsync("这件事已经办结或撤回");
    }

    [Fact]
    public async Task AWrongReceiptCodeIsRefusedInWordsAndASharedComputerForgets()
    {
        await using var writer = await town.VisitAsync(script: false);
        await writer.OpenAsync("/follow");
        await writer.Page.GetByLabel("收据码").FillAsync("00000-00000-00000-00000-000000");
        await writer.ClickAsync("查看");
        await Expect(writer.Problem).ToContainTextAsync("没有查到");

        var code = await writer.WriteAsync(new TypedLetter("", "请问图书馆周末几点开门？") { Phone = "13800000124" });
        await writer.ClickAsync("查看这封信");
        await writer.ReloadUntilAsync(writer.LetterText());
        await writer.ClickAsync("删除我的联系方式");
        await Expect(writer.Status).ToHaveTextAsync("联系方式已删除。");
        await writer.ClickAsync("关闭这封信的页面");
        await writer.OpenAsync("/letter");
        await Expect(writer.Page.GetByLabel("收据码")).ToBeEmptyAsync();

        await writer.Page.GetByLabel("收据码").FillAsync(code.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant());
        await writer.ClickAsync("查看");
        await Expect(writer.LetterText()).ToContainTextAsync("图书馆周末几点开门");
    }

    [Fact]
    public async Task AnEmptyLetterIsRefusedAndWhatWasTypedStays()
    {
        await using var writer = await town.VisitAsync(script: false);
        await writer.OpenAsync("/write");
        await writer.Page.GetByLabel("标题").FillAsync("只有标题");
        await writer.Page.GetByLabel("正文").FillAsync("   ");
        await writer.Page.GetByLabel("具体地点").FillAsync("东门");
        await writer.ClickAsync("寄出");
        await Expect(writer.Problem).ToContainTextAsync("内容是空的");
        await Expect(writer.Page.GetByLabel("标题")).ToHaveValueAsync("只有标题");
        await Expect(writer.Page.GetByLabel("具体地点")).ToHaveValueAsync("东门");
    }
}
