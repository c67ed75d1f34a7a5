using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk;
using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Outbox;
using Opinion.Desk.Reminders;
using Opinion.Desk.Sealing;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.Scheduling;

namespace Opinion.Ingest.Tests.Outgoing;

/// <summary>Mail from the outbox to a real server, and to servers that fail.</summary>
public abstract class SendMailTests(bool postgres) : IAsyncLifetime
{
    private const string Answer = "您好：路灯今日已修复。";
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-mail-").FullName;
    private readonly SettableClock _clock = new(new DateTimeOffset(2026, 11, 16, 2, 0, 0, TimeSpan.Zero));
    private OpenedDesk _desk = null!;
    private ServiceProvider _services = null!;

    private SendMail Send => _services.GetRequiredService<SendMail>();

    private static StaffMember Officer => new("urban-1", "urban-1", new Name("", ""), Role.Officer, "urban", false);

    private static StaffMember Administrator => new("admin-1", "admin-1", new Name("", ""), Role.Administrator, null, false);

    public async Task InitializeAsync()
    {
        _desk = await OpenedDesk.OpenAsync(_folder, postgres ? await (await PostgresCluster.Running).CreateDatabaseAsync() : null, OfficeFoundation.Plain, _clock, default);
        _services = new ServiceCollection().AddLogging().AddDesk(_desk, _clock).AddHotline().AddScheduling(_desk.Store, _clock).BuildServiceProvider();
        await using (var session = await _desk.Store.WriteAsync(default))
        {
            await session.ExecuteAsync("INSERT INTO accounts (id, user_name, normalized_user_name, name_zh, name_en, email) VALUES ('urban-1', 'urban-1', 'URBAN-1', '', '', 'officer@office.example'), ('admin-1', 'admin-1', 'ADMIN-1', '', '', NULL)", default);
            await session.CommitAsync(default);
        }

        await _services.GetRequiredService<StaffDirectory>().GrantAtSetUpAsync([("urban-1", Role.Officer, "urban", false), ("admin-1", Role.Administrator, null, false)], default);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        _desk.Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_answer_reaches_the_writer_once_with_its_words_and_no_receipt_code_and_the_read_is_on_record_first()
    {
        using var server = await RealMailServer.StartAsync(_folder);
        Configure(server.Port);
        var (code, number, _) = await AnswerAsync("writer@example.org");
        Assert.Equal(MailOutcome.Sent, await Send.NextAsync(default));
        Assert.Null(await Send.NextAsync(default));
        var mail = Assert.Single(server.Mails);
        var text = Decoded(mail);
        Assert.Contains(Answer, text, StringComparison.Ordinal);
        Assert.Contains("https://desk.example/follow", text, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", mail, StringComparison.Ordinal);
        Assert.DoesNotContain(code, mail + text, StringComparison.Ordinal);
        Assert.Equal(["desk reply-address-opened urban " + number], await AuditAsync());
    }

    [Fact]
    public async Task Where_the_read_cannot_be_written_down_nothing_is_opened_or_sent()
    {
        using var server = await RealMailServer.StartAsync(_folder);
        Configure(server.Port);
        await AnswerAsync("writer@example.org");
        if (postgres) await ExecuteAsync("CREATE TRIGGER no_audit BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse('no audit')");
        else await ExecuteAsync("CREATE TRIGGER no_audit BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no audit'); END");
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Send.NextAsync(default));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_reminder_names_number_subject_and_deadline_and_no_word_of_the_letter()
    {
        using var server = await RealMailServer.StartAsync(_folder);
        Configure(server.Port);
        var number = await ReceiveAsync("writer@example.org");
        _clock.Now = new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);
        Assert.Equal(1, await _services.GetRequiredService<RemindOfficers>().HandleAsync(default));
        Assert.Equal(MailOutcome.Sent, await Send.NextAsync(default));
        var mail = Assert.Single(server.Mails);
        var text = Decoded(mail);
        Assert.Contains("officer@office.example", mail, StringComparison.Ordinal);
        Assert.Contains("2026-11-23", text, StringComparison.Ordinal);
        Assert.Contains("https://desk.example/staff/matter/" + number.Number, text, StringComparison.Ordinal);
        Assert.DoesNotContain("小区门口", text, StringComparison.Ordinal);
        Assert.Empty(await AuditAsync());
    }

    [Fact]
    public async Task A_server_that_dies_after_data_brings_at_most_one_repeat_and_then_the_administrators_list()
    {
        await using var server = new FalseMailServer(MailEnd.DiesAfterData);
        Configure(server.Port);
        var (_, number, _) = await AnswerAsync("writer@example.org");
        Assert.Equal(MailOutcome.Waits, await Send.NextAsync(default));
        Assert.Null(await Send.NextAsync(default));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(MailOutcome.Dead, await Send.NextAsync(default));
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(await Send.NextAsync(default));
        Assert.Equal(2, server.Taken.Count);
        Assert.Single(server.Taken.Select(mail => mail.Split('\n').Single(line => line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase))).Distinct());
        var dead = Assert.Single(await _services.GetRequiredService<DeadMail>().ListAsync(default));
        Assert.Equal((number, "reply", 2), (dead.Number, dead.Kind, dead.Attempts));
        Assert.DoesNotContain("@", dead.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_dies_while_sending_repeats_once_at_most()
    {
        using var server = await RealMailServer.StartAsync(_folder);
        Configure(server.Port);
        await AnswerAsync("writer@example.org");
        // Two tries were begun and their nodes died before they could say how they ended.
        await ExecuteAsync("UPDATE outbox SET attempts = 2, uncertain = 2");
        Assert.Null(await Send.NextAsync(default));
        Assert.Empty(server.Mails);
        Assert.Single(await _services.GetRequiredService<DeadMail>().ListAsync(default));
    }

    [Fact]
    public async Task What_is_refused_for_now_is_tried_with_growing_pauses_and_what_is_refused_for_good_is_not()
    {
        await using (var server = new FalseMailServer(MailEnd.RefusesForNow))
        {
            Configure(server.Port);
            await AnswerAsync("writer@example.org");
            foreach (var pause in SendMail.Pauses)
            {
                Assert.Equal(MailOutcome.Waits, await Send.NextAsync(default));
                _clock.Advance(pause - TimeSpan.FromSeconds(1));
                Assert.Null(await Send.NextAsync(default));
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            Assert.Equal(MailOutcome.Dead, await Send.NextAsync(default));
            Assert.Equal("SMTP 451", Assert.Single(await _services.GetRequiredService<DeadMail>().ListAsync(default)).Error);
        }

        await using var firm = new FalseMailServer(MailEnd.RefusesForGood);
        Configure(firm.Port);
        var dead = _services.GetRequiredService<DeadMail>();
        Assert.True(await dead.DecideAsync(Administrator, (await dead.ListAsync(default))[0].Id, again: true, default));
        Assert.Equal(MailOutcome.Dead, await Send.NextAsync(default));
        var line = Assert.Single(await dead.ListAsync(default));
        Assert.Equal(("SMTP 550", 1), (line.Error, line.Attempts));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => dead.DecideAsync(Officer, line.Id, again: false, default));
        Assert.True(await dead.DecideAsync(Administrator, line.Id, again: false, default));
        Assert.Empty(await dead.ListAsync(default));
    }

    [Theory]
    [InlineData("writer@example.org\r\nBcc: other@example.org")]
    [InlineData("a@example.org, b@example.org")]
    [InlineData("Name <a@example.org>")]
    [InlineData("\"a b\"@example.org")]
    public async Task An_address_that_could_become_a_header_is_never_used(string address)
    {
        using var server = await RealMailServer.StartAsync(_folder);
        Configure(server.Port);
        await AnswerAsync(address);
        Assert.Equal(MailOutcome.Dead, await Send.NextAsync(default));
        Assert.Empty(server.Mails);
        Assert.Equal(MailFaults.BadAddress, Assert.Single(await _services.GetRequiredService<DeadMail>().ListAsync(default)).Error);
    }

    [Fact]
    public async Task Erased_and_withdrawn_letters_leave_nothing_to_send_and_without_settings_nothing_is_kept()
    {
        var (_, _, id) = await AnswerAsync("writer@example.org");
        Assert.Equal(1, await CountAsync());
        Assert.Null(await _services.GetRequiredService<WithdrawLetter>().EraseContactAsync(id, default));
        Assert.Equal(0, await CountAsync());

        var other = await ReceiveAsync("second@example.org");
        _clock.Now = new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);
        await _services.GetRequiredService<RemindOfficers>().HandleAsync(default);
        Assert.Equal(1, await CountAsync());
        Assert.Null(await _services.GetRequiredService<WithdrawLetter>().HandleAsync(other.Id, default));
        Assert.Equal(0, await CountAsync());

        await AnswerAsync("third@example.org");
        Assert.Equal(1, await CountAsync());
        Assert.Null(await Send.NextAsync(default));
        Assert.Equal(0, await CountAsync());
    }

    private static string Decoded(string mail)
    {
        var at = mail.IndexOf("\n\n", StringComparison.Ordinal);
        var (head, body) = (mail[..at], mail[at..]);
        return head.Contains("base64", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(body.Where(c => !char.IsWhiteSpace(c))))) : body;
    }

    private void Configure(int port) => File.WriteAllText(Path.Combine(_folder, MailSettings.FileName),
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{{ \"host\": \"127.0.0.1\", \"port\": {port}, \"from\": \"desk@office.example\", \"site\": \"https://desk.example/\", \"startTls\": false }}"));

    private async Task<(string Code, string Number, string Id)> ReceiveAsync(string address)
    {
        var letter = new IncomingLetter(Channel.Form, address, _clock.Now, "", "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。") { Contact = new Contact(null, null, address) };
        var code = (await _services.GetRequiredService<ReceiveLetter>().HandleAsync(letter, default)).Code.Text;
        Assert.Equal(1, await _services.GetRequiredService<LetterWay>().CarryOnAsync(default));
        var id = (await _services.GetRequiredService<FollowLetter>().FindAsync(code, default))!;
        return (code, (await _services.GetRequiredService<FollowLetter>().ReadAsync(id, default))!.Number, id);
    }

    private async Task<(string Code, string Number, string Id)> AnswerAsync(string address)
    {
        var filed = await ReceiveAsync(address);
        Assert.Null(await _services.GetRequiredService<AnswerMatter>().HandleAsync(Officer, filed.Number, Disposition.Solved, Answer, default));
        return filed;
    }

    private async Task<List<string>> AuditAsync()
    {
        await using var session = await _desk.Store.ReadAsync(default);
        return await session.QueryAsync("SELECT actor || ' ' || action || ' ' || department || ' ' || target FROM audit_log WHERE action LIKE '%opened' ORDER BY id", row => row.GetString(0), default);
    }

    private async Task<long> CountAsync()
    {
        await using var session = await _desk.Store.ReadAsync(default);
        return await session.CountAsync("SELECT COUNT(*) FROM outbox", default);
    }

    private async Task ExecuteAsync([System.Diagnostics.CodeAnalysis.ConstantExpected] string sql)
    {
        await using var session = await _desk.Store.WriteAsync(default);
#pragma warning disable CA1857 // The constant is the caller's.
        await session.ExecuteAsync(sql, default);
#pragma warning restore CA1857
        await session.CommitAsync(default);
    }
}

public sealed class SendMailOnSqlite() : SendMailTests(postgres: false);

public sealed class SendMailOnPostgres() : SendMailTests(postgres: true);
