using System.Diagnostics;
using Opinion.Dashboard.SampleTown;
using Opinion.Dashboard.Tests.Fixture;
using Xunit.Abstractions;

namespace Opinion.Dashboard.Tests.SampleTown;

/// <summary>The sample town, loaded once as `./run` loads it.</summary>
public sealed class LoadedTown : IAsyncLifetime
{
    public static readonly string Folder = Path.Combine(Repository.Root, "samples", "town");

    public RunningDesk Desk { get; private set; } = null!;

    public TimeSpan Took { get; private set; }

    public async Task InitializeAsync()
    {
        var watch = Stopwatch.StartNew();
        Desk = await RunningDesk.StartAsync(options => options with { SampleFolder = Folder }, staffed: false);
        Took = watch.Elapsed;
    }

    public async Task DisposeAsync() => await Desk.DisposeAsync();
}

/// <summary>What a first look at the sample town finds.</summary>
public sealed class TownTests(LoadedTown town, ITestOutputHelper output) : IClassFixture<LoadedTown>
{
    private RunningDesk Desk => town.Desk;

    [Fact]
    public async Task The_town_is_full_of_life()
    {
        output.WriteLine($"The town was set up and started in {town.Took.TotalSeconds:0.0} s.");
        Assert.InRange(await Desk.CountAsync("SELECT COUNT(*) FROM letters"), 200, long.MaxValue);
        Assert.Equal(0, await Desk.CountAsync("SELECT COUNT(*) FROM letters WHERE state NOT IN ('assigned', 'withdrawn')"));
        Assert.InRange(await Desk.CountAsync("SELECT COUNT(DISTINCT department) FROM matters"), 6, long.MaxValue);
        Assert.InRange(await Desk.CountAsync("SELECT COUNT(*) FROM bank_entries"), 40, long.MaxValue);
        Assert.InRange(await Desk.CountAsync("SELECT COUNT(*) FROM published_answers"), 60, long.MaxValue);
        Assert.InRange(await Desk.CountAsync("SELECT COUNT(*) FROM matters WHERE state = 'open'"), 1, long.MaxValue);
        Assert.InRange(await Desk.CountAsync($"SELECT COUNT(*) FROM matters WHERE state = 'open' AND deadline_at <= {Desk.Clock.Now.ToUnixTimeMilliseconds()}"), 1, long.MaxValue);
        Assert.InRange(await Desk.CountAsync("SELECT COUNT(*) FROM duty_alerts WHERE acknowledged_at IS NULL"), 1, long.MaxValue);
        Assert.InRange(await Desk.CountAsync("SELECT COUNT(*) FROM released_weeks"), 10, long.MaxValue);
        Assert.InRange(await Desk.CountAsync("SELECT COUNT(*) FROM matters WHERE disposition = 'withdrawn'"), 1, long.MaxValue);
    }

    [Fact]
    public async Task All_public_pages_answer()
    {
        using var visitor = Desk.Browser();
        var pages = await Crawl.FromAsync(visitor, ["/"]);
        Assert.True(pages.Count(page => page.Path.StartsWith("/answers/", StringComparison.Ordinal)) >= 60);
        Assert.True(pages.Count(page => page.Path.StartsWith("/report/", StringComparison.Ordinal)) >= 10);
        Assert.All(pages, page => Assert.True(page.Status == 200 || page.Location?.StartsWith("/staff/sign-in", StringComparison.Ordinal) == true, page.ToString()));
    }

    [Fact]
    public async Task Every_sample_account_signs_in_and_all_its_pages_answer()
    {
        var accounts = TownFiles.Open(LoadedTown.Folder).Accounts();
        Assert.True(accounts.Count >= 15);
        var matters = 0;
        foreach (var account in accounts)
        {
            using var browser = await Desk.SignInAsync(account.Login, account.Password);
            var pages = await Crawl.FromAsync(browser, ["/staff"], path => path.StartsWith("/staff", StringComparison.Ordinal));
            Assert.All(pages, page => Assert.True(page.Status == 200, account.Login + " " + page));
            Assert.True(pages.Count >= 1);
            matters += pages.Count(page => page.Path.StartsWith("/staff/matter/", StringComparison.Ordinal) && !page.Path.Contains('?', StringComparison.Ordinal));
            if (account.OnDuty) Assert.NotEmpty(pages[0].Document.QuerySelectorAll(".alarm"));
        }

        Assert.True(matters >= 200, $"{matters} matters");
    }
}
