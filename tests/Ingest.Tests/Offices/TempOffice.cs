using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk;
using Opinion.Desk.Accounts;
using Opinion.Desk.Doors;
using Opinion.Desk.Imports;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.OfficialAccount;
using Opinion.Ingest.Scheduling;

namespace Opinion.Ingest.Tests.Offices;

/// <summary>A clock that stands still.</summary>
internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}

/// <summary>A real office on SQLite, or on a PostgreSQL database that is named, in a folder of its own, gone when disposed.</summary>
internal sealed class TempOffice : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;

    private TempOffice(string folder, ServiceProvider services)
    {
        Folder = folder;
        _services = services;
    }

    public string Folder { get; }

    public DeskStore Store => _services.GetRequiredService<DeskStore>();

    public ImportHotline Import => _services.GetRequiredService<ImportHotline>();

    public IServiceProvider Services => _services;

    public ImportRuns Runs => _services.GetRequiredService<ImportRuns>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static async Task<TempOffice> OpenAsync(string? connection = null)
    {
        var folder = Directory.CreateTempSubdirectory("opinion-ingest-").FullName;
        var clock = new StoppedClock(Now);
        var foundation = OfficeFoundation.Plain with { Districts = [new District("linxi", new Name("临溪区", "Linxi District")), new District("baiyan", new Name("白堰区", "Baiyan District"))] };
        var desk = await OpenedDesk.OpenAsync(Path.Combine(folder, "office"), connection, foundation, clock, CancellationToken.None);
        return new TempOffice(folder, new ServiceCollection().AddLogging().AddDesk(desk, clock).AddHotline().AddOfficialAccount().AddScheduling(desk.Store, clock).BuildServiceProvider());
    }

    /// <summary>Closes or opens a door as an administrator does.</summary>
    public async Task SetDoorAsync(Channel channel, bool open) =>
        Assert.Null(await Get<DoorSwitch>().SetAsync(channel, open, new StaffMember("admin", "admin", new Name("", ""), Role.Administrator, null, false), CancellationToken.None));

    public Task CloseAsync(Channel channel) => SetDoorAsync(channel, open: false);

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public async Task<long> CountAsync([System.Diagnostics.CodeAnalysis.ConstantExpected] string sql)
    {
        await using var session = await Store.ReadAsync(CancellationToken.None);
#pragma warning disable CA1857 // The constant is the caller's.
        return await session.CountAsync(sql, CancellationToken.None);
#pragma warning restore CA1857
    }

    public async Task<List<string>> TextsAsync([System.Diagnostics.CodeAnalysis.ConstantExpected] string sql)
    {
        await using var session = await Store.ReadAsync(CancellationToken.None);
#pragma warning disable CA1857 // The constant is the caller's.
        return await session.QueryAsync(sql, row => row.IsDBNull(0) ? "" : row.GetString(0), CancellationToken.None);
#pragma warning restore CA1857
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
