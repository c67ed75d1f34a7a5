using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;

namespace Opinion.Ingest.Open311;

/// <summary>The two forms in which this door speaks.</summary>
public enum AnswerFormat
{
    /// <summary>The one every server must have.</summary>
    Xml,

    /// <summary>JSON, made from the XML by the Spark convention: lists are arrays and lose the name of their items.</summary>
    Json,
}

/// <summary>One value of a document.</summary>
public abstract record DocumentValue
{
    /// <summary>A text; an identifier is one too, and stands quoted in JSON. Null is an empty element in XML.</summary>
    public sealed record Text(string? Value) : DocumentValue;

    /// <summary>A whole number; null is an empty element in XML.</summary>
    public sealed record Number(long? Value) : DocumentValue;

    /// <summary>True or false.</summary>
    public sealed record Truth(bool Value) : DocumentValue;

    /// <summary>Values with names.</summary>
    public sealed record Group(IReadOnlyList<(string Name, DocumentValue Value)> Fields) : DocumentValue;

    /// <summary>Values without names; in XML each stands in an element of the item's name.</summary>
    public sealed record List(string Item, IReadOnlyList<DocumentValue> Items) : DocumentValue;
}

/// <summary>An answer of this door, the same in both formats: the name of its root, which XML alone has, and its value.</summary>
/// <param name="Root">The name of the root element.</param>
/// <param name="Value">What it holds.</param>
public sealed record Document(string Root, DocumentValue Value)
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) };
    private static readonly XmlWriterSettings XmlSettings = new() { Encoding = new UTF8Encoding(false), Indent = false, CloseOutput = false };

    /// <summary>The <c>Content-Type</c> of a format.</summary>
    public static string ContentType(AnswerFormat format) => format == AnswerFormat.Json ? "application/json; charset=utf-8" : "text/xml; charset=utf-8";

    /// <summary>Writes it as UTF-8.</summary>
    public byte[] Write(AnswerFormat format)
    {
        if (format == AnswerFormat.Json)
        {
            var bytes = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(bytes, JsonOptions)) Write(json, Value);
            return bytes.WrittenSpan.ToArray();
        }

        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, XmlSettings))
        {
            xml.WriteStartDocument();
            Write(xml, Root, Value);
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter json, DocumentValue value)
    {
        switch (value)
        {
            case DocumentValue.Text { Value: { } text }:
                json.WriteStringValue(Writable(text));
                break;
            case DocumentValue.Number { Value: { } number }:
                json.WriteNumberValue(number);
                break;
            case DocumentValue.Truth truth:
                json.WriteBooleanValue(truth.Value);
                break;
            case DocumentValue.Group group:
                json.WriteStartObject();
                foreach (var (name, field) in group.Fields)
                {
                    json.WritePropertyName(name);
                    Write(json, field);
                }

                json.WriteEndObject();
                break;
            case DocumentValue.List list:
                json.WriteStartArray();
                foreach (var item in list.Items) Write(json, item);
                json.WriteEndArray();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void Write(XmlWriter xml, string name, DocumentValue value)
    {
        xml.WriteStartElement(name);
        switch (value)
        {
            case DocumentValue.Text { Value: { Length: > 0 } text }:
                xml.WriteString(Writable(text));
                break;
            case DocumentValue.Number { Value: { } number }:
                xml.WriteString(number.ToString(CultureInfo.InvariantCulture));
                break;
            case DocumentValue.Truth truth:
                xml.WriteString(truth.Value ? "true" : "false");
                break;
            case DocumentValue.Group group:
                foreach (var (field, inner) in group.Fields) Write(xml, field, inner);
                break;
            case DocumentValue.List list:
                foreach (var item in list.Items) Write(xml, list.Item, item);
                break;
        }

        xml.WriteEndElement();
    }

    // Characters that XML 1.0 cannot hold, which a letter may; the same in both formats, so that they say the same.
    private static string Writable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) continue;
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                i++;
                continue;
            }

            return Replaced(text);
        }

        return text;
    }

    private static string Replaced(string text)
    {
        var written = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) written.Append(text[i]).Append(text[++i]);
            else written.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
        }

        return written.ToString();
    }
}
