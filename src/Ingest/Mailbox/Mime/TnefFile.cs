using System.Buffers.Binary;
using System.Text;

namespace Opinion.Ingest.Mailbox.Mime;

/// <summary>
/// The winmail.dat of Outlook (MS-OXTNEF): its plain or HTML text and its files. A text that is there only as compressed RTF
/// is not read.
/// </summary>
/// <param name="Text">The text; null where none can be read.</param>
/// <param name="Files">The files.</param>
internal sealed record TnefFile(string? Text, IReadOnlyList<MailFile> Files)
{
    private const uint Signature = 0x223E9F78;
    private const uint Body = 0x0002800C;
    private const uint MessageProperties = 0x00069003;
    private const uint CodePage = 0x00069007;
    private const uint AttachmentBegins = 0x00069002;
    private const uint AttachmentTitle = 0x00018010;
    private const uint AttachmentData = 0x0006800F;
    private const uint AttachmentProperties = 0x00069005;
    private const int MostAttributes = 10_000;

    /// <summary>Opens it; null where it is none or is broken before anything of it can be read.</summary>
    public static TnefFile? Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < 6 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Signature) return null;
        var files = new List<MailFile>();
        string? text = null, html = null, charset = null, name = null;
        ReadOnlyMemory<byte>? data = null;
        var at = 6;
        for (var count = 0; count < MostAttributes && at + 9 <= bytes.Length; count++)
        {
            var id = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 1)..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 5)..]);
            if (length > bytes.Length - at - 9) break;
            var value = file.Slice(at + 9, (int)length);
            // Two bytes of checksum follow; many writers get it wrong, so nobody looks at it.
            at += 9 + (int)length + 2;
            switch (id)
            {
                case CodePage when length >= 4:
                    charset = CharsetOf(BinaryPrimitives.ReadUInt32LittleEndian(value.Span));
                    break;
                case Body:
                    text = Words(value.Span, charset);
                    break;
                case MessageProperties:
                    foreach (var property in TnefProperties.Read(value))
                    {
                        if (property.Id == 0x1000) text ??= property.Text(charset);
                        else if (property.Id == 0x1013) html ??= HtmlText.Of(MailCharsets.Decode(property.Value.Span, null));
                    }

                    break;
                case AttachmentBegins:
                    Keep();
                    break;
                case AttachmentTitle:
                    name ??= Words(value.Span, charset);
                    break;
                case AttachmentData:
                    data = value;
                    break;
                case AttachmentProperties:
                    foreach (var property in TnefProperties.Read(value))
                    {
                        if (property.Id == 0x3707 && property.Text(charset) is { Length: > 0 } full) name = full;
                    }

                    break;
                default:
                    break;
            }
        }

        Keep();
        return new TnefFile(string.IsNullOrWhiteSpace(text) ? html : text, files);

        void Keep()
        {
            if (data is { Length: > 0 } content) files.Add(new MailFile(name, content));
            (name, data) = (null, null);
        }
    }

    private static string Words(ReadOnlySpan<byte> bytes, string? charset) => MailCharsets.Clean(MailCharsets.Decode(bytes, charset)).Trim();

    private static string? CharsetOf(uint page) => page switch
    {
        936 => "gbk",
        54936 => "gb18030",
        950 => "big5",
        65001 => "utf-8",
        >= 1250 and <= 1258 => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"windows-{page}"),
        _ => null,
    };
}

/// <summary>One MAPI property of a TNEF attribute.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Value">The first value.</param>
internal readonly record struct TnefProperties(int Id, int Type, ReadOnlyMemory<byte> Value)
{
    private const int Most = 2_000;
    private const int Multiple = 0x1000;

    /// <summary>The value as text.</summary>
    public string Text(string? charset)
    {
        var text = Type == 0x1F ? Encoding.Unicode.GetString(Value.Span) : MailCharsets.Decode(Value.Span, charset);
        return MailCharsets.Clean(text).Trim();
    }

    /// <summary>Reads properties up to the first that cannot be.</summary>
    public static List<TnefProperties> Read(ReadOnlyMemory<byte> attribute)
    {
        var properties = new List<TnefProperties>();
        var reader = new Cursor(attribute);
        for (var left = Math.Min(reader.Number(), Most); left > 0 && !reader.Broken; left--)
        {
            var (type, id) = (reader.Short(), reader.Short());
            if (id >= 0x8000) reader.Named();
            var values = (type & Multiple) != 0 || IsLong(type) ? reader.Number() : 1;
            ReadOnlyMemory<byte>? first = null;
            for (; values > 0 && !reader.Broken; values--)
            {
                var value = IsLong(type & ~Multiple) ? reader.Padded(reader.Number()) : reader.Take(SizeOf(type & ~Multiple));
                first ??= value;
            }

            if (!reader.Broken && first is { } found) properties.Add(new TnefProperties(id, type & ~Multiple, found));
        }

        return properties;
    }

    // Strings, bytes and objects carry their length.
    private static bool IsLong(int type) => type is 0x1E or 0x1F or 0x102 or 0x0D;

    private static int SizeOf(int type) => type switch
    {
        0x02 or 0x03 or 0x04 or 0x0A or 0x0B => 4,
        0x05 or 0x06 or 0x07 or 0x14 or 0x40 => 8,
        0x48 => 16,
        0x00 or 0x01 => 4,
        _ => -1,
    };

    private sealed class Cursor(ReadOnlyMemory<byte> bytes)
    {
        private int _at;

        public bool Broken { get; private set; }

        public ReadOnlyMemory<byte> Take(long length)
        {
            if (Broken || length < 0 || length > bytes.Length - _at)
            {
                Broken = true;
                return ReadOnlyMemory<byte>.Empty;
            }

            _at += (int)length;
            return bytes.Slice(_at - (int)length, (int)length);
        }

        public long Number() => Take(4) is { Length: 4 } four ? BinaryPrimitives.ReadUInt32LittleEndian(four.Span) : 0;

        public int Short() => Take(2) is { Length: 2 } two ? BinaryPrimitives.ReadUInt16LittleEndian(two.Span) : 0;

        public ReadOnlyMemory<byte> Padded(long length)
        {
            var value = Take(length);
            Take(Math.Min((4 - (length % 4)) % 4, bytes.Length - _at));
            return value;
        }

        // A name of its own: an id or a text.
        public void Named()
        {
            Take(16);
            if (Number() == 0) Take(4);
            else Padded(Number());
        }
    }
}
