using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk;
using Opinion.Desk.Accounts;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Outbox;
using Opinion.Desk.Runs;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Mailbox;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.Scheduling;

namespace Opinion.Ingest.Tests.Mailbox;

/// <summary>A real office with an open mailbox, a Maildir and settings of mail.</summary>
internal sealed class MailOffice : IAsyncDisposable
{
    public const string Words = "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。";
    public static readonly DateTimeOffset Morning = new(2026, 11, 16, 2, 0, 0, TimeSpan.Zero);
    public static readonly StaffMember Administrator = new("admin-1", "admin-1", new Name("", ""), Role.Administrator, null, false);

    private readonly ServiceProvider _services;

    private MailOffice(string folder, OpenedDesk desk, SettableClock clock, ServiceProvider services) => (Folder, Desk, Clock, _services) = (folder, desk, clock, services);

    public string Folder { get; }

    public OpenedDesk Desk { get; }

    public SettableClock Clock { get; }

    public string Maildir => Path.Combine(Folder, "maildir");

    public TakeMail Take => Get<TakeMail>();

    public SendMail Send => Get<SendMail>();

    public static async Task<MailOffice> OpenAsync(string? connection, MailboxOptions? options = null, bool open = true)
    {
        var folder = Directory.CreateTempSubdirectory("opinion-mailbox-").FullName;
        var clock = new SettableClock(Morning);
        var desk = await OpenedDesk.OpenAsync(Path.Combine(folder, "office"), connection, OfficeFoundation.Plain, clock, default);
        var services = new ServiceCollection().AddLogging().AddSingleton((options ?? new MailboxOptions()) with { Maildir = Path.Combine(folder, "maildir") })
            .AddDesk(desk, clock).AddHotline().AddScheduling(desk.Store, clock).BuildServiceProvider();
        var office = new MailOffice(folder, desk, clock, services);
        foreach (var part in new[] { "new", "cur", "tmp" }) Directory.CreateDirectory(Path.Combine(office.Maildir, part));
        office.Configure(1);
        if (open) Assert.Null(await office.Get<DoorSwitch>().SetAsync(Channel.Mailbox, true, Administrator, default));
        return office;
    }

    public static async Task<string?> ConnectionAsync(bool postgres) => postgres ? await (await PostgresCluster.Running).CreateDatabaseAsync() : null;

    /// <summary>A mail as a simple program writes it.</summary>
    public static byte[] Mail(string id, string words = Words, string from = "\"欧阳慕容\" <canary@mail.example>", string more = "", string subject = "路灯") =>
        Encoding.UTF8.GetBytes($"From: {from}\r\nTo: desk@office.example\r\nSubject: {subject}\r\nDate: Mon, 16 Nov 2026 09:12:33 +0800\r\nMessage-ID: <{id}@mail.example>\r\nContent-Type: text/plain; charset=utf-8\r\n{more}\r\n{words}\r\n");

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task<MailTaken> TakeAsync(byte[] mail, string? envelopeSender = "canary@mail.example") => Take.HandleAsync(mail, envelopeSender, RecordedMails.Own, Clock.Now, default);

    public void Configure(int port) => File.WriteAllText(Path.Combine(Desk.DataFolder, MailSettings.FileName),
        string.Create(CultureInfo.InvariantCulture, $"{{ \"host\": \"127.0.0.1\", \"port\": {port}, \"from\": \"desk@office.example\", \"site\": \"https://desk.example/\", \"startTls\": false, \"mailboxes\": [\"letters@office.example\"] }}"));

    public string Deliver(string name, byte[] mail)
    {
        var path = Path.Combine(Maildir, "tmp", name);
        File.WriteAllBytes(path, mail);
        File.SetLastWriteTimeUtc(path, Clock.Now.UtcDateTime.AddMinutes(-3));
        File.Move(path, Path.Combine(Maildir, "new", name));
        return Path.Combine(Maildir, "new", name);
    }

    public List<string> Names(string part) => Directory.Exists(Path.Combine(Maildir, part)) ? [.. Directory.GetFiles(Path.Combine(Maildir, part)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];

    /// <summary>One round of the Maildir's job, as the schedule runs it.</summary>
    public async Task<(RunOutcome? Outcome, RunCounts Counts)> RoundAsync()
    {
        var counts = default(RunCounts);
        var (outcome, _) = await Get<JobRuns>().RunAsync(DeskJobs.Mailbox, "test", RunCause.Due, keepIdle: true, async (run, cancel) =>
        {
            try
            {
                await Get<ReadMaildir>().HandleAsync(run, cancel);
            }
            finally
            {
                counts = run.Counts;
            }
        }, default);
        return (outcome, counts);
    }

    public Task<long> LettersAsync() => CountAsync("SELECT COUNT(*) FROM letters");

    public Task<long> ReceiptsAsync() => CountAsync("SELECT COUNT(*) FROM outbox WHERE kind = 'receipt'");

    public Task<long> AdditionsAsync() => CountAsync("SELECT COUNT(*) FROM matter_events WHERE kind = 'writer-added'");

    public async Task<long> CountAsync([ConstantExpected] string sql)
    {
        await using var session = await Desk.Store.ReadAsync(default);
#pragma warning disable CA1857 // The constant is the caller's.
        return await session.CountAsync(sql, default);
#pragma warning restore CA1857
    }

    public async Task<List<string>> TextsAsync([ConstantExpected] string sql)
    {
        await using var session = await Desk.Store.ReadAsync(default);
#pragma warning disable CA1857 // The constant is the caller's.
        return await session.QueryAsync(sql, row => row.IsDBNull(0) ? "" : row.GetString(0), default);
#pragma warning restore CA1857
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Desk.Store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
