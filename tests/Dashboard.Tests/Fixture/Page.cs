using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Opinion.Dashboard.Tests.Fixture;

/// <summary>One answer of the host.</summary>
/// <param name="StatusCode">Its status.</param>
/// <param name="Path">The path and query that were asked for.</param>
/// <param name="Body">Its body.</param>
/// <param name="Headers">Its headers by name, several values joined by a line break.</param>
public sealed record Page(HttpStatusCode StatusCode, string Path, string Body, IReadOnlyDictionary<string, string> Headers)
{
    private IHtmlDocument? _document;

    /// <summary>Its body as it came.</summary>
    public byte[] Bytes { get; init; } = [];

    public int Status => (int)StatusCode;

    public string? Location => Headers.GetValueOrDefault("Location");

    public IHtmlDocument Document => _document ??= new HtmlParser().ParseDocument(Body);

    /// <summary>The notice that says what is wrong; empty where nothing is.</summary>
    public string Problem => Text(".notice.bad");

    /// <summary>The notice that says what was done; empty where nothing was.</summary>
    public string Done => Text(".notice.good");

    /// <summary>The receipt code as it is shown; empty where there is none.</summary>
    public string Receipt => Text("#receipt code");

    /// <summary>The text of the first element a selector finds; empty where it finds none.</summary>
    public string Text(string selector) => Document.QuerySelector(selector)?.TextContent.Trim() ?? "";

    public IReadOnlyList<string> Texts(string selector) => [.. Document.QuerySelectorAll(selector).Select(element => element.TextContent.Trim())];

    /// <summary>The body without what differs between two equal pages: their anti-forgery tokens.</summary>
    public string WithoutTokens()
    {
        var document = new HtmlParser().ParseDocument(Body);
        foreach (var token in document.QuerySelectorAll("input[name=__RequestVerificationToken]")) token.RemoveAttribute("value");
        return document.DocumentElement.OuterHtml;
    }

    public override string ToString() => $"{Status} {Path} {Location} {Problem}";
}
