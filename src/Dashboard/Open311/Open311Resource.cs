using Microsoft.Net.Http.Headers;
using Opinion.Ingest.Open311;

namespace Opinion.Dashboard.Open311;

/// <summary>What a request below <c>/open311</c> asks for.</summary>
/// <param name="Name">The resource, such as <c>requests</c>; empty for one that does not exist.</param>
/// <param name="Id">What stands behind it; null where nothing does.</param>
public readonly record struct Open311Resource(string Name, string? Id)
{
    /// <summary>Where version 2 lies.</summary>
    public const string Version = Open311Errors.Root + "/v2";

    /// <summary>Reads a path. A format at its end says in which format to answer and is no part of the name.</summary>
    public static Open311Resource Of(PathString path)
    {
        if (!path.StartsWithSegments(Open311Errors.Root, StringComparison.Ordinal, out var rest)) return new("", null);
        var parts = Bare(rest.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["discovery"] or ["v2", "discovery"] => new("discovery", null),
            ["v2", "services"] => new("services", null),
            ["v2", "services", var code] => new("services", code),
            ["v2", "requests"] => new("requests", null),
            ["v2", "requests" or "request", var id] => new("requests", id),
            ["v2", "tokens", var token] => new("tokens", token),
            ["v2", "servicerequestupdates"] => new("updates", null),
            _ => new("", null),
        };
    }

    /// <summary>The format that is asked for: by the end of the path, else by the Accept header, else XML.</summary>
    public static AnswerFormat FormatOf(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (path.EndsWith(".json", StringComparison.Ordinal)) return AnswerFormat.Json;
        if (path.EndsWith(".xml", StringComparison.Ordinal)) return AnswerFormat.Xml;
        var wanted = request.Headers.Accept.ToString();
        return wanted.Contains("json", StringComparison.OrdinalIgnoreCase) && !wanted.Contains("xml", StringComparison.OrdinalIgnoreCase) ? AnswerFormat.Json : AnswerFormat.Xml;
    }

    /// <summary>Whether names are wanted in Chinese: unless English is the first language that is accepted.</summary>
    public static bool IsChinese(HttpRequest request) =>
        !(StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var languages) && languages.OrderByDescending(language => language.Quality ?? 1).FirstOrDefault() is { } first
          && first.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase));

    /// <summary>Writes a document in the format that is asked for.</summary>
    public static async Task WriteAsync(HttpContext http, Document document)
    {
        var format = FormatOf(http.Request);
        var bytes = document.Write(format);
        http.Response.ContentType = Document.ContentType(format);
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static string Bare(string path) =>
        path.EndsWith(".json", StringComparison.Ordinal) ? path[..^5] : path.EndsWith(".xml", StringComparison.Ordinal) ? path[..^4] : path;
}
