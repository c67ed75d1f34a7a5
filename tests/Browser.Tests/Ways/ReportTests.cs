using System.Globalization;
using Opinion.Browser.Running;
using static Microsoft.Playwright.Assertions;

namespace Opinion.Browser.Ways;

/// <summary>The one weekly report as its readers meet it: a leader opens it, a journalist downloads it, and both have the same numbers.</summary>
[Collection(TownCollection.Name)]
public sealed class ReportTests(Town town)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_leader_and_a_journalist_read_the_same_numbers(bool script)
    {
        await using var leader = await town.VisitAsync(script);
        await leader.OpenAsync("/");
        await leader.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "周报", Exact = true }).First.ClickAsync();
        await leader.Main.Locator(".weeks a").First.ClickAsync();
        await Expect(leader.Main.Locator("[data-measure=overdue]")).ToContainTextAsync("期限已过");
        await Expect(leader.Main.Locator("[data-measure=on-time-percent]")).ToContainTextAsync("÷");
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tile in await leader.Main.Locator("[data-measure]").AllAsync())
            read["measures/" + await tile.GetAttributeAsync("data-measure")] = Number(await tile.Locator("dd").First.InnerTextAsync());
        foreach (var row in await leader.Main.Locator("table[data-table] tbody tr").AllAsync())
            read[await row.Locator("xpath=ancestor::table").GetAttributeAsync("data-table") + "/" + await row.GetAttributeAsync("data-key")] = Number(await row.Locator("td").Nth(1).InnerTextAsync());
        Assert.InRange(read.Count, 50, int.MaxValue);
        Assert.Contains(read.Values, value => value.Length > 0);

        await using var journalist = await town.VisitAsync(script);
        await journalist.OpenAsync(new Uri(leader.Page.Url).AbsolutePath);
        var download = await journalist.Page.RunAndWaitForDownloadAsync(() => journalist.FollowLinkAsync("CSV"));
        Assert.EndsWith(".csv", download.SuggestedFilename, StringComparison.Ordinal);
        var downloaded = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (await File.ReadAllLinesAsync(await download.PathAsync())).Skip(1))
        {
            var cells = line.Split(',');
            if (cells[0] is "measure" or "table") downloaded[(cells[0] == "measure" ? "measures" : cells[1]) + "/" + cells[2]] = cells[3];
        }

        Assert.Equal(read.OrderBy(pair => pair.Key, StringComparer.Ordinal), downloaded.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Charts_stand_above_tables_and_nothing_breaks_the_sites_policy()
    {
        await using var reader = await town.VisitAsync();
        var complaints = new List<string>();
        reader.Page.Console += (_, message) =>
        {
            if (message.Type == "error") complaints.Add(message.Text);
        };
        await reader.OpenAsync("/report");
        if (!Dashboard.OpenData.PageScripts.HasCharts)
        {
            // Built without Node: the tables stand alone.
            Assert.Equal(0, await reader.Main.Locator("script").CountAsync());
            return;
        }

        await Expect(reader.Main.Locator(".chart canvas").First).ToBeVisibleAsync();
        var charts = await reader.Main.Locator(".chart").CountAsync();
        Assert.True(charts <= await reader.Main.Locator("table[data-chart]").CountAsync(), charts.ToString(CultureInfo.InvariantCulture));
        Assert.Empty(complaints);
        Assert.True(await reader.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
        if (Environment.GetEnvironmentVariable("OPINION_PICTURE") is { } picture) await reader.Page.ScreenshotAsync(new() { Path = picture, FullPage = true });
    }

    private static string Number(string shown) => shown.Trim() == "隐去" ? "" : shown.Trim();
}
