using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk;
using Opinion.Desk.Accounts;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;
using Opinion.Ingest.Open311;
using Opinion.Ingest.Outgoing;
using Opinion.Running;
using Xunit;

namespace Opinion.Cli.Tests.Office;

/// <summary>Two installations of one office, each a process of its own: the sample town as it is served, and this one.</summary>
public sealed class Open311ExchangeTests : IAsyncLifetime
{
    private const string Page = "/staff/admin/open311";
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-exchange-").FullName;
    private ServedDesk _town = null!;

    public async Task InitializeAsync() => _town = await ServedDesk.StartAsync(null, "--samples", Samples());

    public async Task DisposeAsync()
    {
        await _town.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Published_letters_are_fetched_and_twins_are_sent_each_once()
    {
        var clock = CommandServices.Clock;
        var desk = await OpenedDesk.OpenAsync(_folder, null, OfficeFoundation.Plain, clock, default);
        await using var services = new ServiceCollection().AddLogging().AddSingleton(new OutgoingRule([new IPEndPoint(IPAddress.Loopback, _town.Port)])).AddDesk(desk, clock).AddOpen311().BuildServiceProvider();
        var administrator = new StaffMember("admin-1", "admin-1", new Name("管理员", "Administrator"), Role.Administrator, null, false);
        Assert.Null(await services.GetRequiredService<DoorSwitch>().SetAsync(Channel.Open311, true, administrator, default));
        var endpoint = new Uri(_town.Address + "/open311/v2");
        var fetch = services.GetRequiredService<FetchRequests>();
        await Assert.ThrowsAsync<PeerException>(() => fetch.HandleAsync(new FetchOrder(endpoint), default));
        var key = await SetUpTownAsync((await services.GetRequiredService<OfficeDirectory>().GetAsync(default)).Settings.InstallationId);

        var fetched = await fetch.HandleAsync(new FetchOrder(endpoint, Since: clock.GetUtcNow() - TimeSpan.FromDays(400)), default);
        Assert.True(fetched is { New: > 0, SetAside: 0 }, fetched.ToString());
        Assert.Equal(0, (await fetch.HandleAsync(new FetchOrder(endpoint, Since: clock.GetUtcNow() - TimeSpan.FromDays(400)), default)).New);
        Assert.Equal(fetched.New, await CountAsync(desk.Store));

        await services.GetRequiredService<ReceiveLetter>().HandleAsync(
            new IncomingLetter(Channel.Form, "1", clock.GetUtcNow(), "", "我叫欧阳慕容，电话13900001111。小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。") { Contact = new Contact("欧阳慕容", "13900001111", "canary@example.org") }, default);
        await services.GetRequiredService<LetterWay>().CarryOnAsync(default);
        var send = services.GetRequiredService<SendRequests>();
        var order = new SendOrder(endpoint, key, [("urban", "urban")]);
        Assert.Equal(new SendResult(1, 0, null), await send.HandleAsync(order, default));
        var number = await NumberAsync(desk.Store);
        // The note was lost, the letter was not: it goes again and is the same one there.
        await using (var session = await desk.Store.WriteAsync(default))
        {
            await session.ExecuteAsync("DELETE FROM open311_sent", default);
            await session.CommitAsync(default);
        }

        Assert.Equal(new SendResult(1, 0, null), await send.HandleAsync(order, default));
        Assert.Equal(number, await NumberAsync(desk.Store));

        using var application = new Browser(new Uri(_town.Address));
        var there = await application.PostAsync($"/open311/v2/requests/{number}.xml", ("api_key", key));
        Assert.Equal(200, there.Status);
        Assert.Contains("路灯不亮", there.Body, StringComparison.Ordinal);
        foreach (var canary in new[] { "慕容", "13900001111", "canary" }) Assert.DoesNotContain(canary, there.Body, StringComparison.Ordinal);
        desk.Store.Dispose();
    }

    private static async Task<long> CountAsync(DeskStore store)
    {
        await using var session = await store.ReadAsync(default);
        return await session.CountAsync("SELECT COUNT(*) FROM letters", default);
    }

    private static async Task<string> NumberAsync(DeskStore store)
    {
        await using var session = await store.ReadAsync(default);
        return (await session.TextAsync("SELECT remote_id FROM open311_sent", default))!;
    }

    private static string Samples()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Opinion.sln"))) folder = folder.Parent;
        return Path.Combine(folder!.FullName, "samples", "town");
    }

    // What the town's administrator does in the browser; the door is opened in its store, beside the running process.
    private async Task<string> SetUpTownAsync(string installation)
    {
        using var store = DeskStore.OnSqlite(_town.DataFolder);
        await using (var session = await store.WriteAsync(default))
        {
            await session.ExecuteAsync("INSERT INTO doors (channel, open, changed_at) VALUES ('open311', 1, 1) ON CONFLICT (channel) DO UPDATE SET open = 1", default);
            await session.CommitAsync(default);
        }

        using var admin = new Browser(new Uri(_town.Address));
        await admin.SubmitAsync(await admin.GetAsync("/staff/sign-in"), "form.narrow", ("login", "admin1"), ("password", _town.Accounts["admin1"]));
        Assert.Equal("已保存。", (await admin.SubmitAsync(await admin.GetAsync(Page), "form#guest", ("installation", installation), ("until", "2999-12-31"))).Done);
        return (await admin.SubmitOnlyAsync(await admin.GetAsync(Page), "form#make-key", ("label", "另一个系统"))).Text("#new-key code");
    }
}
