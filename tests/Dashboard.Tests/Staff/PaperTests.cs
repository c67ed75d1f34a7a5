using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Tests.Attachments;

namespace Opinion.Dashboard.Tests.Staff;

/// <summary>Typing in letters from the counter and the post.</summary>
[Collection(OfficeCollection.Name)]
public sealed class PaperTests(SharedOffice office)
{
    private const string Page = "/staff/paper";

    private RunningDesk Desk => office.Desk;

    [Fact]
    public async Task A_letter_on_paper_is_due_from_the_day_of_its_stamp_and_its_receipt_is_shown_once_to_be_printed()
    {
        var intake = await office.AsAsync("intake-1");
        var form = await intake.GetAsync(Page);
        Assert.Equal("2026-11-16", form.Document.QuerySelector("[name=ArrivedOn]")!.GetAttribute("value"));
        Assert.Equal(("2025-11-16", "2026-11-16"), (form.Document.QuerySelector("[name=ArrivedOn]")!.GetAttribute("min"), form.Document.QuerySelector("[name=ArrivedOn]")!.GetAttribute("max")));
        var done = await intake.SubmitFilesAsync(form, "form.stack", [("scan.pdf", SampleFiles.Pdf())], ("ArrivedOn", "2026-11-11"), ("Body", RunningDesk.Streetlight), ("ContactPhone", "13900001111"));
        Assert.Equal((200, 26), (done.Status, done.Receipt.Count(char.IsAsciiLetterOrDigit)));
        Assert.Contains("2026年11月11日", done.Text(".slip"), StringComparison.Ordinal);
        Assert.Null(done.Document.QuerySelector("form[action='/language']"));
        await Desk.CarryOnAsync();
        var id = await Desk.Get<FollowLetter>().FindAsync(done.Receipt, CancellationToken.None);
        var letter = (await Desk.Get<FollowLetter>().ReadAsync(id!, CancellationToken.None))!;
        // Five working days after Wednesday the 11th.
        Assert.Equal((new DateOnly(2026, 11, 18), 1, true), (letter.Deadline!.Value, letter.Attachments, letter.HasContact));
        Assert.Equal("paper", (await Desk.CountAsync($"SELECT COUNT(*) FROM letters WHERE id = '{id}' AND channel = 'paper' AND publish = 0") == 1) ? "paper" : "");
        // It went to the department it belongs to, and who typed it in is on record without the letter.
        Assert.Equal("urban", letter.Department);
        Assert.True(await Desk.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'paper-typed-in' AND target IS NULL") >= 1);
        Assert.Empty((await intake.GetAsync(Page)).Receipt);
    }

    [Fact]
    public async Task The_page_sent_twice_is_one_letter_and_says_so()
    {
        var intake = await office.AsAsync("intake-1");
        var form = await intake.GetAsync(Page);
        var before = await Desk.CountAsync("SELECT COUNT(*) FROM letters");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => intake.SubmitOnlyAsync(form, "form.stack", ("Body", RunningDesk.Streetlight))));
        Assert.Single(answers.Select(answer => answer.Receipt).Distinct());
        Assert.Equal(3, answers.Count(answer => answer.Text("h1") == "这封信已经登记过"));
        Assert.Equal(before + 1, await Desk.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Theory]
    [InlineData("ArrivedOn", "2026-11-17", 400, "请填收到的日期")]
    [InlineData("ArrivedOn", "2025-11-15", 400, "请填收到的日期")]
    [InlineData("ArrivedOn", "", 400, "请填收到的日期")]
    [InlineData("ArrivedOn", "2026-13-01", 400, "请填收到的日期")]
    [InlineData("Body", " ", 400, "内容是空的")]
    [InlineData("About", "nobody", 400, "请选择一个部门")]
    public async Task What_is_wrong_is_said_and_what_was_typed_is_kept(string field, string value, int status, string words)
    {
        var intake = await office.AsAsync("intake-1");
        var before = await Desk.ContentAsync("account_claims", "accounts");
        var (action, fields) = Browser.Fill(await intake.GetAsync(Page), "form.stack", ("Title", "保留的标题"), ("Body", RunningDesk.Streetlight));
        var page = await intake.PostAsync(action, [.. fields.Where(other => other.Name != field), (field, value)]);
        Assert.Equal(status, page.Status);
        Assert.StartsWith(words, page.Problem, StringComparison.Ordinal);
        Assert.Equal("保留的标题", page.Document.QuerySelector("[name=Title]")!.GetAttribute("value"));
        Assert.Equal(before, await Desk.ContentAsync("account_claims", "accounts"));
    }

    [Fact]
    public async Task A_closed_door_takes_nothing_and_says_so()
    {
        await using var desk = await RunningDesk.StartAsync();
        using var officer = await desk.SignInAsync("urban-1");
        var form = await officer.GetAsync(Page);
        var administrator = (await desk.Get<Opinion.Desk.Accounts.StaffDirectory>().FindAsync(await IdOfAsync(desk, "admin-1"), CancellationToken.None))!;
        Assert.Null(await desk.Get<DoorSwitch>().SetAsync(Channel.Paper, false, administrator, CancellationToken.None));
        Assert.Equal(503, (await officer.GetAsync(Page)).Status);
        var refused = await officer.SubmitOnlyAsync(form, "form.stack", ("Body", RunningDesk.Streetlight));
        Assert.Equal((503, "管理员已关闭纸质来信的登记，没有收下任何内容。"), (refused.Status, refused.Problem));
        Assert.Equal(0, await desk.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    private static async Task<string> IdOfAsync(RunningDesk desk, string login)
    {
        await using var session = await desk.Get<Opinion.Desk.Storage.DeskStore>().ReadAsync(CancellationToken.None);
        return (await session.TextAsync("SELECT id FROM accounts WHERE user_name = @login", CancellationToken.None, ("login", login)))!;
    }
}
