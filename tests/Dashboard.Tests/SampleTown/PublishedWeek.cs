using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Opinion.Analysis.Suppression;
using Opinion.Desk.Reports;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.Tests.SampleTown;

/// <summary>A figure as a reader finds it: the table ("measures" for figures), its key, and the number; empty where hidden.</summary>
internal readonly record struct Figure(string Table, string Key, string Value) : IComparable<Figure>
{
    public int CompareTo(Figure other) => string.CompareOrdinal(ToString(), other.ToString());
}

/// <summary>Reads a week back from every form in which it is published, by what a reader sees and nothing else.</summary>
internal static class PublishedWeek
{
    public static async Task<Dictionary<string, List<Figure>>> ReadAsync(Uri desk, string week)
    {
        var forms = new Dictionary<string, List<Figure>>(StringComparer.Ordinal)
        {
            ["page"] = Page(await TextAsync($"/report/{week}")),
            ["json"] = Json(await TextAsync($"/open-data/weeks/{week}.json")),
            ["csv"] = Csv(await TextAsync($"/open-data/weeks/{week}.csv")),
            ["md"] = Markdown(await TextAsync($"/open-data/weeks/{week}.md")),
        };
        foreach (var figures in forms.Values) figures.Sort();
        return forms;

        async Task<string> TextAsync(string path)
        {
            var (answer, body) = await GetAsync(desk, path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return Encoding.UTF8.GetString(body);
        }
    }

    /// <summary>Gets a file, or nothing where what the reader has is still the same.</summary>
    public static async Task<(HttpResponseMessage Answer, byte[] Body)> GetAsync(Uri desk, string path, EntityTagHeaderValue? known = null)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(desk, path));
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        var answer = await http.SendAsync(request, CancellationToken.None);
        return (answer, await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>The counts among the figures as cells.</summary>
    public static IEnumerable<PublishedCell> Counts(string week, IEnumerable<Figure> figures) => figures
        .Where(figure => figure.Table != "measures" || !PublishedCells.IsDerived(figure.Key))
        .Select(figure => new PublishedCell(figure.Table == "measures" ? $"{week}/{figure.Key}" : $"{week}/{figure.Table}/{figure.Key}", figure.Value.Length == 0 ? null : long.Parse(figure.Value, CultureInfo.InvariantCulture)));

    /// <summary>The lines between cells, which everybody knows from the tables' form.</summary>
    public static async Task<List<CountLine>> LinesAsync(DeskStore store)
    {
        await using var session = await store.ReadAsync(CancellationToken.None);
        return await session.QueryAsync("SELECT parts, totals FROM released_lines ORDER BY week, position",
            row => new CountLine(row.GetString(0).Split('\n'), row.GetString(1).Split('\n')), CancellationToken.None);
    }

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return text;
    }

    private static List<Figure> Page(string html)
    {
        using var page = new HtmlParser().ParseDocument(html);
        var figures = page.QuerySelectorAll("[data-measure]").Select(tile => new Figure("measures", tile.GetAttribute("data-measure")!, Number(tile.QuerySelector("dd")!.TextContent))).ToList();
        foreach (var table in page.QuerySelectorAll("table[data-table]"))
            figures.AddRange(table.QuerySelectorAll("tbody tr").Select(row => new Figure(table.GetAttribute("data-table")!, row.GetAttribute("data-key")!, Number(row.Children[1].TextContent))));
        return figures;
    }

    private static List<Figure> Json(string text)
    {
        using var json = JsonDocument.Parse(text);
        var figures = json.RootElement.GetProperty("measures").EnumerateArray().Select(measure => new Figure("measures", measure.GetProperty("name").GetString()!, measure.GetProperty("value").ToString())).ToList();
        Assert.Equal(figures.Single(figure => figure.Key == "received").Value, json.RootElement.GetProperty("received").ToString());
        foreach (var table in json.RootElement.GetProperty("tables").EnumerateArray())
            figures.AddRange(table.GetProperty("rows").EnumerateArray().Select(row => new Figure(table.GetProperty("name").GetString()!, row.GetProperty("key").GetString()!, row.GetProperty("count").ToString())));
        return figures;
    }

    private static List<Figure> Csv(string text)
    {
        using var reader = new CsvHelper.CsvReader(new StringReader(text), CultureInfo.InvariantCulture);
        var figures = new List<Figure>();
        reader.Read();
        reader.ReadHeader();
        while (reader.Read())
        {
            if (reader["part"] is "measure" or "table") figures.Add(new Figure(reader["part"] == "measure" ? "measures" : reader["table"]!, reader["key"]!, reader["value"]!));
        }

        return figures;
    }

    private static List<Figure> Markdown(string text)
    {
        var figures = new List<Figure>();
        var heading = "";
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) heading = line[3..];
            if (line.StartsWith("| `", StringComparison.Ordinal) && line.Split('|') is [_, var key, var value, ..]) figures.Add(new Figure(heading, key.Trim(' ', '`'), Number(value)));
        }

        return figures;
    }

    private static string Number(string shown) => shown.Trim() is "—" or "隐去" ? "" : shown.Trim();
}
