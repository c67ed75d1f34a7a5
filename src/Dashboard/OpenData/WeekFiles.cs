using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Opinion.Desk.Offices;
using Opinion.Desk.Reports;

namespace Opinion.Dashboard.OpenData;

/// <summary>A form in which a released week is given.</summary>
/// <param name="Name">Its ending, such as csv.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Write">Makes its bytes.</param>
public sealed record WeekForm(string Name, string Type, Func<Report, Office, byte[]> Write)
{
    /// <summary>All forms. The command and the web give the same bytes.</summary>
    public static IReadOnlyList<WeekForm> All { get; } =
    [
        new("html", "text/html; charset=utf-8", (report, office) => Encoding.UTF8.GetBytes(ReportHtml.Of(report, office))),
        new("md", "text/markdown; charset=utf-8", (report, _) => Encoding.UTF8.GetBytes(ReportText.Markdown(report))),
        new("json", "application/json; charset=utf-8", (report, _) => Encoding.UTF8.GetBytes(ReportText.Json(report))),
        new("csv", "text/csv; charset=utf-8", (report, _) => Encoding.UTF8.GetBytes(ReportText.Csv(report))),
        new("pdf", "application/pdf", ReportPdf.Of),
    ];

    /// <summary>The forms that the site gives, by name. Not html: its style stands in the page itself, which the site's policy forbids, and there is /report/.</summary>
    public static IEnumerable<WeekForm> OnSite => All.Where(form => form.Name != "html" && (form.Name != "pdf" || ReportPdf.IsPossible)).OrderBy(form => form.Name, StringComparer.Ordinal);
}

/// <summary>The released weeks as files under /open-data/weeks/, the same for everybody.</summary>
internal static class WeekFiles
{
    /// <summary>Maps them.</summary>
    public static void MapWeekFiles(this IEndpointRouteBuilder routes) => routes.MapGet("/open-data/weeks/{file}", ReadAsync);

    private static async Task<Results<FileContentHttpResult, NotFound>> ReadAsync(string file, HttpContext http, WeeklyReport reports, OfficeDirectory offices, CancellationToken cancel)
    {
        if (file.Split('.') is not [var name, var ending] || IsoWeek.Parse(name) is not { } week || WeekForm.OnSite.FirstOrDefault(form => form.Name == ending) is not { } form || await reports.FindAsync(week, cancel) is not { } report)
            return TypedResults.NotFound();
        var bytes = form.Write(report, await offices.GetAsync(cancel));
        http.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.File(bytes, form.Type, form.Name == "json" ? null : $"report-{week}.{form.Name}", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\""));
    }
}
