namespace Opinion.Dashboard.Tests.Fixture;

/// <summary>Follows every link of this desk from page to page.</summary>
public static class Crawl
{
    /// <summary>Opens all pages that can be reached by links, each address once.</summary>
    /// <param name="browser">Who reads.</param>
    /// <param name="starts">Where to begin.</param>
    /// <param name="wanted">Which addresses to follow.</param>
    public static async Task<IReadOnlyList<Page>> FromAsync(Browser browser, IEnumerable<string> starts, Func<string, bool>? wanted = null)
    {
        var waiting = new Queue<string>(starts);
        var known = waiting.ToHashSet(StringComparer.Ordinal);
        var pages = new List<Page>();
        while (waiting.TryDequeue(out var path))
        {
            Assert.True(pages.Count < 2_000, "More pages than a crawl should meet.");
            var page = await browser.GetAsync(path);
            pages.Add(page);
            foreach (var link in page.Document.QuerySelectorAll("a[href^='/']").Select(link => link.GetAttribute("href")!.Split('#')[0]))
            {
                if ((wanted is null || wanted(link)) && known.Add(link)) waiting.Enqueue(link);
            }
        }

        return pages;
    }
}
