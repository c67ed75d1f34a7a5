using Microsoft.AspNetCore.Builder;
using Opinion.Browser.People;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.SampleTown;

namespace Opinion.Browser.Running;

/// <summary>All browser tests share one desk with the sample town and one browser; each test brings its own visitors and letters.</summary>
[CollectionDefinition(Name)]
public sealed class TownCollection : ICollectionFixture<Town>
{
    public const string Name = "town";
}

/// <summary>The desk, in this process on a free port with the sample town, and a browser to visit it with.</summary>
public sealed class Town : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("opinion-browser-").FullName;
    private WebApplication? _app;
    private Chromium? _chromium;

    public string Address => _app!.Urls.First();

    /// <summary>The accounts of the sample town, as <c>opinion serve</c> prints them.</summary>
    public IReadOnlyList<TownAccount> Accounts { get; private set; } = [];

    public async Task InitializeAsync()
    {
        _chromium = await Chromium.StartAsync();
        Accounts = TownFiles.Open(Repository.SampleTown).Accounts();
#pragma warning disable RS0030 // A composition root: the program runs here on the clock it runs on for its users.
        var clock = TimeProvider.System;
#pragma warning restore RS0030
        // The tests sign in and write more often than one address may in a minute; the limits have tests of their own.
        var options = new DashboardOptions { DataFolder = _data, Port = 0, SampleFolder = Repository.SampleTown, LettersPerMinute = 1000, ReceiptsPerMinute = 1000, SignInsPerMinute = 1000 };
        _app = await DashboardHost.BuildAsync(options, clock, CancellationToken.None);
        await _app.StartAsync();
    }

    /// <summary>Somebody new comes, with a browser that remembers nothing.</summary>
    public Task<Visitor> VisitAsync(bool script = true, int width = 1280, int height = 900) => Visitor.ComeAsync(_chromium!.Browser, Address, script, width, height);

    /// <summary>A member of staff comes and signs in.</summary>
    public async Task<Visitor> SignInAsync(string login, bool script = true, int width = 1280)
    {
        var visitor = await VisitAsync(script, width);
        await visitor.SignInAsync(Accounts.Single(account => account.Login == login));
        return visitor;
    }

    /// <summary>The account of the officer of a department with this Chinese name.</summary>
    public async Task<string> OfficerOfAsync(string departmentName)
    {
        var office = await ((Desk.Offices.OfficeDirectory)_app!.Services.GetService(typeof(Desk.Offices.OfficeDirectory))!).GetAsync(CancellationToken.None);
        var department = office.Departments.Single(department => department.Name.Zh == departmentName);
        return Accounts.First(account => account.Department == department.Code).Login;
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        if (_app is not null) await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
