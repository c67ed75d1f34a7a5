using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Opinion.Dashboard.Tests.Fixture;
using Opinion.Running;
using Xunit;

namespace Opinion.Cli.Tests.Faults;

/// <summary>People who write to a running desk with its own form, each from an address of their own, and keep what they were shown.</summary>
internal sealed class Writers
{
    private int _people;

    /// <summary>The receipt codes shown, one for each letter taken.</summary>
    public ConcurrentBag<string> Receipts { get; } = [];

    /// <summary>How often somebody was told that the letter was not taken.</summary>
    public int NotTaken => _notTaken;

    private int _notTaken;

    /// <summary>Somebody new, on a loopback address that nobody else has: each has a throttle of its own.</summary>
    public Browser Come(ServedDesk desk)
    {
        var person = Interlocked.Increment(ref _people);
        return new Browser(new Uri(desk.Address), new IPAddress([127, (byte)(1 + (person / 62_500)), (byte)(person / 250 % 250), (byte)(1 + (person % 250))]));
    }

    /// <summary>A form to write with; asked for again while the desk cannot show it.</summary>
    public static async Task<Page> FormAsync(Browser writer)
    {
        for (var tries = 0; ; tries++)
        {
            var page = await writer.GetAsync("/write");
            if (page.Status == 200) return page;
            AssertClear(page);
            Assert.InRange(tries, 0, 60);
            await Task.Delay(500);
        }
    }

    /// <summary>Sends a letter, and the same page again for as long as it was not taken.</summary>
    /// <returns>The receipt code.</returns>
    public async Task<string> WriteAsync(ServedDesk desk, string body, int patience = 90)
    {
        using var writer = Come(desk);
        var page = await FormAsync(writer);
        page = await writer.SubmitOnlyAsync(page, "form.stack", ("Body", body));
        for (var tries = 0; page.Status != 200; tries++)
        {
            Interlocked.Increment(ref _notTaken);
            AssertNotTaken(page, body);
            Assert.InRange(tries, 0, patience);
            await Task.Delay(1000);
            page = await writer.SubmitOnlyAsync(page, "form.stack");
        }

        Assert.True(page.Receipt.Length > 0, page.Body);
        Receipts.Add(page.Receipt);
        return page.Receipt;
    }

    /// <summary>The page says in words that the letter was not taken, and keeps what was written.</summary>
    public static void AssertNotTaken(Page page, string body)
    {
        AssertClear(page);
        Assert.Equal("", page.Receipt);
        Assert.Contains("这封信还没有收下，没有收据。", page.Problem, StringComparison.Ordinal);
        Assert.Equal(body, ((AngleSharp.Html.Dom.IHtmlTextAreaElement)page.Document.QuerySelector("textarea[name=Body]")!).Value.Trim());
    }

    /// <summary>An answer of a desk whose store is down or full: its status, when to come back, words, and nothing of the program's inside.</summary>
    public static void AssertClear(Page page)
    {
        Assert.True(page.Status is 503 or 507, $"{page}\n{page.Body}");
        Assert.InRange(int.Parse(page.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 600);
        Assert.NotEmpty(page.Problem);
        foreach (var inside in new[] { "Exception", "   at ", "Npgsql", "Sqlite", "127.0.0.1" }) Assert.DoesNotContain(inside, page.Body, StringComparison.Ordinal);
    }
}
