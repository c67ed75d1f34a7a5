namespace Opinion.Dashboard.Tests.Fixture;

/// <summary>One staffed office for all tests that send letters of their own; they run one after another.</summary>
public sealed class SharedOffice : IAsyncLifetime
{
    private readonly Dictionary<string, Browser> _signedIn = new(StringComparer.Ordinal);

    public RunningDesk Desk { get; private set; } = null!;

    /// <summary>A browser in which this member of staff is signed in, in Chinese.</summary>
    public async Task<Browser> AsAsync(string login) => _signedIn.TryGetValue(login, out var browser) ? browser : _signedIn[login] = await Desk.SignInAsync(login);

    public async Task InitializeAsync() => Desk = await RunningDesk.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var browser in _signedIn.Values) browser.Dispose();
        await Desk.DisposeAsync();
    }
}

/// <summary>The collection of <see cref="SharedOffice"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OfficeCollection : ICollectionFixture<SharedOffice>
{
    public const string Name = "office";
}
