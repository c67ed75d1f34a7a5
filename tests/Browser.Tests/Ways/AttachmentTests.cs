using Microsoft.Playwright;
using Opinion.Browser.People;
using Opinion.Browser.Running;
using Opinion.Desk.Tests.Attachments;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Ways;

/// <summary>Files in a real browser: chosen at the form, downloaded by the officer, and a receipt that is printed.</summary>
[Collection(TownCollection.Name)]
public sealed class AttachmentTests(Town town)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_picture_is_sent_and_downloaded_clean_and_still_the_right_way_up(bool script)
    {
        await using var writer = await town.VisitAsync(script);
        await writer.OpenAsync("/write");
        await writer.Page.GetByLabel("正文").FillAsync("桥头路公交站的候车亭玻璃碎了一地，请派人来清理，照片见附件。");
        await writer.Page.Locator("input[type=file]").SetInputFilesAsync([File("IMG_0001.JPG", SampleFiles.Picture()), File("note.html", "<script>alert(1)</script>"u8.ToArray())]);
        await writer.ClickAsync("寄出");
        await Expect(writer.Problem.First).ToContainTextAsync("附件只收图片");
        await Expect(writer.Page.GetByLabel("正文")).ToHaveValueAsync("桥头路公交站的候车亭玻璃碎了一地，请派人来清理，照片见附件。");
        await writer.Page.Locator("input[type=file]").SetInputFilesAsync([File("IMG_0001.JPG", SampleFiles.Picture()), File("voice.amr", SampleFiles.Amr())]);
        await writer.ClickAsync("寄出");
        await Expect(writer.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("信已收到");
        var department = await writer.FollowAsync(await writer.ReceiptAsync());
        await Expect(writer.Main).ToContainTextAsync("附件：2 个");
        var number = await writer.NumberAsync();

        await using var officer = await town.SignInAsync(await town.OfficerOfAsync(department), script);
        await officer.OpenAsync("/staff/matter/" + number);
        await officer.Main.Locator("#attachments > summary").ClickAsync();
        var form = officer.Main.Locator("#attachments form").First;
        await form.GetByLabel("理由").FillAsync("看碎玻璃在哪里");
        var download = await officer.Page.RunAndWaitForDownloadAsync(() => form.GetByRole(AriaRole.Button).ClickAsync());
        Assert.Equal(number + "-1.jpg", download.SuggestedFilename);
        var bytes = await System.IO.File.ReadAllBytesAsync(await download.PathAsync());
        Assert.True(bytes.Length > 100 && SampleFiles.IndexOf(bytes, "CANARY") < 0);

        // A browser still shows it, turned as its EXIF said: 16 wide and 8 high became 8 wide and 16 high.
        await using var viewer = await town.VisitAsync();
        await viewer.Page.GotoAsync("about:blank");
        var size = await viewer.Page.EvaluateAsync<int[]>("async bytes => { const picture = new Image(); picture.src = 'data:image/jpeg;base64,' + bytes; await picture.decode(); return [picture.naturalWidth, picture.naturalHeight]; }", Convert.ToBase64String(bytes));
        Assert.Equal([8, 16], size);
    }

    [Fact]
    public async Task A_letter_on_paper_is_typed_in_and_only_its_receipt_is_printed()
    {
        await using var officer = await town.SignInAsync("transport", script: false);
        await officer.OpenAsync("/staff/paper");
        await officer.Page.GetByLabel("正文").FillAsync("公交站牌倒了，请扶正。");
        await officer.Page.Locator("input[type=file]").SetInputFilesAsync([File("scan.pdf", SampleFiles.Pdf())]);
        await officer.ClickAsync("登记");
        await officer.ReceiptAsync();
        await Expect(officer.Page.GetByText("登记下一封")).ToBeVisibleAsync();
        await officer.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(officer.Page.Locator("#receipt")).ToBeVisibleAsync();
        foreach (var gone in new[] { ".staffbar", ".noprint >> nth=0", "footer" }) await Expect(officer.Page.Locator(gone)).ToBeHiddenAsync();
    }

    private static FilePayload File(string name, byte[] content) => new() { Name = name, MimeType = "application/octet-stream", Buffer = content };
}
