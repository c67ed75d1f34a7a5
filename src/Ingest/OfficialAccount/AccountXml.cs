using System.Globalization;
using System.Text;
using System.Xml;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>The body of a call cannot be read. The message says why, and nothing of what stands there.</summary>
public sealed class AccountXmlException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A message of the platform, as far as this desk reads it.</summary>
/// <param name="To">The account it was sent to.</param>
/// <param name="From">The account's id of the writer: contact data.</param>
/// <param name="Created">Seconds since 1970, as the platform says.</param>
/// <param name="Type">Such as <c>text</c>, <c>image</c> or <c>event</c>.</param>
/// <param name="Content">The text; null in other kinds.</param>
/// <param name="Id">The platform's own number of the message; null in events.</param>
/// <param name="Event">The kind of an event; null otherwise.</param>
public sealed record AccountMessage(string To, string From, long Created, string Type, string? Content, string? Id, string? Event)
{
    /// <summary>What makes it this message: a repeat has the same. Kept by the desk only as a keyed hash.</summary>
    public string Key => Id is not null ? "id|" + Id : string.Create(CultureInfo.InvariantCulture, $"at|{From}|{Created}");

    // A record's own text would put contact data wherever it is written.
    /// <inheritdoc/>
    public override string ToString() => "(message to the official account)";
}

/// <summary>Reads and writes the platform's XML: one flat element. No document type, no entity of its own, a limited number of characters and fields.</summary>
public static class AccountXml
{
    /// <summary>The greatest body that is read, in bytes; a text message has at most 2 KB.</summary>
    public const int BodyLimit = 64 << 10;

    private const int MostFields = 64;
    private const int MostCharacters = 128;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = BodyLimit,
        MaxCharactersFromEntities = 1024,
        CheckCharacters = true,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <summary>Reads a message.</summary>
    /// <exception cref="AccountXmlException">It cannot be read, or lacks what every message has.</exception>
    public static AccountMessage ReadMessage(ReadOnlySpan<byte> body)
    {
        var fields = ReadFields(body);
        if (!long.TryParse(Needed(fields, "CreateTime"), NumberStyles.None, CultureInfo.InvariantCulture, out var created)) throw new AccountXmlException("CreateTime is no number");
        return new AccountMessage(Name(fields, "ToUserName"), Name(fields, "FromUserName"), created, Name(fields, "MsgType"), fields.GetValueOrDefault("Content"),
            fields.ContainsKey("MsgId") ? Name(fields, "MsgId") : null, fields.ContainsKey("Event") ? Name(fields, "Event") : null);
    }

    /// <summary>Reads what is encrypted in a call.</summary>
    /// <exception cref="AccountXmlException">It cannot be read, or nothing is encrypted in it.</exception>
    public static string ReadEncrypted(ReadOnlySpan<byte> body) => Needed(ReadFields(body), "Encrypt");

    /// <summary>Writes a text as the answer to a message: to whom it came from.</summary>
    public static string WriteReply(AccountMessage message, string text, long created) => Write(xml =>
    {
        Field(xml, "ToUserName", message.From);
        Field(xml, "FromUserName", message.To);
        xml.WriteElementString("CreateTime", created.ToString(CultureInfo.InvariantCulture));
        Field(xml, "MsgType", "text");
        Field(xml, "Content", text);
    });

    /// <summary>Writes an encrypted answer.</summary>
    public static string WriteEncrypted(string encrypted, string signature, string timestamp, string nonce) => Write(xml =>
    {
        Field(xml, "Encrypt", encrypted);
        Field(xml, "MsgSignature", signature);
        xml.WriteElementString("TimeStamp", timestamp);
        Field(xml, "Nonce", nonce);
    });

    internal static Dictionary<string, string> ReadFields(ReadOnlySpan<byte> body)
    {
        if (body.Length > BodyLimit) throw new AccountXmlException("the body is too long");
        if (body.Contains((byte)0)) throw new AccountXmlException("the body holds U+0000");
        string text;
        try
        {
            text = Strict.GetString(body);
        }
        catch (DecoderFallbackException error)
        {
            throw new AccountXmlException("the body is no UTF-8, or holds half of a surrogate pair", error);
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(text.TrimStart('\uFEFF')), Settings);
            return ReadFields(reader);
        }
        catch (XmlException error)
        {
            throw new AccountXmlException(string.Create(CultureInfo.InvariantCulture,
                $"the XML cannot be read at line {error.LineNumber}, position {error.LinePosition}: it is not well formed, too long, or holds a document type or a character that XML does not allow, such as U+0000 or half of a surrogate pair"), error);
        }
    }

    private static Dictionary<string, string> ReadFields(XmlReader reader)
    {
        if (reader.MoveToContent() != XmlNodeType.Element || reader.Name != "xml") throw new AccountXmlException("the XML's element is not called xml");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var empty = reader.IsEmptyElement;
        reader.Read();
        for (var count = 0; !empty && reader.MoveToContent() != XmlNodeType.EndElement; count++)
        {
            if (reader.NodeType != XmlNodeType.Element) throw new AccountXmlException("the XML holds text outside of its fields");
            if (count == MostFields) throw new AccountXmlException("the XML has too many fields");
            var name = reader.Name;
            // Some kinds of messages have fields with fields in them; none of those is read.
            if (IsRead(name))
            {
                if (!fields.TryAdd(name, reader.ReadElementContentAsString())) throw new AccountXmlException($"the XML has {name} twice");
            }
            else
            {
                reader.Skip();
            }
        }

        // What follows the element must be well formed as well.
        while (reader.Read())
        {
        }

        return fields;
    }

    private static bool IsRead(string name) => name is "ToUserName" or "FromUserName" or "CreateTime" or "MsgType" or "Content" or "MsgId" or "Event" or "Encrypt";

    private static string Needed(Dictionary<string, string> fields, string name) =>
        fields.GetValueOrDefault(name) is { Length: > 0 } value ? value : throw new AccountXmlException($"the XML has no {name}");

    private static string Name(Dictionary<string, string> fields, string name)
    {
        var value = Needed(fields, name).Trim();
        return value.Length is > 0 and <= MostCharacters ? value : throw new AccountXmlException($"{name} is empty or too long");
    }

    private static string Write(Action<XmlWriter> fields)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("xml");
            fields(xml);
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void Field(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement(name);
        // A prepared answer may hold what XML cannot.
        xml.WriteCData(string.Concat(value.EnumerateRunes().Where(IsAllowed).Select(rune => rune.ToString())));
        xml.WriteEndElement();
    }

    private static bool IsAllowed(Rune rune) => rune.Value is '\t' or '\n' or '\r' or >= ' ' and not (0xFFFE or 0xFFFF);
}
