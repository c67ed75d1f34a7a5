using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Css.Parser;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Opinion.Ingest.OwnSite;

/// <summary>Why a page cannot be worked with.</summary>
public enum BoardPageFault
{
    /// <summary>It has more elements than are read.</summary>
    TooManyElements,

    /// <summary>The parser does not get through.</summary>
    Unparsable,
}

/// <summary>A page that cannot be worked with: it is built to be more than it says.</summary>
public sealed class BoardPageException(BoardPageFault fault, Exception? inner = null)
    : Exception(fault == BoardPageFault.TooManyElements ? "the page has too many elements" : "the page cannot be parsed", inner)
{
    /// <summary>Why.</summary>
    public BoardPageFault Fault { get; } = fault;
}

/// <summary>
/// A page of a board as a tree that is looked at by selectors. Nothing of it is run or loaded: no script, no picture, no
/// frame. Its size is bounded in bytes by the client and in elements here, since some markup multiplies when it is parsed.
/// </summary>
public sealed partial class BoardPage
{
    /// <summary>Elements a page may have. The parser looks through all open ones at each, so deep nesting costs the square.</summary>
    public const int MostElements = 20_000;

    // Formatting that is never closed is opened again by the parser in every paragraph that follows, unseen by its count of elements.
    private const long MostReopened = 2_000_000;

    private const int Deepest = 256;
    private readonly IHtmlDocument _document;
    private readonly Uri _base;

    private BoardPage(IHtmlDocument document, PageText text, Uri address)
    {
        (_document, Text) = (document, text);
        _base = document.QuerySelector("base[href]")?.GetAttribute("href") is { } href && Uri.TryCreate(address, href, out var given) ? given : address;
    }

    /// <summary>How its bytes were read.</summary>
    public PageText Text { get; }

    /// <summary>Parses a page.</summary>
    /// <exception cref="BoardPageException">It has too many elements, or the parser does not get through.</exception>
    public static BoardPage Parse(byte[] content, string? contentType, Uri address)
    {
        var text = PageText.Read(content, contentType);
        RequireModest(text.Text);
        var elements = 0;
        var parser = new HtmlParser(new HtmlParserOptions
        {
            IsScripting = false,
            SkipComments = true,
            MaximumDepth = Deepest,
            OnCreated = (_, _) =>
            {
                if (++elements > MostElements) throw new BoardPageException(BoardPageFault.TooManyElements);
            },
        });
        try
        {
            return new BoardPage(parser.ParseDocument(text.Text), text, address);
        }
        catch (Exception error) when (error is not (BoardPageException or OutOfMemoryException))
        {
            throw new BoardPageException(BoardPageFault.Unparsable, error);
        }
    }

    private static void RequireModest(string html)
    {
        long tags = 0;
        long open = 0;
        long most = 0;
        foreach (var tag in Tags().EnumerateMatches(html))
        {
            var closes = html[tag.Index + 1] == '/';
            if (!closes) tags++;
            if (!Formatting().IsMatch(html.AsSpan(tag.Index, tag.Length))) continue;
            open = Math.Max(0, open + (closes ? -1 : 1));
            most = Math.Max(most, open);
        }

        if (tags > MostElements || tags * most > MostReopened) throw new BoardPageException(BoardPageFault.TooManyElements);
    }

    [GeneratedRegex("</?[a-zA-Z]+")]
    private static partial Regex Tags();

    // The formatting elements of the HTML standard, 13.2.4.3.
    [GeneratedRegex("^</?(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Formatting();

    /// <summary>Whether a text is a selector that can be used.</summary>
    public static bool IsSelector(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return false;
        try
        {
            if (new CssSelectorParser().ParseSelector(text) is null) return false;
            // Some are told only when they are used.
            new HtmlParser().ParseDocument("<p>").QuerySelectorAll(text);
            return true;
        }
        catch (Exception error) when (error is DomException or FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The elements a selector matches; none where there is no selector.</summary>
    public IReadOnlyList<IElement> Find(string? selector) => selector is null ? [] : [.. _document.QuerySelectorAll(selector)];

    /// <summary>Where an element, or the first link in it, leads; null where it leads nowhere by http or https. The fragment is dropped.</summary>
    public Uri? LinkOf(IElement element)
    {
        var href = (element.HasAttribute("href") ? element : element.QuerySelector("a[href]"))?.GetAttribute("href")?.Trim();
        if (string.IsNullOrEmpty(href) || href.Length > 2048 || !Uri.TryCreate(_base, href, out var link) || (link.Scheme != Uri.UriSchemeHttp && link.Scheme != Uri.UriSchemeHttps)) return null;
        return link.Fragment.Length == 0 ? link : new UriBuilder(link) { Fragment = "" }.Uri;
    }

    /// <summary>The words of an element as they are read: lines where the page breaks them, no script, no style, nothing that is left out.</summary>
    /// <param name="element">The element.</param>
    /// <param name="without">Elements inside it that are left out with all they hold.</param>
    public static string WordsOf(IElement element, IReadOnlyCollection<IElement> without)
    {
        var words = new StringBuilder();
        var stack = new Stack<(INode Node, bool Leaving)>();
        stack.Push((element, false));
        while (stack.TryPop(out var next))
        {
            if (next.Node is IText text)
            {
                AddSpaced(words, text.Data);
                continue;
            }

            if (next.Node is not IElement inner) continue;
            if (next.Leaving)
            {
                BreakLine(words);
                continue;
            }

            if (inner.LocalName is "script" or "style" or "noscript" or "template" or "iframe" or "object" or "select" or "textarea" or "button" || without.Contains(inner)) continue;
            if (inner.LocalName == "br")
            {
                BreakLine(words, always: true);
                continue;
            }

            if (IsBlock(inner.LocalName))
            {
                BreakLine(words);
                stack.Push((inner, true));
            }

            for (var i = inner.ChildNodes.Length - 1; i >= 0; i--) stack.Push((inner.ChildNodes[i], false));
        }

        return words.ToString().Trim();
    }

    // White space of the page's source is one space; the full-width space with which Chinese paragraphs begin stays text.
    private static void AddSpaced(StringBuilder words, string data)
    {
        foreach (var c in data)
        {
            if (c is ' ' or '\t' or '\r' or '\n' or '\f' or '\u00A0')
            {
                if (words.Length > 0 && words[^1] is not (' ' or '\n')) words.Append(' ');
            }
            else
            {
                words.Append(c);
            }
        }
    }

    private static void BreakLine(StringBuilder words, bool always = false)
    {
        while (words.Length > 0 && words[^1] == ' ') words.Length--;
        if (words.Length > 0 && (words[^1] != '\n' || (always && (words.Length < 2 || words[^2] != '\n')))) words.Append('\n');
    }

    private static bool IsBlock(string name) => name is "p" or "div" or "section" or "article" or "li" or "ul" or "ol" or "dl" or "dt" or "dd" or "tr" or "table" or "blockquote" or "pre"
        or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "header" or "footer" or "main" or "aside" or "figure" or "hr" or "center";
}
