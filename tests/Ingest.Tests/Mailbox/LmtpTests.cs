using System.Diagnostics;
using System.Globalization;
using System.Text;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Mailbox;

namespace Opinion.Ingest.Tests.Mailbox;

/// <summary>The LMTP listener over real sockets: with a client of another make, and with clients that misbehave.</summary>
public abstract class LmtpTests(bool postgres)
{
    private const string Script =
        """
        import smtplib, sys
        client = smtplib.LMTP('127.0.0.1', int(sys.argv[1]))
        client.ehlo()
        assert all(client.has_extn(name) for name in ('pipelining', '8bitmime', 'smtputf8', 'enhancedstatuscodes', 'size')), client.esmtp_features
        mail = sys.stdin.buffer.read()
        refused = client.sendmail('writer@mail.example', ['desk@office.example', 'Letters+urgent@office.example', 'nobody@office.example'], mail, ['body=8bitmime', 'smtputf8'])
        print(sorted((who, answer[0]) for who, answer in refused.items()))
        client.quit()
        """;

    [Fact]
    public async Task A_client_of_another_make_hands_over_one_letter_for_two_recipients()
    {
        await using var lmtp = await LmtpOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Script, lmtp.Port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            using var python = Process.Start(start)!;
            await python.StandardInput.BaseStream.WriteAsync(RecordedMails.Bytes("utf8-headers"));
            python.StandardInput.Close();
            var (said, wrong) = (await python.StandardOutput.ReadToEndAsync(), await python.StandardError.ReadToEndAsync());
            await python.WaitForExitAsync();
            Assert.Equal(("[('nobody@office.example', 550)]", ""), (said.Trim(), wrong));
        }

        Assert.Equal((1, 1), (await lmtp.Office.LettersAsync(), await lmtp.Office.ReceiptsAsync()));
    }

    [Fact]
    public async Task Half_a_mail_and_then_nothing_or_a_reset_stores_nothing()
    {
        await using var lmtp = await LmtpOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres));
        var mail = MailOffice.Mail("half");
        for (var round = 0; round < 6; round++)
        {
            await using var client = await LmtpClient.ConnectAsync(lmtp.Port);
            await client.BeginAsync();
            // All of it but the final dot, or a part of it.
            await client.SayAsync(round == 0 ? mail : mail[..(mail.Length * round / 6)]);
            if (round % 2 == 0) client.Reset();
        }

        await using var last = await LmtpClient.ConnectAsync(lmtp.Port);
        Assert.StartsWith("250 ", await last.AskAsync("NOOP"), StringComparison.Ordinal);
        Assert.Equal(0, await lmtp.Office.LettersAsync());
        Assert.StartsWith("250 ", await last.SendAsync(mail), StringComparison.Ordinal);
        Assert.Equal(1, await lmtp.Office.LettersAsync());
    }

    [Fact]
    public async Task A_slow_client_is_let_go_and_others_are_served_meanwhile()
    {
        var options = new MailboxOptions { Patience = TimeSpan.FromSeconds(3), MailPatience = TimeSpan.FromSeconds(5), Sessions = 5 };
        await using var lmtp = await LmtpOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres), options);
        await using var silent = await LmtpClient.ConnectAsync(lmtp.Port);
        await using var drip = await LmtpClient.ConnectAsync(lmtp.Port);
        await drip.BeginAsync();
        var dripping = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 60; i++)
                {
                    await drip.SayAsync("x");
                    await Task.Delay(500);
                }
            }
            catch (IOException)
            {
                // It was let go, as it should be.
            }
        });
        await using (var quick = await LmtpClient.ConnectAsync(lmtp.Port)) Assert.StartsWith("250 ", await quick.SendAsync(MailOffice.Mail("quick")), StringComparison.Ordinal);
        Assert.StartsWith("421 4.4.2", await silent.AnswerAsync(), StringComparison.Ordinal);
        Assert.StartsWith("421 4.4.2", await drip.AnswerAsync(), StringComparison.Ordinal);
        await dripping;
        Assert.Equal(1, await lmtp.Office.LettersAsync());
    }

    [Fact]
    public async Task Too_large_mails_are_refused_before_and_after_and_the_session_goes_on()
    {
        await using var lmtp = await LmtpOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres), new MailboxOptions { LargestMail = 100_000 });
        await using var client = await LmtpClient.ConnectAsync(lmtp.Port);
        Assert.StartsWith("552 5.3.4", await client.AskAsync("MAIL FROM:<a@mail.example> SIZE=100001"), StringComparison.Ordinal);
        Assert.StartsWith("555 ", await client.AskAsync("MAIL FROM:<a@mail.example> SIZE=x"), StringComparison.Ordinal);
        Assert.StartsWith("552 5.3.4", await client.SendAsync(MailOffice.Mail("big", string.Concat(Enumerable.Repeat("long line of words\r\n", 20_000)))), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await client.SendAsync(MailOffice.Mail("small")), StringComparison.Ordinal);
        Assert.Equal(1, await lmtp.Office.LettersAsync());
    }

    [Fact]
    public async Task Dots_are_undone_and_only_CR_LF_dot_CR_LF_ends_a_mail()
    {
        await using var lmtp = await LmtpOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres));
        await using var client = await LmtpClient.ConnectAsync(lmtp.Port);
        // Everything in one piece, as pipelining allows, with a second mail hidden behind bare line feeds.
        var mail = Encoding.UTF8.GetString(MailOffice.Mail("dots", "..路灯不亮。\n.\nMAIL FROM:<evil@mail.example>\n.\r\n..\r\r\n...."));
        await client.SayAsync("MAIL FROM:<a@mail.example> BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<desk@office.example>\r\nRCPT TO:<\"no such\"@office.example>\r\nRCPT TO:<letters@office.example>\r\nDATA\r\n");
        var answers = new List<string>();
        for (var i = 0; i < 5; i++) answers.Add((await client.AnswerAsync())![..3]);
        Assert.Equal(["250", "250", "550", "250", "354"], answers);
        await client.SayAsync(mail + ".\r\nQUIT\r\n");
        Assert.StartsWith("250 ", await client.AnswerAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await client.AnswerAsync(), StringComparison.Ordinal);
        Assert.StartsWith("221 ", await client.AnswerAsync(), StringComparison.Ordinal);
        Assert.Null(await client.AnswerAsync());
        await lmtp.Office.Get<LetterWay>().CarryOnAsync(default);
        var body = Assert.Single(await lmtp.Office.TextsAsync("SELECT body FROM letters"));
        Assert.StartsWith(".路灯不亮。\n.\nMAIL FROM:", body, StringComparison.Ordinal);
        Assert.EndsWith("\n.\n\n...", body.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_out_of_order_and_unknown_ones_are_answered_and_at_last_the_session_ends()
    {
        await using var lmtp = await LmtpOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres));
        await using var client = await LmtpClient.ConnectAsync(lmtp.Port, greet: false);
        Assert.StartsWith("220 ", await client.AnswerAsync(), StringComparison.Ordinal);
        foreach (var (line, answer) in new[]
        {
            ("EHLO x", "500"), ("HELO x", "500"), ("MAIL FROM:<a@b.example>", "503"), ("LHLO x", "250"), ("RCPT TO:<desk@office.example>", "503"), ("DATA", "503"), ("MAIL FROM a@b", "501"), ("MAIL FROM:<>", "250"),
            ("MAIL FROM:<>", "503"), ("RCPT TO:<>", "501"), ("RCPT TO:<other@office.example>", "550"), ("DATA", "503"), ("RSET", "250"), ("NOOP", "250"), ("VRFY desk", "252"), ("", "500"), (new string('x', 5_000), "500"),
        }) Assert.Equal((line, answer), (line, (await client.AskAsync(line))![..3]));
        string? last = "";
        for (var i = 0; i < 30 && last is not null; i++)
        {
            last = await client.AskAsync("?");
            if (last?.StartsWith("421", StringComparison.Ordinal) == true) break;
        }

        Assert.StartsWith("421 ", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_sessions_than_there_may_be_are_asked_to_come_back_and_a_closed_door_says_so()
    {
        await using var lmtp = await LmtpOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres), new MailboxOptions { Sessions = 2 });
        await using var first = await LmtpClient.ConnectAsync(lmtp.Port);
        await using (await LmtpClient.ConnectAsync(lmtp.Port))
        await using (var third = await LmtpClient.ConnectAsync(lmtp.Port, greet: false)) Assert.StartsWith("421 4.3.2", await third.AnswerAsync(), StringComparison.Ordinal);
        Assert.Null(await lmtp.Office.Get<DoorSwitch>().SetAsync(Channel.Mailbox, false, MailOffice.Administrator, default));
        Assert.StartsWith("550 5.2.1", await first.AskAsync("MAIL FROM:<a@mail.example>"), StringComparison.Ordinal);
        Assert.Null(await lmtp.Office.Get<DoorSwitch>().SetAsync(Channel.Mailbox, true, MailOffice.Administrator, default));
        File.Delete(Path.Combine(lmtp.Office.Desk.DataFolder, "mail.json"));
        Assert.StartsWith("451 4.3.5", await first.AskAsync("MAIL FROM:<a@mail.example>"), StringComparison.Ordinal);
        Assert.Equal(0, await lmtp.Office.LettersAsync());
    }

    [Fact]
    public async Task The_same_mail_over_many_sessions_at_once_is_one_letter_and_refusals_tell_the_writer_why()
    {
        await using var lmtp = await LmtpOffice.OpenAsync(await MailOffice.ConnectionAsync(postgres), new MailboxOptions { Sessions = 12 });
        var mail = MailOffice.Mail("many");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            await using var client = await LmtpClient.ConnectAsync(lmtp.Port);
            return await client.SendAsync(mail);
        }));
        Assert.All(answers, answer => Assert.StartsWith("250 2.0.0", answer, StringComparison.Ordinal));
        Assert.Equal((1, 1), (await lmtp.Office.LettersAsync(), await lmtp.Office.ReceiptsAsync()));
        await using var one = await LmtpClient.ConnectAsync(lmtp.Port);
        Assert.StartsWith("550 5.6.0", await one.SendAsync(MailOffice.Mail("empty", " ", subject: "")), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.1", await one.SendAsync(MailOffice.Mail("own", from: "desk@office.example")), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0 no letter", await one.SendAsync(RecordedMails.Bytes("bounce-postfix"), ""), StringComparison.Ordinal);
        await lmtp.Office.Get<DoorTally>().FlushAsync(default);
        Assert.Equal(["new 1", "refused 3", "repeated 9"], await lmtp.Office.TextsAsync("SELECT outcome || ' ' || count FROM door_days WHERE channel = 'mailbox' ORDER BY outcome"));
        Assert.Equal(1, await lmtp.Office.LettersAsync());
    }
}

public sealed class LmtpOnSqlite() : LmtpTests(postgres: false);

public sealed class LmtpOnPostgres() : LmtpTests(postgres: true);

/// <summary>A store that goes away while mail comes in.</summary>
public sealed class LmtpStoreDownTests
{
    [Fact]
    public async Task While_the_store_is_down_the_mail_server_keeps_the_mail_and_afterwards_it_is_one_letter()
    {
        await using var cluster = await PostgresCluster.StartOwnAsync();
        await using var lmtp = await LmtpOffice.OpenAsync(await cluster.CreateDatabaseAsync());
        await using (var client = await LmtpClient.ConnectAsync(lmtp.Port))
        {
            var mail = MailOffice.Mail("down");
            await client.BeginAsync();
            await cluster.StopAsync();
            await client.SayAsync([.. mail, .. ".\r\n"u8]);
            Assert.StartsWith("451 4.3.0", await client.AnswerAsync(), StringComparison.Ordinal);
            await cluster.StartAsync();
            Assert.StartsWith("250 2.0.0 taken", await client.SendAsync(mail), StringComparison.Ordinal);
        }

        Assert.Equal((1, 1), (await lmtp.Office.LettersAsync(), await lmtp.Office.ReceiptsAsync()));
    }
}
