using System.Diagnostics;
using Microsoft.Playwright;
using Opinion.Dashboard.SampleTown;

namespace Opinion.Browser.People;

/// <summary>Somebody with a browser of their own in front of the desk's pages. What they can do is what the pages let them do.</summary>
public sealed class Visitor : IAsyncDisposable
{
    /// <summary>How long the desk may take for what it does in the background, such as sorting a letter.</summary>
    public static readonly TimeSpan Background = TimeSpan.FromSeconds(15);

    private readonly IBrowserContext _context;
    private readonly string _address;

    private Visitor(IBrowserContext context, IPage page, string address) => (_context, Page, _address) = (context, page, address);

    public IPage Page { get; }

    public ILocator Main => Page.Locator("main");

    /// <summary>What the page says has been done.</summary>
    public ILocator Status => Main.GetByRole(AriaRole.Status);

    /// <summary>What the page says is wrong.</summary>
    public ILocator Problem => Main.GetByRole(AriaRole.Alert);

    public static async Task<Visitor> ComeAsync(IBrowser browser, string address, bool script, int width, int height)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            JavaScriptEnabled = script,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = "zh-CN",
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(10_000);
        return new Visitor(context, await context.NewPageAsync(), address);
    }

    public async Task<IResponse> OpenAsync(string path) => await Page.GotoAsync(_address + path) ?? throw new InvalidOperationException($"{path} gave no answer.");

    public Task ClickAsync(string button, bool exact = true) => Main.GetByRole(AriaRole.Button, new() { Name = button, Exact = exact }).ClickAsync();

    public Task FollowLinkAsync(string link) => Main.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();

    public async Task SignInAsync(TownAccount account) => await SignInAsync(account.Login, account.Password);

    public async Task SignInAsync(string login, string password)
    {
        await OpenAsync("/staff");
        await Page.GetByLabel("账号").FillAsync(login);
        await Page.GetByLabel("密码").FillAsync(password);
        await ClickAsync("登录");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("工作台");
    }

    /// <summary>Loads the page anew until something stands on it: pages work without script, so they do not change by themselves.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> ReloadUntilAsync(ILocator awaited)
    {
        var watch = Stopwatch.StartNew();
        while (!await awaited.First.IsVisibleAsync())
        {
            if (watch.Elapsed > Background) Assert.Fail($"{awaited} did not come within {Background.TotalSeconds} s on {Page.Url}:\n{await Main.InnerTextAsync()}");
            await Page.ReloadAsync();
        }

        return watch.Elapsed;
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
