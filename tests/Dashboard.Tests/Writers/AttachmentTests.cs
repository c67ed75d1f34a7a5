using System.Net.Sockets;
using System.Text;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Attachments;
using Opinion.Desk.Tests.Attachments;

namespace Opinion.Dashboard.Tests.Writers;

/// <summary>Files with a letter, from the form to the officer's download.</summary>
[Collection(OfficeCollection.Name)]
public sealed class AttachmentTests(SharedOffice office)
{
    private RunningDesk Desk => office.Desk;

    private string Folder => Path.Combine(Desk.Folder, AttachmentFiles.FolderName);

    private int Files => Directory.Exists(Folder) ? Directory.GetFiles(Folder).Length : 0;

    [Fact]
    public async Task A_picture_goes_from_the_form_to_the_officer_clean_on_record_and_as_a_download()
    {
        var sent = await SendAsync(("偷拍 张三 13900001111.jpg", SampleFiles.Jpeg()), ("x.mp3", SampleFiles.Mp3()));
        var (writer, letter) = await Desk.FollowAsync(sent.Code);
        Assert.Contains("附件：2 个", letter.Body, StringComparison.Ordinal);
        writer.Dispose();
        var officer = await office.AsAsync("urban-1");
        var matter = await officer.GetAsync("/staff/matter/" + sent.Number);
        Assert.Equal(2, matter.Document.QuerySelectorAll("#attachments form").Length);
        Assert.DoesNotContain("张三", matter.Body, StringComparison.Ordinal);
        var refused = await officer.SubmitOnlyAsync(matter, "#attachments form", ("text", " "));
        Assert.Equal((400, "内容是空的。请写上内容再提交。"), (refused.Status, refused.Problem));
        var file = await officer.SubmitOnlyAsync(matter, "#attachments form", ("text", "核对照片里的位置"));
        Assert.Equal(200, file.Status);
        Assert.Equal(CleanFile.Clean(AttachmentType.Jpeg, SampleFiles.Jpeg()), file.Bytes);
        Assert.Equal("image/jpeg", file.Headers["Content-Type"]);
        Assert.StartsWith($"attachment; filename={sent.Number}-1.jpg", file.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal(("nosniff", "default-src 'none'; sandbox"), (file.Headers["X-Content-Type-Options"], file.Headers["Content-Security-Policy"]));
        Assert.Contains("no-store", file.Headers["Cache-Control"], StringComparison.Ordinal);
        (writer, letter) = await Desk.FollowAsync(sent.Code);
        Assert.Contains("核对照片里的位置", letter.Body, StringComparison.Ordinal);
        Assert.Contains(letter.Texts(".history .what"), line => line.EndsWith("为答复打开了附件 1", StringComparison.Ordinal));
        Assert.Contains((await writer.InEnglish().GetAsync("/letter")).Texts(".history .what"), line => line.EndsWith(" opened attachment 1 in order to answer", StringComparison.Ordinal));
        writer.Dispose();
        Assert.DoesNotContain(Desk.Log.Lines, line => line.Contains("CANARY", StringComparison.Ordinal) || line.Contains("偷拍", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("housing-1")]
    [InlineData("editor-1")]
    [InlineData("analyst-1")]
    [InlineData("admin-1")]
    public async Task Nobody_else_gets_the_file(string login)
    {
        var sent = await SendAsync(("x.png", SampleFiles.Png()));
        var browser = await office.AsAsync(login);
        var page = await browser.GetAsync("/staff");
        var (_, fields) = Browser.Fill(page, "form[action*='handler=out']");
        var refused = await browser.PostAsync($"/staff/matter/{sent.Number}?handler=Attachment", [.. fields, ("which", "1"), ("text", "看看")]);
        Assert.Equal(403, refused.Status);
        Assert.DoesNotContain("Content-Disposition", refused.Headers.Keys);
        using var visitor = Desk.Browser();
        Assert.Equal(404, (await visitor.GetAsync("/attachments/" + Path.GetFileName(Directory.GetFiles(Folder)[0]))).Status);
    }

    [Theory]
    [InlineData("six", 413, "附件最多 5 个", "At most 5 attachments")]
    [InlineData("large", 413, "附件太大", "An attachment is too large")]
    [InlineData("html", 415, "附件只收图片", "Attachments are pictures")]
    [InlineData("broken", 400, "附件不完整或已损坏", "An attachment is incomplete")]
    [InlineData("empty", 400, "附件是空文件", "An attachment is an empty file")]
    public async Task What_cannot_be_taken_is_said_on_the_form_with_the_text_kept_and_nothing_stored(string what, int status, string zh, string en)
    {
        var files = what switch
        {
            "six" => [.. Enumerable.Repeat(SampleFiles.Png(), 6)],
            "large" => [SampleFiles.Png(), [.. SampleFiles.Png(), .. new byte[AttachmentRules.LargestBytes]]],
            "html" => [Encoding.UTF8.GetBytes("<html><script>alert(1)</script></html>")],
            "broken" => [SampleFiles.Jpeg()[..^9]],
            _ => new byte[][] { [] },
        };
        var (before, on) = (Files, await Desk.ContentAsync());
        foreach (var (browser, words) in new[] { (Desk.Browser(), zh), (Desk.Browser().InEnglish(), en) })
        {
            var page = await browser.SubmitFilesAsync(await browser.GetAsync("/write"), "form.stack", [.. files.Select(file => ("photo.jpg", file))], ("Body", "保留这段话。"));
            Assert.Equal(status, page.Status);
            Assert.StartsWith(words, page.Problem, StringComparison.Ordinal);
            Assert.Equal("保留这段话。", page.Text("textarea").Trim());
            Assert.Empty(page.Receipt);
            browser.Dispose();
        }

        Assert.Equal((before, on), (Files, await Desk.ContentAsync()), new Same());
    }

    [Fact]
    public async Task The_page_sent_twice_is_one_letter_and_with_another_file_another()
    {
        using var browser = Desk.Browser();
        var page = await browser.GetAsync("/write");
        var before = Files;
        async Task<Page> Send(byte[] file) => await browser.SubmitFilesAsync(page, "form.stack", [("x.png", file)], ("Body", RunningDesk.Streetlight));
        var receipts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Send(SampleFiles.Png())));
        Assert.Single(receipts.Select(answer => answer.Receipt).Distinct());
        Assert.Equal(before + 1, Files);
        Assert.NotEqual(receipts[0].Receipt, (await Send(SampleFiles.Gif())).Receipt);
        Assert.Equal(before + 2, Files);
    }

    [Fact]
    public async Task A_request_beyond_all_limits_gets_a_page_in_the_readers_language()
    {
        using var browser = Desk.Browser();
        var (action, fields) = Browser.Fill(await browser.GetAsync("/write"), "form.stack", ("Body", RunningDesk.Streetlight));
        var page = await browser.PostContentAsync(action, Browser.Multipart(fields, [("x.png", new byte[70 << 20])]));
        Assert.Equal(413, page.Status);
        Assert.StartsWith("附件太大", page.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no character", 400, "内容里有无法识别的空字符")]
    [InlineData("half of one", 400, "内容里有损坏的字符")]
    public async Task Text_beside_files_is_held_to_the_same_strictness(string what, int status, string words)
    {
        using var browser = Desk.Browser();
        var (action, fields) = Browser.Fill(await browser.GetAsync("/write"), "form.stack", ("Body", RunningDesk.Streetlight));
        var form = Browser.Multipart(fields.Where(field => field.Name != "Body"), [("x.png", SampleFiles.Png())]);
        form.Add(new ByteArrayContent(what == "no character" ? [(byte)'a', 0] : [0xED, 0xA0, 0x80]), "Body");
        var page = await browser.PostContentAsync(action, form);
        Assert.Equal(status, page.Status);
        Assert.StartsWith(words, page.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forms_with_files_are_taken_where_a_page_asks_for_them_and_need_their_token_and_their_end()
    {
        using var browser = Desk.Browser();
        var (action, fields) = Browser.Fill(await browser.GetAsync("/write"), "form.stack", ("Body", RunningDesk.Streetlight));
        Assert.Equal(415, (await browser.PostContentAsync("/follow", Browser.Multipart([("code", "x")], []))).Status);
        Assert.Equal(400, (await browser.PostContentAsync(action, Browser.Multipart(fields.Where(field => field.Name != "__RequestVerificationToken"), [("x.png", SampleFiles.Png())]))).Status);
        var (before, whole) = (Files, await Browser.Multipart(fields, [("x.png", SampleFiles.Png())]).ReadAsByteArrayAsync());
        var boundary = Encoding.ASCII.GetString(whole, 2, Array.IndexOf(whole, (byte)'\r') - 2);
        foreach (var length in new[] { whole.Length / 2, whole.Length - 30, 1, 0 })
        {
            var cut = new ByteArrayContent(whole[..length]);
            cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=" + boundary);
            Assert.Equal(400, (await browser.PostContentAsync(action, cut)).Status);
        }

        Assert.Equal(before, Files);
        Assert.Equal(0, Desk.Get<UploadRoom>().Taken);
    }

    [Fact]
    public async Task Half_a_file_and_then_nothing_stores_nothing_and_gives_its_room_back()
    {
        var (before, letters) = (Files, await Desk.CountAsync("SELECT COUNT(*) FROM letters"));
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(Desk.Address.Host, Desk.Address.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /write HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"Files\"; filename=\"x.png\"\r\n\r\n" + new string('x', 200_000)));
            for (var tries = 0; Desk.Get<UploadRoom>().Taken == 0 && tries < 200; tries++) await Task.Delay(20);
            Assert.True(Desk.Get<UploadRoom>().Taken > 0);
            socket.Client.LingerState = new LingerOption(true, 0);
        }

        for (var tries = 0; Desk.Get<UploadRoom>().Taken > 0 && tries < 300; tries++) await Task.Delay(20);
        Assert.Equal((0, before, letters), (Desk.Get<UploadRoom>().Taken, Files, await Desk.CountAsync("SELECT COUNT(*) FROM letters")));
    }

    [Fact]
    public void What_all_requests_hold_together_is_limited()
    {
        var room = new UploadRoom(100);
        using (var one = room.Begin())
        using (var two = room.Begin())
        {
            Assert.True(one.TryTake(60));
            Assert.False(two.TryTake(41));
            Assert.True(two.TryTake(40));
            Assert.Equal(100, room.Taken);
        }

        Assert.Equal(0, room.Taken);
    }

    private async Task<Sent> SendAsync(params (string Name, byte[] Content)[] files)
    {
        using var browser = Desk.Browser();
        var page = await browser.SubmitFilesAsync(await browser.GetAsync("/write"), "form.stack", files, ("Body", RunningDesk.Streetlight));
        Assert.Equal(200, page.Status);
        await Desk.CarryOnAsync();
        var follow = Desk.Get<Opinion.Desk.Letters.FollowLetter>();
        var id = await follow.FindAsync(page.Receipt, CancellationToken.None);
        return new Sent(page.Receipt, id!, (await follow.ReadAsync(id!, CancellationToken.None))!.Number);
    }

    private sealed class Same : IEqualityComparer<(int Files, IReadOnlyList<string> Content)>
    {
        public bool Equals((int Files, IReadOnlyList<string> Content) x, (int Files, IReadOnlyList<string> Content) y) => x.Files == y.Files && x.Content.SequenceEqual(y.Content);

        public int GetHashCode((int Files, IReadOnlyList<string> Content) obj) => obj.Files;
    }
}
