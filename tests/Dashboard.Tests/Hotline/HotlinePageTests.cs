using System.Text;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Imports;
using Opinion.Desk.Letters;
using Opinion.Ingest.Hotline;

namespace Opinion.Dashboard.Tests.Hotline;

/// <summary>The administrator's page of column maps, without script, and the pause of an import.</summary>
[Collection(OfficeCollection.Name)]
public sealed class HotlinePageTests(SharedOffice office)
{
    private const string Path = "/staff/admin/hotline";
    private const string Words = "夜里有人在楼下烧垃圾CANARYROW";
    private static readonly byte[] Sheet = Encoding.UTF8.GetBytes($"工单编号,来电时间,内容,联系电话,备注\nA1,2026/11/2 9:00,{Words},13900001111,x\nA2,2026/11/31 9:00,路灯不亮。,,x\n");

    private RunningDesk Desk => office.Desk;

    [Fact]
    public async Task A_sheet_is_shown_once_its_columns_are_chosen_tried_and_saved_and_nothing_of_it_is_kept()
    {
        await using var desk = await RunningDesk.StartAsync();
        using var administrator = await desk.SignInAsync("admin-1");
        var before = await desk.ContentAsync("audit_log");
        var shown = await administrator.SubmitFilesAsync(await administrator.GetAsync(Path), "#show", [("week 13900001111.csv", Sheet)]);
        Assert.Equal(200, shown.Status);
        Assert.Equal(["A1", "2026/11/2 9:00", Words, "13900001111", "x"], shown.Texts("#preview tbody tr:first-child td"));
        Assert.Equal(("工单编号", "内容", "来电时间", "联系电话"), (Selected(shown, "key"), Selected(shown, "body"), Selected(shown, "received"), Selected(shown, "phone")));
        Assert.Equal("yyyy/M/d H:mm", shown.Text("textarea[name=Formats]"));

        var (_, fields) = Browser.Fill(shown, "#map", ("Name", "夜班"));
        var tried = await administrator.PostContentAsync(Path + "?handler=Try", Browser.Multipart(fields, [("x.csv", Sheet)]));
        Assert.Equal((200, "读了 2 行，可以收 1 行，要搁置 1 行。没有导入任何内容。"), (tried.Status, tried.Text("#trial strong")));
        Assert.Equal(["3", "来电时间", "日期写法不认识，或没有这一天"], tried.Texts("#trial tbody td"));
        Assert.DoesNotContain("CANARYROW", tried.Body, StringComparison.Ordinal);

        var saved = await administrator.SubmitAsync(tried, "#map", ("Name", "夜班"));
        var folder = System.IO.Path.Combine(desk.Folder, "inbox", "hotline", "夜班");
        Assert.StartsWith("已保存。请把这种表格放进 " + folder, saved.Done, StringComparison.Ordinal);
        var map = await ColumnMap.LoadAsync(System.IO.Path.Combine(folder, "map.json"), CancellationToken.None);
        Assert.Equal(("工单编号", "内容", "联系电话", "备注"), (map.Key, map.Body, map.Contact!.Phone, map.Ignore!.Single()));
        Assert.Contains(folder, (await administrator.GetAsync(Path)).Body, StringComparison.Ordinal);
        Assert.Equal(1, await desk.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'hotline-map-saved' AND target = '夜班'"));

        Assert.Equal(before, await desk.ContentAsync("audit_log"));
        Assert.DoesNotContain(Directory.GetFiles(desk.Folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("desk.db", StringComparison.Ordinal)), file => File.ReadAllText(file).Contains("CANARYROW", StringComparison.Ordinal));
        Assert.DoesNotContain(desk.Log.Lines, line => line.Contains("CANARYROW", StringComparison.Ordinal) || line.Contains("13900001111", StringComparison.Ordinal));
        Assert.Equal(0, await desk.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Theory]
    [InlineData("nothing chosen", "请给“工单编号（同一编号只收一次）”选一栏。")]
    [InlineData("twice", "“内容”栏选了不止一次。")]
    [InlineData("format", "时间写法不能用。")]
    [InlineData("name", "名称只能用文字")]
    [InlineData("no header", "请先选一个表格文件")]
    public async Task What_is_wrong_with_the_choice_is_said_and_the_choice_is_kept(string what, string words)
    {
        var administrator = await office.AsAsync("admin-1");
        var shown = await administrator.SubmitFilesAsync(await administrator.GetAsync(Path), "#show", [("x.csv", Sheet)]);
        var (_, fields) = Browser.Fill(shown, "#map");
        (string Name, string Value)[] changed = what switch
        {
            "nothing chosen" => [("Column.key", "")],
            "twice" => [("Column.title", "内容")],
            "format" => [("Formats", "dd.MM")],
            "name" => [("Name", "../x")],
            _ => [("Header", "no JSON")],
        };
        var refused = await administrator.PostAsync(Path + "?handler=Save", [.. fields.Where(field => changed.All(change => change.Name != field.Name)), .. changed]);
        Assert.Equal(400, refused.Status);
        Assert.StartsWith(words, refused.Problem, StringComparison.Ordinal);
        if (what != "no header") Assert.Equal("来电时间", Selected(refused, "received"));
        Assert.False(Directory.Exists(System.IO.Path.Combine(Desk.Folder, "inbox")));
    }

    [Theory]
    [InlineData("a,b\n1,\"never closed", "读不出来：第 2 行")]
    [InlineData("a,a\n1,2\n", "读不出来：第 1 行")]
    [InlineData("PK\u0003\u0004broken", "读不出来：")]
    [InlineData("", "请选择一个表格文件")]
    public async Task A_broken_sheet_is_refused_with_its_row(string content, string words)
    {
        var administrator = await office.AsAsync("admin-1");
        var refused = await administrator.SubmitFilesAsync(await administrator.GetAsync(Path), "#show", [("x.csv", Encoding.UTF8.GetBytes(content))]);
        Assert.Equal(400, refused.Status);
        Assert.StartsWith(words, refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_pauses_a_run_and_lets_it_go_on_from_the_page()
    {
        var administrator = await office.AsAsync("admin-1");
        var run = await Desk.Get<ImportRuns>().StartAsync(Channel.Hotline, "pause-me.csv", "mark", CancellationToken.None);
        var form = $"form:has(input[name=run][value='{run}'])";
        var page = await administrator.SubmitAsync(await administrator.GetAsync("/staff/admin/imports"), form);
        Assert.Equal("已要求暂停。", page.Done);
        Assert.True(await Desk.Get<ImportRuns>().AdvanceAsync(run, default, CancellationToken.None));
        await Desk.Get<ImportRuns>().HoldAsync(run, ImportHold.Paused, CancellationToken.None);
        page = await administrator.SubmitAsync(await administrator.GetAsync("/staff/admin/imports"), form);
        Assert.StartsWith("监看文件夹里的表格会在一分钟内继续", page.Done, StringComparison.Ordinal);
        Assert.NotNull(await Desk.Get<ImportRuns>().TakeUpAsync(Channel.Hotline, "mark", byHand: false, CancellationToken.None));
        await Desk.Get<ImportRuns>().FinishAsync(run, default, null, CancellationToken.None);
        Assert.Null((await administrator.GetAsync("/staff/admin/imports")).Document.QuerySelector(form));
    }

    private static string? Selected(Page page, string member) => page.Document.QuerySelector($"select[name='Column.{member}'] option[selected]")?.GetAttribute("value");
}
