using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Opinion.Browser.People;
using Opinion.Browser.Running;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Ways;

/// <summary>A letter's whole way through the pages, from the front page to the published answer and back out again.</summary>
[Collection(TownCollection.Name)]
public sealed class WholeWayTests(Town town)
{
    private static readonly string[] Personal = ["13912345678", "王建国", "402室"];

    [Theory]
    [InlineData(false, "青石小区")]
    [InlineData(true, "枫桥小区")]
    public async Task FromTheFrontPageToThePublishedAnswer(bool script, string estate)
    {
        await using var writer = await town.VisitAsync(script);
        var title = $"{estate}电梯停运半个月没人修";
        var code = await writer.WriteAsync(new TypedLetter(title, $"我叫王建国，住在{estate}12栋3单元402室。电梯停运半个月，物业公司一直不来维修，老人上下楼很困难。请督促物业尽快修好电梯。我的电话是13912345678。")
        {
            District = "临溪区",
            Place = estate,
            Name = "王建国",
            Phone = "13912345678",
            Publish = true,
        });
        var department = await writer.FollowAsync(code);
        await Expect(writer.Fact("状态")).ToContainTextAsync("办理中");
        await Expect(writer.Fact("答复期限")).ToContainTextAsync("年");
        await Expect(writer.LetterText()).ToContainTextAsync("电梯停运半个月");
        await ShowsNothingPersonalAsync(writer);
        var number = await writer.NumberAsync();

        await writer.Page.GetByLabel("补充内容").FillAsync("补充一下：隔壁楼栋的电梯也停了。");
        await writer.ClickAsync("提交补充");
        await Expect(writer.Status).ToHaveTextAsync("补充已收到。");
        await writer.ReloadUntilAsync(writer.History().GetByText("隔壁楼栋的电梯也停了"));

        await using var officer = await town.SignInAsync(await town.OfficerOfAsync(department), script);
        await WorkAsync(officer, number, title);

        await writer.Page.ReloadAsync();
        var history = writer.History();
        foreach (var seen in new[] { "分类更正为", "物业公司叫什么名字", "已经通知物业三天内报修", "期限延至", "等厂家的配件", "打开了原文和联系方式", "电梯已经修好" })
            await Expect(history).ToContainTextAsync(seen);
        await Expect(history).Not.ToContainTextAsync("写给同事看的备注");
        await Expect(writer.Fact("状态")).ToContainTextAsync("已解决");

        await using var editor = await town.SignInAsync("editor", script);
        await ReviewAsync(editor, officer, number, title);
        await FoundAndGoneAsync(writer, title, estate, script);
    }

    private static async Task WorkAsync(Visitor officer, string number, string title)
    {
        await officer.OpenFromQueueAsync(number);
        await Expect(officer.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);
        await ShowsNothingPersonalAsync(officer);

        await officer.CorrectAsync("housing.property.service");
        await officer.DoAsync("内部备注", "备注", "写给同事看的备注：上月同一栋也报过。", "记下备注");
        await Expect(officer.Status).ToHaveTextAsync("备注已记下。");
        await officer.DoAsync("向来信人提问", "问题", "请问物业公司叫什么名字？", "发出提问");
        await Expect(officer.Status).ToHaveTextAsync("提问已发出。");
        await officer.DoAsync("阶段回复", "办到哪一步了", "已经通知物业三天内报修。", "发出阶段回复");
        await Expect(officer.Status).ToHaveTextAsync("阶段回复已发出。");
        var form = await officer.UnfoldAsync("延长期限");
        await form.GetByLabel("延长几个工作日").FillAsync("3");
        await form.GetByLabel("理由").FillAsync("要等厂家的配件。");
        await form.GetByRole(AriaRole.Button, new() { Name = "延长期限" }).ClickAsync();
        await Expect(officer.Status).ToHaveTextAsync("期限已延长。");

        await officer.DoAsync("打开原文和联系方式", "理由", "约时间上门", "留痕并打开");
        await Expect(officer.Main.GetByText("13912345678").First).ToBeInViewportAsync();
        await Expect(officer.Main).ToContainTextAsync("王建国");
        await officer.AnswerAsync("王先生您好：电梯已经修好，恢复运行。如再停运请打13912345678找我们。", "已解决");
        await ShowsNothingPersonalAsync(officer, exceptHistory: true);
    }

    private static async Task ReviewAsync(Visitor editor, Visitor officer, string number, string title)
    {
        await OpenReviewAsync(editor, title);
        await Expect(editor.Page.GetByLabel("公开的答复内容")).ToHaveValueAsync(new Regex("^〔姓名〕先生您好：.*〔手机号〕"));
        foreach (var label in new[] { "公开的标题", "公开的来信", "公开的答复内容" })
        {
            var offered = await editor.Page.GetByLabel(label).InputValueAsync();
            Assert.NotEmpty(offered.Trim());
            foreach (var personal in Personal) Assert.DoesNotContain(personal, offered, StringComparison.Ordinal);
        }

        await editor.Page.GetByLabel("理由（部门看得到）").FillAsync("请写明修好的日期。");
        await editor.ClickAsync("退回");
        await Expect(editor.Status).ToHaveTextAsync("已退回承办部门。");

        await officer.OpenFromQueueAsync(number);
        await Expect(officer.History()).ToContainTextAsync("请写明修好的日期");
        await officer.AnswerAsync("您好：电梯已于昨天修好，恢复运行。", "已解决");

        await OpenReviewAsync(editor, title);
        await editor.ClickAsync("核对无误，公开");
        await Expect(editor.Status).ToHaveTextAsync("答复已公开。");
    }

    private static async Task OpenReviewAsync(Visitor editor, string title)
    {
        await editor.OpenAsync("/staff/review");
        await editor.FollowLinkAsync(title);
        await Expect(editor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("核对答复");
    }

    private async Task FoundAndGoneAsync(Visitor writer, string title, string estate, bool script)
    {
        await using var reader = await town.VisitAsync(script);
        var found = reader.Main.GetByRole(AriaRole.Link, new() { Name = title, Exact = true });
        await reader.OpenAsync("/");
        await reader.Page.GetByLabel("搜索公开的答复").FillAsync($"{estate} 电梯");
        await reader.ClickAsync("搜索");
        await found.ClickAsync();
        await Expect(reader.Main).ToContainTextAsync("电梯已于昨天修好");
        await ShowsNothingPersonalAsync(reader);
        var address = new Uri(reader.Page.Url).AbsolutePath;

        await writer.Page.ReloadAsync();
        await Expect(writer.Main.GetByRole(AriaRole.Link, new() { Name = "查看公开的答复" })).ToBeVisibleAsync();
        await writer.ClickAsync("改为不公开");
        await Expect(writer.Status).ToHaveTextAsync("已按您的意思记下。");
        await Expect(writer.History()).ToContainTextAsync("已公开的答复已撤下");

        Assert.Equal(404, (await reader.OpenAsync(address)).Status);
        await reader.OpenAsync("/answers");
        await reader.Page.GetByLabel("搜索").FillAsync(title);
        await reader.ClickAsync("搜索");
        await Expect(reader.Page.GetByLabel("搜索")).ToHaveValueAsync(title);
        await Expect(found).ToHaveCountAsync(0);
    }

    private static async Task ShowsNothingPersonalAsync(Visitor visitor, bool exceptHistory = false)
    {
        var text = await (exceptHistory ? visitor.LetterText() : visitor.Main).InnerTextAsync();
        Assert.Contains("电梯", text, StringComparison.Ordinal);
        foreach (var personal in Personal) Assert.DoesNotContain(personal, text, StringComparison.Ordinal);
    }
}
