using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk;
using Opinion.Desk.Accounts;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Open311;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Open311;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.Tests.Open311;

/// <summary>A real office with the Open311 door open, on SQLite or PostgreSQL, in a folder of its own.</summary>
internal sealed class Open311Office : IAsyncDisposable
{
    public static readonly DateTimeOffset MondayMorning = new(2026, 11, 16, 10, 0, 0, TimeSpan.FromHours(8));

    public static readonly StaffMember Administrator = new("admin-1", "admin-1", new Name("管理员", "Administrator"), Role.Administrator, null, false);

    private readonly string _folder;
    private readonly ServiceProvider _services;

    private Open311Office(string folder, SettableClock clock, ServiceProvider services) => (_folder, Clock, _services) = (folder, clock, services);

    public SettableClock Clock { get; }

    public string Folder => _folder;

    public static async Task<Open311Office> OpenAsync(bool postgres = false, OutgoingRule? rule = null)
    {
        var folder = Directory.CreateTempSubdirectory("opinion-open311-").FullName;
        var clock = new SettableClock(MondayMorning);
        var foundation = OfficeFoundation.Plain with { Districts = [new District("linxi", new Name("临溪区", "Linxi District")), new District("baiyan", new Name("白堰区", "Baiyan District"))] };
        var desk = await OpenedDesk.OpenAsync(folder, postgres ? await (await PostgresCluster.Running).CreateDatabaseAsync() : null, foundation, clock, default);
        var services = new ServiceCollection().AddLogging().AddSingleton(rule ?? new OutgoingRule([], (host, _) => throw new InvalidOperationException("A call to " + host + " that no test has arranged.")))
            .AddDesk(desk, clock).AddOpen311().BuildServiceProvider();
        var office = new Open311Office(folder, clock, services);
        Assert.Null(await office.Get<DoorSwitch>().SetAsync(Channel.Open311, true, Administrator, default));
        return office;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Makes a key and gives the number of its application.</summary>
    public async Task<long> ApplicationAsync(string label = "test")
    {
        var (key, refusal) = await Get<Applications>().MakeAsync(Administrator, label, default);
        Assert.Null(refusal);
        return (await Get<Applications>().FindAsync(key, default))!.Value;
    }

    /// <summary>Sends a request as an application does.</summary>
    public async Task<TakenRequest> PostAsync(long application, string? repeatKey = null, params (string Name, string Value)[] fields) =>
        await Get<TakeRequest>().HandleAsync(application, Fields(fields), await Get<ServiceSetup>().ReadAsync(default), null, repeatKey, default);

    public static PostedFields Fields(params (string Name, string Value)[] fields) =>
        new(fields.Length > 0 ? fields : [("service_code", "urban"), ("address_id", "office"), ("description", "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。")]);

    public Task<int> CarryOnAsync() => Get<LetterWay>().CarryOnAsync(default);

    public async Task<long> CountAsync([ConstantExpected] string sql, params SqlValue[] values)
    {
        await using var session = await Get<DeskStore>().ReadAsync(default);
#pragma warning disable CA1857 // The constant is the caller's.
        return await session.CountAsync(sql, default, values);
#pragma warning restore CA1857
    }

    public async Task<List<string>> TextsAsync([ConstantExpected] string sql)
    {
        await using var session = await Get<DeskStore>().ReadAsync(default);
#pragma warning disable CA1857 // The constant is the caller's.
        return await session.QueryAsync(sql, row => row.IsDBNull(0) ? "" : row.GetString(0), default);
#pragma warning restore CA1857
    }

    public async Task ExecuteAsync([ConstantExpected] string sql, params SqlValue[] values)
    {
        await using var session = await Get<DeskStore>().WriteAsync(default);
#pragma warning disable CA1857 // The constant is the caller's.
        await session.ExecuteAsync(sql, default, values);
#pragma warning restore CA1857
        await session.CommitAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        var store = Get<DeskStore>();
        await _services.DisposeAsync();
        store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
