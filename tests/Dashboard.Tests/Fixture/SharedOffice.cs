using AngleSharp.Dom;

namespace Opinion.Dashboard.Tests.Fixture;

/// <summary>One staffed office for all tests that send letters of their own; they run one after another.</summary>
public sealed class SharedOffice : IAsyncLifetime
{
    private readonly Dictionary<string, Browser> _signedIn = new(StringComparer.Ordinal);

    public RunningDesk Desk { get; private set; } = null!;

    /// <summary>A browser in which this member of staff is signed in, in Chinese.</summary>
    public async Task<Browser> AsAsync(string login) => _signedIn.TryGetValue(login, out var browser) ? browser : _signedIn[login] = await Desk.SignInAsync(login);

    /// <summary>The cell of the queue that tells of a letter, on whichever page of it; null where the queue has none.</summary>
    /// <param name="officer">A browser in which an officer is signed in.</param>
    /// <param name="words">The letter's title or the end of its address.</param>
    public static async Task<IElement?> InQueueAsync(Browser officer, string words)
    {
        for (var page = 0; ; page++)
        {
            var queue = await officer.GetAsync($"/staff/queue?p={page}");
            Assert.Equal(200, queue.Status);
            var cell = queue.Document.QuerySelectorAll("table.queue td").FirstOrDefault(cell => cell.QuerySelector("a") is { } link && (link.TextContent == words || link.GetAttribute("href")!.EndsWith("/" + words, StringComparison.Ordinal)));
            if (cell is not null || queue.Document.QuerySelector($"nav.pages a[href*='p={page + 1}']") is null) return cell;
        }
    }

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
