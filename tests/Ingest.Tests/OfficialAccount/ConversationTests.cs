using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk.Answers;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Ingest.OfficialAccount;

namespace Opinion.Ingest.Tests.OfficialAccount;

/// <summary>Conversations with the official account of a real office, on recorded traffic.</summary>
public class ConversationTests
{
    [Fact]
    public async Task The_platforms_check_is_answered_with_its_echo()
    {
        await using var office = await Recorded.OfficeAsync();
        var callback = office.Get<AccountCallback>();
        Assert.Equal(new CallbackResult(200, "5837397520665436492"), await callback.CheckAsync(Recorded.Signed(echo: "5837397520665436492"), CancellationToken.None));
        Assert.Equal(403, (await callback.CheckAsync(Recorded.Signed(echo: "1") with { Nonce = "2" }, CancellationToken.None)).Status);
        Assert.Equal(403, (await callback.CheckAsync(new CallbackQuery(null, null, null, "1"), CancellationToken.None)).Status);
        await office.CloseAsync(Channel.OfficialAccount);
        Assert.Equal(503, (await callback.CheckAsync(Recorded.Signed(echo: "1"), CancellationToken.None)).Status);
    }

    [Fact]
    public async Task What_is_not_signed_or_not_set_up_is_refused_and_nothing_is_stored()
    {
        await using var office = await Recorded.OfficeAsync();
        var callback = office.Get<AccountCallback>();
        var body = Encoding.UTF8.GetBytes(Recorded.Text(Recorded.Letter, "1"));
        Assert.Equal(403, (await callback.AnswerAsync(Recorded.Signed() with { Signature = new string('0', 40) }, body, CancellationToken.None)).Status);
        File.Delete(office.Get<OfficialAccountFile>().Location);
        Assert.Equal(503, (await callback.AnswerAsync(Recorded.Signed(), body, CancellationToken.None)).Status);
        await File.WriteAllTextAsync(office.Get<OfficialAccountFile>().Location, """{ "token": "weixin", "tokn": "x" }""");
        Assert.Equal(503, (await callback.AnswerAsync(Recorded.Signed(), body, CancellationToken.None)).Status);
        Assert.Equal(0, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task A_letter_is_stored_with_its_receipt_in_the_reply_and_the_code_shows_its_state()
    {
        await using var office = await Recorded.OfficeAsync();
        var reply = await Recorded.SendAsync(office, Recorded.Text(Recorded.Letter, "1"));
        var code = Recorded.CodeIn(reply!);
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM letters WHERE channel = 'official-account' AND publish = 0"));
        Assert.Contains("已收到，等待分办", await Recorded.SendAsync(office, Recorded.Text(code, "2")), StringComparison.Ordinal);
        await office.Get<LetterWay>().CarryOnAsync(CancellationToken.None);
        // As the desk wrote it, with the words before it: no second letter.
        Assert.Contains("正在办理", await Recorded.SendAsync(office, Recorded.Text("收据码：" + code, "2b")), StringComparison.Ordinal);
        var state = await Recorded.SendAsync(office, Recorded.Text(code.ToLowerInvariant().Replace('-', ' '), "3"));
        Assert.Contains("正在办理，2026-11-27 前答复", state, StringComparison.Ordinal);
        Assert.Contains("the answer is due by 2026-11-27", state, StringComparison.Ordinal);
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task The_accounts_id_of_the_writer_is_sealed_as_contact_data_and_stands_nowhere_else()
    {
        await using var office = await Recorded.OfficeAsync();
        await Recorded.SendAsync(office, Recorded.Text(Recorded.Letter, "1"));
        await Recorded.SendAsync(office, Recorded.Text(Recorded.Question, "2"));
        await office.Get<LetterWay>().CarryOnAsync(CancellationToken.None);
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM sealed_questions"));
        await office.Store.ForgetErasedAsync(CancellationToken.None);
        foreach (var file in Directory.EnumerateFiles(office.Folder, "*", SearchOption.AllDirectories))
        {
            using var shared = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await shared.CopyToAsync(bytes);
            Assert.True(bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.UTF8.GetBytes(Recorded.Writer)) < 0, file);
        }
    }

    [Fact]
    public async Task A_sure_answer_is_sent_at_once_and_1_makes_it_a_letter_once()
    {
        await using var office = await Recorded.OfficeAsync();
        var answer = await Recorded.SendAsync(office, Recorded.Text(Recorded.Question, "1"));
        Assert.StartsWith("屋面严重渗漏可以应急使用维修资金，办法见指南（https://town.example/fund）。", answer, StringComparison.Ordinal);
        Assert.Contains("维修资金管理办法》", answer, StringComparison.Ordinal);
        Assert.EndsWith("如果没有解决问题，两天内回复 1，会有人来看您的问题。", answer, StringComparison.Ordinal);
        Assert.Equal(answer, await Recorded.SendAsync(office, Recorded.Text(Recorded.Question, "1")));
        Assert.Equal(0, await office.CountAsync("SELECT COUNT(*) FROM letters"));

        var receipt = await Recorded.SendAsync(office, Recorded.Text("1", "2"));
        var code = Recorded.CodeIn(receipt!);
        // The platform's repeat, and the writer's.
        Assert.Equal(receipt, await Recorded.SendAsync(office, Recorded.Text("1", "2")));
        Assert.Equal(receipt, await Recorded.SendAsync(office, Recorded.Text("１", "3")));
        Assert.Equal(code, Recorded.CodeIn((await Recorded.SendAsync(office, Recorded.Text(Recorded.Question, "1")))!));
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        await office.Get<LetterWay>().CarryOnAsync(CancellationToken.None);
        Assert.Equal([Recorded.Question], await office.TextsAsync("SELECT body FROM letters"));
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
    }

    [Theory]
    [InlineData("屋顶漏水没人管，物业太差了，我要投诉！")]
    [InlineData("着火了！现在楼道里冒浓烟，有人被困，快来救人！屋顶漏水怎么动用维修资金？")]
    [InlineData("请问老年卡在哪里办理？")]
    [InlineData("自来水水费账单在哪里查询？")]
    public async Task What_is_no_plain_question_is_not_surely_answered_or_whose_answer_is_out_of_date_is_a_letter(string text)
    {
        await using var office = await Recorded.OfficeAsync();
        var reply = await Recorded.SendAsync(office, Recorded.Text(text, "1"));
        Recorded.CodeIn(reply!);
        Assert.Equal(text.StartsWith("着火", StringComparison.Ordinal), reply!.StartsWith("遇到火灾", StringComparison.Ordinal));
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task An_answer_that_would_be_cut_is_not_sent()
    {
        await using var office = await Recorded.OfficeAsync();
        await office.Get<AnswerBank>().PutAsync([Recorded.Entry with { Answer = new string('长', 700) }], CancellationToken.None);
        Recorded.CodeIn((await Recorded.SendAsync(office, Recorded.Text(Recorded.Question, "1")))!);
    }

    [Fact]
    public async Task A_1_without_a_question_and_a_code_nobody_has_store_nothing()
    {
        await using var office = await Recorded.OfficeAsync();
        Assert.Contains("没有等待转交的问题", await Recorded.SendAsync(office, Recorded.Text("1", "1")), StringComparison.Ordinal);
        // Unknown, too short, with a letter that no code has: all alike.
        var replies = new List<string?>();
        foreach (var (code, i) in new[] { "0123A-BCDEF-GHJKM-NPQRS-TVWXYZ", "0123A-BCDEF-GHJKM-NPQRS-TVWXY", "0123A-BCDEF-GHJKM-NPQRS-TVWXUU", "0123ABCDEFGHJKMNPQRSTVWXYZ12", "0123A-BCDEF-GHJKM", "我的收据码是 0123A-BCDEF-GHJKM-NPQRS-TVWXYZ" }.Select((code, i) => (code, i)))
            replies.Add(await Recorded.SendAsync(office, Recorded.Text(code, $"c{i}")));
        Assert.Equal(6, replies.Count);
        Assert.Contains("没有查到这个收据码", Assert.Single(replies.Distinct()), StringComparison.Ordinal);
        Assert.Equal(0, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task Codes_are_not_to_be_guessed_but_a_repeat_costs_nothing()
    {
        await using var office = await Recorded.OfficeAsync();
        for (var i = 0; i < 40; i++) Assert.Contains("没有查到", await Recorded.SendAsync(office, Recorded.Text("0123A-BCDEF-GHJKM-NPQRS-TVWXYZ", "same")), StringComparison.Ordinal);
        for (var i = 0; i < 19; i++) Assert.Contains("没有查到", await Recorded.SendAsync(office, Recorded.Text("0123A-BCDEF-GHJKM-NPQRS-TVWXYZ", $"{i}")), StringComparison.Ordinal);
        Assert.Contains("太快", await Recorded.SendAsync(office, Recorded.Text("0123A-BCDEF-GHJKM-NPQRS-TVWXYZ", "last")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_letters_from_one_writer_is_stopped()
    {
        await using var office = await Recorded.OfficeAsync();
        for (var i = 0; i < 30; i++) Recorded.CodeIn((await Recorded.SendAsync(office, Recorded.Text(Recorded.Letter + i, $"{i}")))!);
        Assert.Contains("太快", await Recorded.SendAsync(office, Recorded.Text(Recorded.Letter, "30")), StringComparison.Ordinal);
        Assert.Equal(30, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task Events_and_other_kinds_of_messages_store_nothing()
    {
        await using var office = await Recorded.OfficeAsync();
        var welcome = await Recorded.SendAsync(office, Recorded.Event("subscribe"));
        Assert.Contains("只用于答复您", welcome, StringComparison.Ordinal);
        Assert.Contains("119", welcome, StringComparison.Ordinal);
        foreach (var kind in new[] { "unsubscribe", "CLICK", "LOCATION" }) Assert.Null(await Recorded.SendAsync(office, Recorded.Event(kind)));
        Assert.Contains("只能收文字", await Recorded.SendAsync(office, Recorded.Image), StringComparison.Ordinal);
        Assert.Contains("没有收到文字", await Recorded.SendAsync(office, Recorded.Text(" \n", "1")), StringComparison.Ordinal);
        Assert.Contains("内容太长", await Recorded.SendAsync(office, Recorded.Text(new string('长', 20_001), "2")), StringComparison.Ordinal);
        Assert.Equal(0, await office.CountAsync("SELECT (SELECT COUNT(*) FROM letters) + (SELECT COUNT(*) FROM channel_keys) + (SELECT COUNT(*) FROM sealed_questions)"));
    }

    [Fact]
    public async Task A_message_without_a_number_is_known_again_by_writer_and_time()
    {
        await using var office = await Recorded.OfficeAsync();
        var xml = Recorded.Text(Recorded.Letter, "x").Replace("<MsgId>x</MsgId>", "", StringComparison.Ordinal);
        Assert.Equal(await Recorded.SendAsync(office, xml), await Recorded.SendAsync(office, xml));
        Recorded.CodeIn((await Recorded.SendAsync(office, xml.Replace("1763600000", "1763600009", StringComparison.Ordinal)))!);
        Assert.Equal(2, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task Who_writes_in_English_is_answered_in_English()
    {
        await using var office = await Recorded.OfficeAsync();
        Assert.StartsWith("Your letter has arrived. Receipt code:", await Recorded.SendAsync(office, Recorded.Text("The street lamp at our gate is broken.", "1")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_door_says_so_and_stores_nothing()
    {
        await using var office = await Recorded.OfficeAsync();
        await office.CloseAsync(Channel.OfficialAccount);
        Assert.StartsWith("这里暂时不收信，没有收下任何内容。", await Recorded.SendAsync(office, Recorded.Text(Recorded.Letter, "1")), StringComparison.Ordinal);
        Assert.Equal(0, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task An_encrypted_conversation_is_the_same_and_takes_nothing_plain()
    {
        await using var office = await Recorded.OfficeAsync(encrypted: true);
        var cipher = new AccountCipher(Recorded.Key, Recorded.AppId);
        var callback = office.Get<AccountCallback>();
        var encrypted = cipher.Encrypt(Recorded.Text(Recorded.Letter, "1"));
        var body = Encoding.UTF8.GetBytes($"<xml><ToUserName><![CDATA[gh_office]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>");
        var result = await callback.AnswerAsync(Recorded.Signed(encrypted), body, CancellationToken.None);
        Assert.Equal((200, true, true), (result.Status, result.Xml, result.NewLetter));
        var fields = Recorded.FieldsOf(result.Body);
        Assert.Equal(["Encrypt", "MsgSignature", "Nonce", "TimeStamp"], fields.Keys.Order(StringComparer.Ordinal));
        Assert.True(AccountSignature.Fits(fields["MsgSignature"], Recorded.Token, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"]));
        Recorded.CodeIn(Recorded.ReplyOf(Encoding.UTF8.GetString(cipher.Decrypt(fields["Encrypt"]))));

        Assert.Equal(403, (await callback.AnswerAsync(Recorded.Signed(encrypted) with { MessageSignature = null }, body, CancellationToken.None)).Status);
        Assert.Equal(403, (await callback.AnswerAsync(Recorded.Signed(encrypted + "x"), body, CancellationToken.None)).Status);
        Assert.Equal(400, (await callback.AnswerAsync(Recorded.Signed(), Encoding.UTF8.GetBytes(Recorded.Text(Recorded.Letter, "2")), CancellationToken.None)).Status);
        var other = new AccountCipher(Recorded.Key, "wxanother").Encrypt(Recorded.Text(Recorded.Letter, "3"));
        Assert.Equal(400, (await callback.AnswerAsync(Recorded.Signed(other), Encoding.UTF8.GetBytes($"<xml><Encrypt>{other}</Encrypt></xml>"), CancellationToken.None)).Status);
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task The_test_of_the_door_tells_which_settings_are_there_and_none_of_them()
    {
        await using var office = await Recorded.OfficeAsync(encrypted: true);
        var test = office.Services.GetServices<IDoorTest>().Single(test => test.Channel == Channel.OfficialAccount);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(office.Get<OfficialAccountFile>().Location, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var checks = await test.TestAsync(CancellationToken.None);
        Assert.Equal(7, checks.Count);
        Assert.All(checks, check => Assert.True(check.Passed, check.What.En));
        foreach (var secret in new[] { Recorded.Token, Recorded.AppId, Recorded.Key }) Assert.DoesNotContain(checks, check => (check.What.Zh + check.What.En).Contains(secret, StringComparison.Ordinal));
        await File.WriteAllTextAsync(office.Get<OfficialAccountFile>().Location, """{ "token": "weixin", "encodingAesKey": "canary-secret" }""");
        var wrong = Assert.Single(await test.SetUpAsync(CancellationToken.None));
        Assert.False(wrong.Passed);
        Assert.DoesNotContain("canary", wrong.What.En, StringComparison.Ordinal);
        File.Delete(office.Get<OfficialAccountFile>().Location);
        Assert.False(Assert.Single(await test.SetUpAsync(CancellationToken.None)).Passed);
    }
}
