using System.Text.Json;
using System.Xml;

namespace Opinion.Ingest.Open311;

/// <summary>
/// Reads what other servers of this protocol say, XML or JSON, into the same plain shape: texts, groups and lists. No DTD is
/// read and no entity beyond the five of XML; sizes and depths are limited. JSON is read as RFC 8259 has it: what is not
/// JSON, as three samples of the specification are not (they write 001 without quotes), is refused and not guessed at.
/// </summary>
public static class DocumentReader
{
    /// <summary>The most bytes that are read.</summary>
    public const int Limit = 8 * 1024 * 1024;

    private const int Depth = 12;

    /// <summary>Reads a document.</summary>
    /// <exception cref="ProblemException">It is no XML or JSON of this protocol, or it is too large or too deep.</exception>
    public static ReadNode Read(ReadOnlyMemory<byte> content, AnswerFormat format)
    {
        if (content.Length > Limit) throw Wrong(format, null);
        try
        {
            return format == AnswerFormat.Json ? ReadJson(content) : ReadXml(content);
        }
        catch (Exception error) when (error is XmlException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw Wrong(format, error);
        }
    }

    /// <summary>Which format an answer is in, by its type and, where that says nothing, by how it begins.</summary>
    public static AnswerFormat FormatOf(string? contentType, ReadOnlySpan<byte> content)
    {
        if (contentType is not null && contentType.Contains("json", StringComparison.OrdinalIgnoreCase)) return AnswerFormat.Json;
        if (contentType is not null && contentType.Contains("xml", StringComparison.OrdinalIgnoreCase)) return AnswerFormat.Xml;
        var start = content.TrimStart(" \t\r\n"u8);
        return start.Length > 0 && start[0] is (byte)'[' or (byte)'{' ? AnswerFormat.Json : AnswerFormat.Xml;
    }

    // The parser's own message may repeat what it read, so it stays inside.
    private static ProblemException Wrong(AnswerFormat format, Exception? error)
    {
        var name = format == AnswerFormat.Json ? "JSON" : "XML";
        var place = error switch
        {
            XmlException xml => $" ({xml.LineNumber}:{xml.LinePosition})",
            JsonException json => $" ({json.LineNumber + 1}:{json.BytePositionInLine + 1})",
            _ => "",
        };
        return new ProblemException(Problem.Bad($"这不是本协议的 {name}{place}。", $"This is no {name} of this protocol{place}."));
    }

    private static ReadNode ReadXml(ReadOnlyMemory<byte> content)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        using var xml = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = Limit,
            MaxCharactersFromEntities = 0,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        });
        xml.MoveToContent();
        if (xml.NodeType != XmlNodeType.Element) throw new XmlException("no element");
        var root = ReadElement(xml, 0);
        while (xml.Read())
        {
            if (xml.NodeType is not (XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)) throw new XmlException("something follows the root");
        }

        return root;
    }

    // The reader stands at the start of an element and afterwards at its end.
    private static ReadNode ReadElement(XmlReader xml, int depth)
    {
        if (depth > Depth) throw new XmlException("too deep");
        var name = xml.LocalName;
        if (xml.IsEmptyElement) return new ReadNode(name, null, []);
        var children = new List<ReadNode>();
        var text = new System.Text.StringBuilder();
        while (xml.Read())
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    children.Add(ReadElement(xml, depth + 1));
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    text.Append(xml.Value);
                    break;
                case XmlNodeType.EndElement:
                    return new ReadNode(name, children.Count > 0 ? null : Filled(text.ToString()), children);
            }
        }

        throw new XmlException("an element does not end");
    }

    private static ReadNode ReadJson(ReadOnlyMemory<byte> content)
    {
        if (content.Span.StartsWith("\uFEFF"u8)) content = content[3..];
        using var json = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = Depth, AllowDuplicateProperties = false });
        return Of("", json.RootElement);
    }

    private static ReadNode Of(string name, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new ReadNode(name, null, [.. element.EnumerateObject().Select(field => Of(field.Name, field.Value))]),
        JsonValueKind.Array => new ReadNode(name, null, [.. element.EnumerateArray().Select(item => Of("", item))]),
        JsonValueKind.String => new ReadNode(name, Filled(element.GetString()!), []),
        // An identifier that is written as a number keeps the digits it was written with.
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => new ReadNode(name, element.GetRawText(), []),
        _ => new ReadNode(name, null, []),
    };

    private static string? Filled(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>One element of a document that was read: XML and JSON look the same from here, but for the names of a list's items.</summary>
/// <param name="Name">Its name; empty for the root and the items of lists in JSON.</param>
/// <param name="Text">What it says; null where it is empty or holds others.</param>
/// <param name="Children">What it holds.</param>
public sealed record ReadNode(string Name, string? Text, IReadOnlyList<ReadNode> Children)
{
    /// <summary>The text of a child by its name; null where there is none or it is empty.</summary>
    public string? this[string name] => Child(name)?.Text;

    /// <summary>The first child of a name; null where there is none.</summary>
    public ReadNode? Child(string name) => Children.FirstOrDefault(child => string.Equals(child.Name, name, StringComparison.Ordinal));
}
