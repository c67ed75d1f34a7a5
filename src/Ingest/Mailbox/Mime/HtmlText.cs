using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Text;

namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>
/// The words of a body in HTML. Only the tokens of the HTML standard are read and no tree is built: a tree of hostile markup
/// grows with the square of its length.
/// </summary>
internal static class HtmlText
{
    /// <summary>The longest HTML that is read, in UTF-16 code units: fifty times what a letter may hold.</summary>
    public const int Limit = 1_000_000;

    private static readonly HashSet<string> Lines = new(StringComparer.OrdinalIgnoreCase)
    {
        "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "section", "article", "header", "footer", "dt", "dd", "center", "address",
    };

    /// <summary>The text, one line for each block; blanks within a line are one.</summary>
    /// <exception cref="MailUnreadableException">It is too long.</exception>
    public static string Of(string html)
    {
        if (html.Length > Limit) throw new MailUnreadableException(MailProblem.HtmlTooLong);
        using var source = new TextSource(html);
        var tokens = new HtmlTokenizer(source, HtmlEntityProvider.Resolver);
        var text = new StringBuilder();
        var (unread, space) = (false, false);
        for (var token = tokens.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokens.Get())
        {
            switch (token.Type)
            {
                case HtmlTokenType.StartTag:
                    tokens.State = StateIn(token.Name);
                    unread = token.Name is "script" or "style" or "title" or "iframe" or "noembed" or "noframes";
                    if (Lines.Contains(token.Name)) space = NewLine(text);
                    else space |= token.Name is "td" or "th";
                    break;
                case HtmlTokenType.EndTag:
                    tokens.State = HtmlParseMode.PCData;
                    unread = false;
                    if (Lines.Contains(token.Name) && token.Name is not "br") space = NewLine(text);
                    break;
                case HtmlTokenType.Character when !unread:
                    space = Append(text, token.Data, space);
                    break;
                default:
                    break;
            }
        }

        return MailCharsets.Clean(text.ToString()).Trim();
    }

    // What the tree builder would tell the tokenizer: in these, markup is text.
    private static HtmlParseMode StateIn(string name) => name switch
    {
        "script" => HtmlParseMode.Script,
        "style" or "iframe" or "noembed" or "noframes" or "xmp" => HtmlParseMode.Rawtext,
        "title" or "textarea" => HtmlParseMode.RCData,
        _ => HtmlParseMode.PCData,
    };

    private static bool Append(StringBuilder text, string data, bool space)
    {
        foreach (var c in data)
        {
            if (c is ' ' or '\t' or '\n' or '\r' or '\f' or '\u00A0')
            {
                space = true;
                continue;
            }

            if (space && text.Length > 0 && text[^1] != '\n') text.Append(' ');
            space = false;
            text.Append(c);
        }

        return space;
    }

    // At most one empty line in a row.
    private static bool NewLine(StringBuilder text)
    {
        if (text.Length > 0 && !(text.Length > 1 && text[^1] == '\n' && text[^2] == '\n')) text.Append('\n');
        return false;
    }
}
