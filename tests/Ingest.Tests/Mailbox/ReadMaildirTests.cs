using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Runs;
using Opinion.Ingest.Mailbox;

namespace Opinion.Ingest.Tests.Mailbox;

/// <summary>A Maildir on a real file system, with everything that can happen to it in between.</summary>
public abstract class ReadMaildirTests(bool postgres) : IAsyncLifetime
{
    private MailOffice _office = null!;

    public async Task InitializeAsync() => _office = await MailOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres));

    public async Task DisposeAsync() => await _office.DisposeAsync();

    [Fact]
    public async Task Mails_become_letters_and_lie_in_cur_seen()
    {
        _office.Deliver("1700000000.M1P1.mx", MailOffice.Mail("1"));
        _office.Deliver("1700000001.M1P1.mx", MailOffice.Mail("2", "垃圾没有清运。"));
        _office.Deliver("1700000002.M1P1.mx:2,", RecordedMails.Bytes("auto-exchange"));
        Assert.Equal((RunOutcome.Done, new RunCounts(3, 3, 0)), await _office.RoundAsync());
        Assert.Equal(["1700000000.M1P1.mx:2,S", "1700000001.M1P1.mx:2,S", "1700000002.M1P1.mx:2,S"], _office.Names("cur"));
        Assert.Empty(_office.Names("new"));
        Assert.Equal((2, 2), (await _office.LettersAsync(), await _office.ReceiptsAsync()));
        // They arrived when the mail server had them.
        Assert.Equal(MailOffice.Morning.AddMinutes(-3).ToUnixTimeMilliseconds(), await _office.CountAsync("SELECT MIN(arrived_at) FROM letters"));
        Assert.Equal((RunOutcome.Done, default), await _office.RoundAsync());
        var run = Assert.Single(await _office.Get<DoorRuns>().NewestAsync(Channel.Mailbox, 5, default));
        Assert.Equal(new DoorCounts(3, 2, 0, 0), run.Counts);
        Assert.Empty(Directory.GetFiles(Path.Combine(_office.Desk.DataFolder, "mailbox", "tries")));
    }

    [Fact]
    public async Task Killed_after_the_letter_was_stored_the_next_round_knows_the_mail()
    {
        var mail = MailOffice.Mail("1");
        _office.Deliver("1.a", mail);
        await _office.RoundAsync();
        // As if the node had died before it could move the mail: it lies in new, and its try is counted.
        File.Move(Path.Combine(_office.Maildir, "cur", "1.a:2,S"), Path.Combine(_office.Maildir, "new", "1.a"));
        await File.WriteAllTextAsync(Path.Combine(_office.Desk.DataFolder, "mailbox", "tries", "1.a"), "1");
        Assert.Equal(new RunCounts(1, 1, 0), (await _office.RoundAsync()).Counts);
        // And as if it had died between the letter and its receipt.
        Assert.Equal((1, 1), (await _office.LettersAsync(), await _office.ReceiptsAsync()));
        // The same mail under another name, as a server that was not sure delivers it.
        _office.Deliver("2.b", mail);
        await _office.RoundAsync();
        Assert.Equal((1, 1), (await _office.LettersAsync(), await _office.ReceiptsAsync()));
        Assert.Equal(["1.a:2,S", "2.b:2,S"], _office.Names("cur"));
    }

    [Fact]
    public async Task Killed_between_letter_and_receipt_the_receipt_is_made_up_for()
    {
        var mail = RecordedMails.Read(MailOffice.Mail("1"));
        await _office.Get<ReceiveLetter>().HandleAsync(new IncomingLetter(Channel.Mailbox, mail.Key, _office.Clock.Now, mail.Subject, mail.Text.Trim()) { Contact = new Desk.Sealing.Contact(null, null, mail.Address) }, default);
        Assert.Equal((1, 0), (await _office.LettersAsync(), await _office.ReceiptsAsync()));
        _office.Deliver("1.a", MailOffice.Mail("1"));
        await _office.RoundAsync();
        Assert.Equal((1, 1), (await _office.LettersAsync(), await _office.ReceiptsAsync()));
    }

    [Fact]
    public async Task Two_readers_of_one_folder_make_each_mail_one_letter()
    {
        for (var i = 0; i < 30; i++) _office.Deliver($"{1000 + i}.m", MailOffice.Mail("m" + i, $"第 {i} 封：路灯不亮。"));
        var take = _office.Get<TakeMail>();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            // What a second node does that was frozen in its round and comes back.
            foreach (var path in Directory.GetFiles(Path.Combine(_office.Maildir, "new")))
            {
                try
                {
                    await take.HandleAsync(await File.ReadAllBytesAsync(path), null, RecordedMails.Own, _office.Clock.Now, default);
                }
                catch (FileNotFoundException)
                {
                    // The round had it.
                }
            }
        })).ToList();
        var round = await _office.RoundAsync();
        await Task.WhenAll(readers);
        Assert.Equal(new RunCounts(30, 30, 0), round.Counts);
        Assert.Equal((30, 30), (await _office.LettersAsync(), await _office.ReceiptsAsync()));
        Assert.Equal(30, _office.Names("cur").Count);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_taken_is_set_aside_with_its_reason_sealed_and_the_others_go_on()
    {
        _office.Deliver("1.deep", System.Text.Encoding.ASCII.GetBytes("Subject: canary-deep\r\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n"))));
        _office.Deliver("2.empty", MailOffice.Mail("e", " ", subject: ""));
        _office.Deliver("3.own", MailOffice.Mail("o", from: "desk@office.example"));
        _office.Deliver("4.good", MailOffice.Mail("g"));
        // One that brought the program down three times: its tries stand on the disk.
        _office.Deliver("5.poison", MailOffice.Mail("p", "毒药一样的邮件。"));
        Directory.CreateDirectory(Path.Combine(_office.Desk.DataFolder, "mailbox", "tries"));
        await File.WriteAllTextAsync(Path.Combine(_office.Desk.DataFolder, "mailbox", "tries", "5.poison"), "3");
        Assert.Equal((RunOutcome.Done, new RunCounts(5, 1, 4)), await _office.RoundAsync());
        Assert.Equal(["1.deep", "1.deep.reason.txt", "2.empty", "2.empty.reason.txt", "5.poison", "5.poison.reason.txt"], _office.Names("failed"));
        Assert.Equal("unreadable\n", await File.ReadAllTextAsync(Path.Combine(_office.Maildir, "failed", "1.deep.reason.txt")));
        Assert.Equal("failed\n", await File.ReadAllTextAsync(Path.Combine(_office.Maildir, "failed", "5.poison.reason.txt")));
        Assert.Equal(["3.own:2,S", "4.good:2,S"], _office.Names("cur"));
        Assert.Equal(1, await _office.LettersAsync());
        var rows = await _office.Get<SetAsideRows>().NewestAsync(Channel.Mailbox, 10, default);
        Assert.Equal(["empty 2.empty", "failed 5.poison", "unreadable 1.deep"], rows.Select(row => row.Reason + " " + row.Source).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task While_the_door_is_closed_or_no_mail_can_be_sent_mails_wait()
    {
        _office.Deliver("1.a", MailOffice.Mail("1"));
        Assert.Null(await _office.Get<DoorSwitch>().SetAsync(Channel.Mailbox, false, MailOffice.Administrator, default));
        Assert.Equal((RunOutcome.Done, default), await _office.RoundAsync());
        Assert.Null(await _office.Get<DoorSwitch>().SetAsync(Channel.Mailbox, true, MailOffice.Administrator, default));
        File.Delete(Path.Combine(_office.Desk.DataFolder, "mail.json"));
        Assert.Equal(RunOutcome.Failed, (await _office.RoundAsync()).Outcome);
        Assert.Equal(["1.a"], _office.Names("new"));
        Assert.Equal(0, await _office.LettersAsync());
        _office.Configure(1);
        Assert.Equal(new RunCounts(1, 1, 0), (await _office.RoundAsync()).Counts);
        Assert.Equal(1, await _office.LettersAsync());
    }
}

public sealed class ReadMaildirOnSqlite() : ReadMaildirTests(postgres: false);

public sealed class ReadMaildirOnPostgres() : ReadMaildirTests(postgres: true);
