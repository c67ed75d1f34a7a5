using System.Text;
using System.Text.RegularExpressions;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Outbox;
using Opinion.Ingest.Mailbox;
using Opinion.Ingest.Mailbox.Mime;
using Opinion.Ingest.Tests.Outgoing;

namespace Opinion.Ingest.Tests.Mailbox;

/// <summary>One mail, one letter, one receipt mail; answers, bounces and loops. On a real store, with a real mail server.</summary>
public abstract partial class TakeMailTests(bool postgres) : IAsyncLifetime
{
    private MailOffice _office = null!;

    public async Task InitializeAsync() => _office = await MailOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres));

    public async Task DisposeAsync() => await _office.DisposeAsync();

    [Fact]
    public async Task A_mail_becomes_a_letter_and_its_writer_gets_the_receipt_code_once_and_the_store_keeps_none()
    {
        using var server = await RealMailServer.StartAsync(Directory.CreateDirectory(Path.Combine(_office.Folder, "server")).FullName);
        _office.Configure(server.Port);
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(MailOffice.Mail("1"))).Fate);
        Assert.Equal(1, await _office.CountAsync("SELECT COUNT(*) FROM sealed_receipts WHERE sealed IS NOT NULL"));
        Assert.Equal(MailOutcome.Sent, await _office.Send.NextAsync(default));
        Assert.Null(await _office.Send.NextAsync(default));
        Assert.Equal(0, await _office.CountAsync("SELECT COUNT(*) FROM sealed_receipts WHERE sealed IS NOT NULL OR wrapped_key IS NOT NULL"));
        var mail = MimeReader.Read(Encoding.Latin1.GetBytes(Assert.Single(server.Mails)));
        Assert.Equal("auto-replied", mail.Headers.Raw("Auto-Submitted"));
        Assert.Equal("<1@mail.example>", mail.Headers.Raw("In-Reply-To"));
        Assert.Equal("canary@mail.example", mail.Headers.Raw("To"));
        var code = Assert.Single(ReplyWords.Codes(mail.Text()));
        var letter = await _office.Get<FollowLetter>().FindAsync(code, default);
        Assert.NotNull(letter);
        Assert.DoesNotContain(MailOffice.Words, mail.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain(code, mail.Headers.Text("Subject") + mail.Headers.Raw("Message-ID"), StringComparison.Ordinal);
        // Delivered again, by whatever way and after the outbox has forgotten: the same letter, and no second receipt.
        _office.Clock.Advance(TimeSpan.FromDays(40));
        Assert.Equal(MailFate.Repeated, (await _office.TakeAsync([.. "Received: from mx.example\r\n"u8, .. MailOffice.Mail("1")])).Fate);
        Assert.Null(await _office.Send.NextAsync(default));
        Assert.Equal((1, 0), (await _office.LettersAsync(), await _office.ReceiptsAsync()));
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task Delivered_twenty_times_at_once_it_is_one_letter_with_one_receipt()
    {
        var mail = MailOffice.Mail("parallel");
        var fates = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => _office.TakeAsync(mail))));
        Assert.Equal(1, fates.Count(taken => taken.Fate == MailFate.Letter));
        Assert.Equal(19, fates.Count(taken => taken.Fate == MailFate.Repeated));
        Assert.Equal((1, 1), (await _office.LettersAsync(), await _office.ReceiptsAsync()));
    }

    [Fact]
    public async Task An_answer_is_added_by_the_id_it_names_whatever_its_address_and_once()
    {
        var (token, code) = await ReceiptAsync("1");
        var answer = MailOffice.Mail("2", $"补充：路灯编号是 A12。\r\n\r\n------------------ 原始邮件 ------------------\r\n收据码：{code}\r\n", from: "other@work.example", more: $"In-Reply-To: <x@y>\r\nReferences: <1@mail.example>\r\n <{token}@office.example>\r\n");
        var fates = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _office.TakeAsync(answer, "other@work.example"))));
        Assert.Equal(1, fates.Count(taken => taken.Fate == MailFate.Added));
        Assert.Equal(7, fates.Count(taken => taken.Fate == MailFate.Repeated));
        Assert.Equal((1, 1), (await _office.LettersAsync(), await _office.AdditionsAsync()));
        Assert.Equal(["补充：路灯编号是 A12。"], await _office.TextsAsync("SELECT text FROM matter_events WHERE kind = 'writer-added'"));
        Assert.Equal(1, await _office.ReceiptsAsync());
    }

    [Fact]
    public async Task A_receipt_code_in_a_mail_threads_it_and_is_shown_to_nobody()
    {
        var (_, code) = await ReceiptAsync("1");
        Assert.Equal(MailFate.Added, (await _office.TakeAsync(MailOffice.Mail("2", $"我的收据码 {code}，请问办到哪里了？"))).Fate);
        var words = Assert.Single(await _office.TextsAsync("SELECT text FROM matter_events WHERE kind = 'writer-added'"));
        Assert.DoesNotContain(code, words, StringComparison.Ordinal);
        Assert.Contains("请问办到哪里了", words, StringComparison.Ordinal);
        // A code that belongs to nothing is hidden all the same, and the mail is a letter.
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(MailOffice.Mail("3", "收据码 00000-00000-00000-00000-000000 查不到，路灯不亮。"))).Fate);
        await _office.Get<LetterWay>().CarryOnAsync(default);
        Assert.DoesNotContain(await _office.TextsAsync("SELECT body FROM letters"), body => body.Contains("00000-00000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forged_ids_and_the_writers_address_alone_thread_nothing()
    {
        await ReceiptAsync("1");
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(MailOffice.Mail("2", "另一件事：垃圾没有清运。", more: "In-Reply-To: <0123456789abcdef0123456789abcdef@office.example>\r\n"))).Fate);
        // The outbox's own id is in the store; it is no token.
        var inside = Assert.Single(await _office.TextsAsync("SELECT message_id FROM mail_threads"));
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(MailOffice.Mail("3", "第三件事：路面积水。", more: $"In-Reply-To: <{inside}@office.example>\r\n"))).Fate);
        Assert.Equal((3, 0), (await _office.LettersAsync(), await _office.AdditionsAsync()));
    }

    [Fact]
    public async Task An_answer_to_a_withdrawn_letter_is_a_letter_of_its_own()
    {
        var (token, code) = await ReceiptAsync("1");
        var id = (await _office.Get<FollowLetter>().FindAsync(code, default))!;
        Assert.Null(await _office.Get<WithdrawLetter>().HandleAsync(id, default));
        Assert.Equal(0, await _office.CountAsync("SELECT COUNT(*) FROM mail_threads"));
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(MailOffice.Mail("2", "我又想了想，还是请修路灯。", more: $"In-Reply-To: <{token}@office.example>\r\n"))).Fate);
        Assert.Equal((2, 0), (await _office.LettersAsync(), await _office.AdditionsAsync()));
    }

    [Fact]
    public async Task A_withdrawn_or_erased_letter_leaves_no_receipt_to_send()
    {
        await _office.TakeAsync(MailOffice.Mail("1"));
        await _office.TakeAsync(MailOffice.Mail("2", "垃圾没有清运。"));
        var ids = await _office.TextsAsync("SELECT id FROM letters ORDER BY id");
        Assert.Null(await _office.Get<WithdrawLetter>().HandleAsync(ids[0], default));
        Assert.Null(await _office.Get<WithdrawLetter>().EraseContactAsync(ids[1], default));
        Assert.Equal(0, await _office.ReceiptsAsync());
        Assert.Equal(0, await _office.CountAsync("SELECT COUNT(*) FROM sealed_receipts WHERE sealed IS NOT NULL"));
        Assert.Equal(MailFate.Repeated, (await _office.TakeAsync(MailOffice.Mail("1"))).Fate);
        Assert.Equal(0, await _office.ReceiptsAsync());
    }

    [Fact]
    public async Task What_programs_send_becomes_no_letter_and_begins_no_loop()
    {
        var seen = 0;
        foreach (var (name, expected) in RecordedMails.Expected.Where(mail => mail.Value.Kind != "Letter"))
        {
            var taken = await _office.TakeAsync(RecordedMails.Bytes(name), null);
            Assert.Equal((name, expected.Kind == "Own" ? MailFate.Refused : MailFate.Discarded), (name, taken.Fate));
            seen++;
        }

        Assert.InRange(seen, 10, 100);
        Assert.Equal(MailFate.Discarded, (await _office.TakeAsync(MailOffice.Mail("n"), "")).Fate);
        Assert.Equal(TakeMail.OwnAddress, (await _office.TakeAsync(MailOffice.Mail("o", from: "letters@office.example"), "desk@office.example")).Reason);
        Assert.Equal((0, 0), (await _office.LettersAsync(), await _office.CountAsync("SELECT COUNT(*) FROM outbox")));
    }

    [Fact]
    public async Task Two_offices_that_write_to_each_other_stop_at_once()
    {
        await ReceiptAsync("1");
        // The receipt arrives at an office like this one, which takes it for what a program sent.
        var receipt = await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(_office.Folder, "server-1", "maildir", "new")).Single());
        Assert.Equal(MailKind.Own, ReceivedMail.Read(receipt, null, RecordedMails.Own).Kind);
        Assert.Equal(MailKind.AutoReply, ReceivedMail.Read(receipt, null, ["desk@other.example"]).Kind);
    }

    [Fact]
    public async Task A_receipt_that_comes_back_is_on_the_list_of_dead_mail_and_a_late_one_is_not()
    {
        var (token, _) = await ReceiptAsync("1");
        const string quoted = "0123456789abcdef0123456789abcdef";
        byte[] Bounce(string name) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(RecordedMails.Bytes(name)).Replace(quoted, token, StringComparison.Ordinal));
        Assert.Equal(MailFate.Discarded, (await _office.TakeAsync(Bounce("bounce-delayed"), "")).Fate);
        Assert.Empty(await _office.Get<DeadMail>().ListAsync(default));
        Assert.Equal(MailFate.CameBack, (await _office.TakeAsync(Bounce("bounce-postfix"), "")).Fate);
        var dead = Assert.Single(await _office.Get<DeadMail>().ListAsync(default));
        Assert.Equal(("receipt", "came-back 5.1.1"), (dead.Kind, dead.Error));
        Assert.Equal(MailFate.Discarded, (await _office.TakeAsync(Bounce("bounce-postfix"), "")).Fate);
        Assert.Single(await _office.Get<DeadMail>().ListAsync(default));
        // Its code is nowhere any more, so there is nothing to try again with.
        Assert.True(await _office.Get<DeadMail>().DecideAsync(MailOffice.Administrator, dead.Id, again: true, default));
        Assert.Equal(MailOutcome.Dropped, await _office.Send.NextAsync(default));
        Assert.Equal(1, await _office.LettersAsync());
    }

    [Fact]
    public async Task Files_that_are_not_taken_are_named_and_what_cannot_be_a_letter_is_refused()
    {
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(RecordedMails.Bytes("nested"))).Fate);
        await _office.Get<LetterWay>().CarryOnAsync(default);
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM sealed_attachments"));
        var body = Assert.Single(await _office.TextsAsync("SELECT body FROM letters"));
        Assert.Contains("1 files not taken", body, StringComparison.Ordinal);
        Assert.Contains("report.doc", body, StringComparison.Ordinal);
        Assert.Equal(new MailTaken(MailFate.Refused, SetAsideReasons.Empty), await _office.TakeAsync(MailOffice.Mail("e", "  ", subject: "")));
        Assert.Equal(new MailTaken(MailFate.Refused, SetAsideReasons.TooLong), await _office.TakeAsync(MailOffice.Mail("l", new string('长', LetterText.BodyLimit + 1))));
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(MailOffice.Mail("s", "", subject: "只有主题：路灯不亮"))).Fate);
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(MailOffice.Mail("t", "正文", subject: string.Concat(Enumerable.Repeat("很长的主题", 100))))).Fate);
        Assert.Equal(3, await _office.LettersAsync());
    }

    [Fact]
    public async Task A_mail_of_25_MB_is_taken_and_a_larger_one_is_not()
    {
        var picture = new byte[24 * 1024 * 1024];
        var mail = new StringBuilder("From: a@mail.example\r\nSubject: big\r\nMessage-ID: <big@mail.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe lamp is out.\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=big.png\r\nContent-Transfer-Encoding: base64\r\n\r\n")
            .Append(Convert.ToBase64String(picture, Base64FormattingOptions.InsertLineBreaks)).Append("\r\n--b--\r\n");
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(Encoding.ASCII.GetBytes(mail.ToString()))).Fate);
        Assert.Equal(new MailTaken(MailFate.Refused, SetAsideReasons.TooLarge), await _office.TakeAsync(new byte[new MailboxOptions().LargestMail + 1]));
        Assert.Equal(1, await _office.LettersAsync());
    }

    // Takes a mail and sends its receipt; the token in the receipt's id and the code in its text.
    private async Task<(string Token, string Code)> ReceiptAsync(string id)
    {
        using var server = await RealMailServer.StartAsync(Directory.CreateDirectory(Path.Combine(_office.Folder, "server-" + id)).FullName);
        _office.Configure(server.Port);
        Assert.Equal(MailFate.Letter, (await _office.TakeAsync(MailOffice.Mail(id))).Fate);
        await _office.Get<LetterWay>().CarryOnAsync(default);
        Assert.Equal(MailOutcome.Sent, await _office.Send.NextAsync(default));
        var mail = MimeReader.Read(Encoding.Latin1.GetBytes(Assert.Single(server.Mails)));
        return (Token().Match(mail.Headers.Raw("Message-ID")!).Groups[1].Value, Assert.Single(ReplyWords.Codes(mail.Text())));
    }

    [GeneratedRegex("^<([0-9a-f]{32})@office.example>$")]
    private static partial Regex Token();
}

public sealed class TakeMailOnSqlite() : TakeMailTests(postgres: false);

public sealed class TakeMailOnPostgres() : TakeMailTests(postgres: true);
