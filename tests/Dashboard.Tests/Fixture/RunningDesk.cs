using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Reports;
using Opinion.Desk.Retention;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.Tests.Fixture;

/// <summary>A letter a test sent by the form.</summary>
/// <param name="Code">Its receipt code.</param>
/// <param name="Id">Its id inside the store.</param>
/// <param name="Number">Its public number.</param>
public sealed record Sent(string Code, string Id, string Number);

/// <summary>The program's own host on a free loopback port, with a real store in a folder of its own.</summary>
public sealed class RunningDesk : IAsyncDisposable
{
    /// <summary>A Monday morning in the office, with no holiday near.</summary>
    public static readonly DateTimeOffset MondayMorning = new(2026, 11, 16, 10, 0, 0, TimeSpan.FromHours(8));

    /// <summary>Words that the lexicon surely gives to urban management, to be answered in five working days.</summary>
    public const string Streetlight = "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。";

    /// <summary>Words that speak of danger now.</summary>
    public const string Fire = "着火了！现在楼道里冒浓烟，有人被困，快来救人！";

    /// <summary>The password of every account.</summary>
    public const string Password = "长夜-路灯-correct-horse-17";

    private static readonly (string Login, Role? Role, string? Department, bool OnDuty)[] Staff =
    [
        ("admin-1", Role.Administrator, null, false), ("admin-2", Role.Administrator, null, false), ("intake-1", Role.Officer, "intake", false),
        ("supervision-1", Role.Officer, "supervision", false), ("urban-1", Role.Officer, "urban", false), ("housing-1", Role.Officer, "housing", false),
        ("housing-duty", Role.Officer, "housing", true), ("mover", Role.Officer, "urban", false), ("leaver", Role.Officer, "urban", false),
        ("editor-1", Role.Editor, null, false), ("analyst-1", Role.Analyst, null, false), ("nobody", null, null, false),
    ];

    private RunningDesk(WebApplication app, string folder, SettableClock clock, CapturedLog log) => (App, Folder, Clock, Log) = (app, folder, clock, log);

    public WebApplication App { get; }

    public string Folder { get; }

    public SettableClock Clock { get; }

    public CapturedLog Log { get; }

    public Uri Address => new(App.Urls.First());

    /// <summary>Starts a host.</summary>
    /// <param name="options">Changes the options; the limits of the throttle are out of the way unless a test sets them.</param>
    /// <param name="staffed">Whether to make the accounts of <see cref="Staff"/>.</param>
    public static async Task<RunningDesk> StartAsync(Func<DashboardOptions, DashboardOptions>? options = null, bool staffed = true)
    {
        var folder = Directory.CreateTempSubdirectory("opinion-web-").FullName;
        var clock = new SettableClock(MondayMorning);
        var plain = new DashboardOptions { DataFolder = folder, Port = 0, LettersPerMinute = 100_000, ReceiptsPerMinute = 100_000, SignInsPerMinute = 100_000 };
        var app = await DashboardHost.BuildAsync(options?.Invoke(plain) ?? plain, clock, CancellationToken.None);
        var log = new CapturedLog();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var desk = new RunningDesk(app, folder, clock, log);
        if (staffed) await desk.EmployAsync();
        await app.StartAsync();
        return desk;
    }

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public Browser Browser() => new(Address);

    /// <summary>A browser in which a member of staff is signed in.</summary>
    public async Task<Browser> SignInAsync(string login, string password = Password)
    {
        var browser = Browser();
        var page = await browser.SubmitAsync(await browser.GetAsync("/staff/sign-in"), "form.narrow", ("login", login), ("password", password));
        Assert.Equal(200, page.Status);
        return browser;
    }

    /// <summary>Writes a letter with the form, carries it on and looks up what the store calls it.</summary>
    public async Task<Sent> SendAsync(string body = Streetlight, params (string Name, string Value)[] fields)
    {
        using var browser = Browser();
        var page = await browser.SubmitAsync(await browser.GetAsync("/write"), "form.stack", [("Body", body), .. fields]);
        Assert.Equal(200, page.Status);
        await CarryOnAsync();
        var id = await Get<FollowLetter>().FindAsync(page.Receipt, CancellationToken.None) ?? throw new InvalidOperationException("A receipt without a letter.");
        return new Sent(page.Receipt, id, (await Get<FollowLetter>().ReadAsync(id, CancellationToken.None))!.Number);
    }

    /// <summary>A browser that has shown a receipt code.</summary>
    public async Task<(Browser Browser, Page Page)> FollowAsync(string code)
    {
        var browser = Browser();
        var page = await browser.SubmitAsync(await browser.GetAsync("/follow"), "form.stack", ("code", code));
        Assert.Equal((200, "/letter"), (page.Status, page.Path));
        return (browser, page);
    }

    /// <summary>Does what the worker in the background does in a round, so that it finds nothing left to write behind a test's back.</summary>
    public async Task CarryOnAsync()
    {
        await Get<LetterWay>().CarryOnAsync(CancellationToken.None);
        await Get<EndContacts>().HandleAsync(CancellationToken.None);
        await Get<WeeklyReport>().ReleaseDueAsync(CancellationToken.None);
    }

    /// <summary>Every table with its number of rows and a hash of what is in them, but for the schedule's own record and the counts of the doors, which go on in the background.</summary>
    public async Task<IReadOnlyList<string>> ContentAsync(params string[] except)
    {
        await using var connection = new SqliteConnection(Get<DeskStore>().ConnectionString);
        await connection.OpenAsync();
        var lines = new List<string>();
        foreach (var table in await RowsAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"))
        {
            if (except.Contains(table, StringComparer.Ordinal) || table is "schedule_jobs" or "schedule_runs" or "clock_readings" or "door_days") continue;
            var rows = await RowsAsync(connection, $"SELECT * FROM \"{table}\"");
            lines.Add($"{table} {rows.Count} {string.Join('\n', rows.Order(StringComparer.Ordinal)).GetHashCode(StringComparison.Ordinal)}");
        }

        return lines;
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = new SqliteConnection(Get<DeskStore>().ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        var store = Get<DeskStore>();
        await App.DisposeAsync();
        store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<List<string>> RowsAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(column).ToString())));
        return rows;
    }

    private async Task EmployAsync()
    {
        await using var scope = App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<DeskAccount>>();
        var grants = new List<(string, Role, string?, bool)>();
        foreach (var (login, role, department, onDuty) in Staff)
        {
            var account = new DeskAccount { UserName = login, NameZh = "测试" + login, NameEn = "Test " + login };
            var made = await users.CreateAsync(account, Password);
            Assert.True(made.Succeeded, string.Join(' ', made.Errors.Select(error => error.Description)));
            if (role is { } granted) grants.Add((account.Id, granted, department, onDuty));
        }

        await Get<StaffDirectory>().GrantAtSetUpAsync(grants, CancellationToken.None);
    }
}
