using Opinion.Browser.People;
using Opinion.Browser.Running;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Looks;

/// <summary>Every page of the desk, each in the states that look different, as the people who see it come to it.</summary>
public sealed class Tour(Town town)
{
    /// <summary>Who walks: each sees pages the others do not.</summary>
    public static TheoryData<string> Walkers => new("visitor", "writer", "officer", "duty", "editor", "administrator", "analyst");

    /// <summary>Walks through the pages; each is ready to be looked at when its name comes.</summary>
    public IAsyncEnumerable<(string Name, Visitor Visitor)> WalkAsync(string walker) => walker switch
    {
        "visitor" => VisitorAsync(),
        "writer" => WriterAsync(),
        "officer" => OfficerAsync(),
        "duty" => DutyAsync(),
        "editor" => EditorAsync(),
        "administrator" => PlainAsync("admin1", "/staff", "/staff/admin/accounts", "/staff/admin/office", "/staff/admin/doors", "/staff/admin/hotline", "/staff/admin/imports", "/staff/admin/schedule", "/staff/admin/outbox", "/staff/admin/audit", "/staff/queue"),
        _ => PlainAsync("analyst", "/staff"),
    };

    private async IAsyncEnumerable<(string, Visitor)> VisitorAsync()
    {
        await using var visitor = await town.VisitAsync();
        foreach (var path in new[] { "/", "/write", "/follow", "/answers", "/answers?q=水", "/answers?q=zzzz", "/clarifications", "/report", "/about", "/about/privacy", "/about/scheme", "/staff/sign-in", "/no-such-page" })
        {
            await visitor.OpenAsync(path);
            yield return (NameOf("public", path), visitor);
        }

        await visitor.OpenAsync("/answers");
        await visitor.Main.Locator(".cards a").First.ClickAsync();
        yield return ("public-answer", visitor);
        await visitor.OpenAsync("/report");
        await visitor.Main.Locator(".weeks a").First.ClickAsync();
        yield return ("public-report-week", visitor);
    }

    private async IAsyncEnumerable<(string, Visitor)> WriterAsync()
    {
        await using var writer = await town.VisitAsync();
        await writer.OpenAsync("/write");
        await writer.Page.GetByLabel("正文").FillAsync("  ");
        await writer.ClickAsync("寄出");
        yield return ("writer-refused", writer);
        await writer.OpenAsync("/follow");
        await writer.Page.GetByLabel("收据码").FillAsync("12345");
        await writer.ClickAsync("查看");
        yield return ("writer-wrong-code", writer);
        var code = await writer.WriteAsync(new TypedLetter("小区门口的积水几天不退", "下雨以后小区门口积水，几天都不退，雨水井盖好像堵了。我叫李秀英，住在3栋2单元501室，电话13800000126。\n\n请派人来疏通。\n" + new string('长', 90) + " https://example.org/" + new string('a', 120)) { Place = "临溪区桥头路与河滨路交叉口东北角的公交站台旁边", Name = "李秀英", Phone = "13800000126", Publish = true });
        yield return ("writer-receipt", writer);
        var department = await writer.FollowAsync(code);
        yield return ("writer-letter", writer);
        var number = await writer.NumberAsync();
        await using var officer = await town.SignInAsync(await town.OfficerOfAsync(department));
        await officer.OpenFromQueueAsync(number);
        yield return ("officer-matter-new", officer);
        await officer.DoAsync("内部备注", "备注", "先看现场。", "记下备注");
        await officer.DoAsync("向来信人提问", "问题", "请问积水有多深？", "发出提问");
        await officer.DoAsync("打开原文和联系方式", "理由", "约时间看现场", "留痕并打开");
        await Expect(officer.Main).ToContainTextAsync("13800000126");
        yield return ("officer-matter-original", officer);
        await writer.Page.ReloadAsync();
        await writer.Main.Locator("summary").ClickAsync();
        yield return ("writer-letter-asked", writer);
        await officer.OpenFromQueueAsync(number);
        await officer.CorrectAsync("utilities.water.outage");
        await officer.AnswerAsync("李秀英您好：已经疏通，请打13800000126联系。", "部分解决");
        yield return ("officer-matter-closed", officer);
        await writer.Page.ReloadAsync();
        yield return ("writer-letter-answered", writer);
    }

    private async IAsyncEnumerable<(string, Visitor)> OfficerAsync()
    {
        await using var officer = await town.SignInAsync("transport");
        foreach (var path in new[] { "/staff", "/staff/queue", "/staff/queue?view=Overdue", "/staff/queue?view=Closed", "/staff/search", "/staff/paper", "/staff/bank", "/staff/review" })
        {
            await officer.OpenAsync(path);
            yield return (NameOf("officer", path), officer);
        }

        await officer.OpenAsync("/staff/search");
        await officer.Main.Locator("input[type=search]").FillAsync("公交");
        await officer.Main.Locator("form.row button").First.ClickAsync();
        await Expect(officer.Main.Locator("mark").First).ToBeVisibleAsync();
        yield return ("officer-search-found", officer);

        await officer.OpenAsync("/staff/queue");
        await officer.Main.Locator("tbody a").First.ClickAsync();
        await Expect(officer.History()).ToBeVisibleAsync();
        var folded = officer.Main.Locator("details:not([open]) > summary");
        while (await folded.CountAsync() > 0) await folded.First.ClickAsync();
        yield return ("officer-matter-unfolded", officer);
    }

    private async IAsyncEnumerable<(string, Visitor)> DutyAsync()
    {
        await using var writer = await town.VisitAsync();
        await writer.WriteAsync(new TypedLetter("楼道里煤气味很重", "我们楼道里有很浓的煤气味，有老人晕倒在家里没人应"));
        await using var duty = await town.SignInAsync("duty");
        await duty.ReloadUntilAsync(duty.Page.Locator(".alarm"));
        yield return ("duty-staff-alarm", duty);
        foreach (var path in new[] { "/staff/queue", "/staff/set-aside", "/staff/set-aside/rows" })
        {
            await duty.OpenAsync(path);
            yield return (NameOf("duty", path), duty);
        }

        await duty.Page.Locator(".alarm a").First.ClickAsync();
        await Expect(duty.History()).ToBeVisibleAsync();
        yield return ("duty-matter-urgent", duty);
    }

    private async IAsyncEnumerable<(string, Visitor)> EditorAsync()
    {
        await using var editor = await town.SignInAsync("editor");
        foreach (var path in new[] { "/staff", "/staff/review", "/staff/clarifications" })
        {
            await editor.OpenAsync(path);
            yield return (NameOf("editor", path), editor);
        }

        await editor.Page.GetByLabel("新的说法（只写说法").FillAsync("自来水厂下周停水三天");
        await editor.Page.GetByLabel("已经知道的").FillAsync("没有停水计划。水厂下周照常供水。");
        await editor.Page.GetByLabel("还不知道的").FillAsync("说法从哪里来。");
        await editor.Page.GetByLabel("出处").FillAsync("https://qingxi.example/water/notices/2026/supply-plan-for-the-coming-week");
        await editor.ClickAsync("公开");
        yield return ("editor-clarification-published", editor);
        await editor.OpenAsync("/clarifications");
        yield return ("public-clarifications-one", editor);
        await editor.OpenAsync("/staff/review");
        await editor.Main.Locator("tbody a").First.ClickAsync();
        await Expect(editor.Page.GetByLabel("公开的标题")).ToBeVisibleAsync();
        yield return ("editor-review", editor);
    }

    private async IAsyncEnumerable<(string, Visitor)> PlainAsync(string login, params string[] paths)
    {
        await using var staff = await town.SignInAsync(login);
        foreach (var path in paths)
        {
            await staff.OpenAsync(path);
            yield return (NameOf(login, path), staff);
        }
    }

    private static string NameOf(string who, string path) => path == "/" ? who + "-home" : who + string.Concat(path.Select(letter => char.IsLetterOrDigit(letter) ? letter : '-'));
}
