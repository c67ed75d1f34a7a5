using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Opinion.Desk.Attachments;

namespace Opinion.Desk.Tests.Attachments;

/// <summary>Small whole files of every type, made here byte by byte, with a canary everywhere a device or a program would write about the sender.</summary>
internal static class SampleFiles
{
    /// <summary>What must be in no cleaned file.</summary>
    public const string Canary = "GPS31.2304N121.4737E-CANARY-CAMERA";

    /// <summary>The bytes of a scan, with a stuffed byte and a restart in it.</summary>
    public static readonly byte[] Scan = [0x3F, 0xFF, 0x00, 0xFF, 0xD0, 0x3F];

    private static byte[] Mark => Encoding.ASCII.GetBytes(Canary);

    /// <summary>One of each type.</summary>
    public static IReadOnlyDictionary<AttachmentType, byte[]> All { get; } = new Dictionary<AttachmentType, byte[]>
    {
        [AttachmentType.Jpeg] = Jpeg(), [AttachmentType.Png] = Png(), [AttachmentType.Gif] = Gif(), [AttachmentType.Webp] = Webp(), [AttachmentType.Pdf] = Pdf(),
        [AttachmentType.Mp3] = Mp3(), [AttachmentType.M4a] = M4a(), [AttachmentType.Wav] = Wav(), [AttachmentType.Ogg] = Ogg("OpusHead", "OpusTags"), [AttachmentType.Amr] = Amr(),
    };

    /// <summary>A TIFF block as cameras write it: which side is up, and a place and a maker in further entries.</summary>
    public static byte[] Exif(byte orientation, bool little = true)
    {
        var to = new MemoryStream();
        void Half(int value) => to.Write(little ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value]);
        void Whole(int value) => to.Write(little ? [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)] : [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
        to.Write(little ? "II"u8 : "MM"u8);
        Half(42);
        Whole(8);
        Half(3);
        // Maker, which side is up, and where the GPS directory is.
        Half(0x010F); Half(2); Whole(Mark.Length); Whole(50);
        Half(0x0112); Half(3); Whole(1); Half(orientation); Half(0);
        Half(0x8825); Half(4); Whole(1); Whole(50 + Mark.Length);
        Whole(0);
        to.Write(Mark);
        Half(1); Half(2); Half(2); Whole(Mark.Length); Whole(0);
        to.Write(Mark);
        return to.ToArray();
    }

    /// <summary>A grey picture that a browser shows, 16 wide and 8 high, taken with the telephone on its side.</summary>
    public static byte[] Picture() => Jpeg(6, width: 16, scan: [0x0F]);

    public static byte[] Jpeg(byte orientation = 6, bool little = true, byte[]? trailing = null, byte width = 8, byte[]? scan = null)
    {
        var to = new MemoryStream();
        void Segment(byte marker, params byte[][] parts)
        {
            var content = parts.SelectMany(part => part).ToArray();
            to.Write([0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2)]);
            to.Write(content);
        }

        to.Write([0xFF, 0xD8]);
        // The small picture of a JFIF segment is what the large one was before it was cropped.
        Segment(0xE0, "JFIF\0"u8.ToArray(), [1, 2, 0, 0, 1, 0, 1, 4, 3], [.. Mark, 0, 0]);
        Segment(0xE1, "Exif\0\0"u8.ToArray(), Exif(orientation, little));
        Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0"u8.ToArray(), Mark);
        Segment(0xE2, "ICC_PROFILE\0\u0001\u0001"u8.ToArray(), [1, 2, 3, 4]);
        Segment(0xE2, "MPF\0"u8.ToArray(), Mark);
        Segment(0xED, "Photoshop 3.0\0"u8.ToArray(), Mark);
        Segment(0xEC, Mark);
        Segment(0xFE, Mark);
        Segment(0xDB, [0], [.. Enumerable.Repeat((byte)1, 64)]);
        Segment(0xC0, [8, 0, 8, 0, width, 1, 1, 0x11, 0]);
        Segment(0xC4, [0x00], [1, .. new byte[15]], [0]);
        Segment(0xC4, [0x10], [1, .. new byte[15]], [0]);
        Segment(0xDA, [1, 1, 0, 0, 63, 0]);
        to.Write(scan ?? Scan);
        // A fill byte before the last marker is allowed.
        to.Write([0xFF, 0xFF, 0xD9]);
        if (trailing is not null) to.Write(trailing);
        return to.ToArray();
    }

    public static byte[] Png()
    {
        var to = new MemoryStream();
        to.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(to, "IHDR", [0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 0]);
        Chunk(to, "eXIf", Exif(3, little: false));
        Chunk(to, "tEXt", [.. "Comment\0"u8, .. Mark]);
        Chunk(to, "iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. Mark]);
        Chunk(to, "zTXt", [.. "Author\0\0"u8, .. Packed(Mark)]);
        Chunk(to, "tIME", [7, 0xEA, 11, 16, 10, 0, 0]);
        Chunk(to, "prVt", Mark);
        Chunk(to, "gAMA", [0, 0, 0xB1, 0x8F]);
        Chunk(to, "IDAT", Packed([0, 10, 20, 0, 30, 40]));
        Chunk(to, "IEND", []);
        return to.ToArray();
    }

    public static byte[] Gif()
    {
        var to = new MemoryStream();
        to.Write("GIF89a"u8);
        to.Write([1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
        to.Write([0x21, 0xFE, (byte)Mark.Length, .. Mark, 0]);
        to.Write([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0]);
        to.Write([0x21, 0xFF, 11, .. "XMP DataXMP"u8, (byte)Mark.Length, .. Mark, 0]);
        to.Write([0x21, 0xF9, 4, 0, 10, 0, 0, 0]);
        to.Write([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0, 0x3B]);
        return to.ToArray();
    }

    public static byte[] Webp() => Riff("WEBP", ("VP8X", [0x08 | 0x04 | 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0]), ("VP8L", [0x2F, 0, 0, 0, 0, 1, 2]), ("EXIF", Exif(8)), ("XMP ", Mark), ("prvt", Mark));

    public static byte[] Wav(int bytes) => Riff("WAVE", ("fmt ", [1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0]), ("data", [.. Enumerable.Range(0, bytes).Select(i => (byte)(i * 7))]));

    public static byte[] Wav() => Riff("WAVE", ("fmt ", [1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0]), ("bext", Mark), ("LIST", [.. "INFOIART"u8, .. Number(Mark.Length), .. Mark]), ("data", [1, 2, 3, 4, 5, 6]), ("id3 ", Mark));

    public static byte[] Pdf() => [.. "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"u8];

    /// <summary>Two frames of 128 kbit at 44.1 kHz, 417 bytes each, between tags of three kinds.</summary>
    public static byte[] Mp3()
    {
        byte[] id3 = [.. "ID3"u8, 3, 0, 0, 0, 0, 0, (byte)Mark.Length, .. Mark];
        byte[] last = [.. "TAG"u8, .. Mark, .. new byte[128 - 3 - Mark.Length]];
        return [.. id3, .. Frame(1), .. Frame(2), .. "APETAGEX"u8, .. Mark, .. last];
    }

    public static byte[] Frame(byte sound) => [0xFF, 0xFB, 0x90, 0x00, .. Enumerable.Repeat(sound, 413)];

    public static byte[] M4a(string handler = "soun")
    {
        byte[] times = [0, 0, 0, 0, 0xE2, 1, 2, 3, 0xE2, 1, 2, 4, .. new byte[84]];
        var media = Box("mdia", Box("mdhd", times), Box("hdlr", new byte[8], Encoding.ASCII.GetBytes(handler), new byte[13]), Box("minf", Box("stbl", Box("stco", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 99]))));
        var movie = Box("moov", Box("mvhd", times), Box("trak", Box("tkhd", times), media, Box("udta", Mark)), Box("udta", Box("\u00A9xyz", Mark)), Box("meta", Mark));
        return [.. Box("ftyp", "M4A \0\0\0\0isom"u8.ToArray()), .. movie, .. Box("uuid", Mark), .. Box("mdat", [9, 8, 7, 6, 5])];
    }

    /// <summary>Two pages of head and comments, then one of sound; the comments go over two pages.</summary>
    public static byte[] Ogg(string head, string tags)
    {
        byte[] comment = [.. "LOCATION="u8, .. Mark];
        byte[] picture = [.. "METADATA_BLOCK_PICTURE="u8, .. Enumerable.Repeat((byte)'Q', 600), .. Mark];
        byte[] packet = [.. Encoding.Latin1.GetBytes(tags), .. Number(4), .. "libx"u8, .. Number(2), .. Number(comment.Length), .. comment, .. Number(picture.Length), .. picture, 1];
        return [.. Page(0, [.. Encoding.Latin1.GetBytes(head), .. new byte[11]], whole: true), .. Page(1, packet[..510], whole: false), .. Page(2, packet[510..], whole: true), .. Page(3, [5, 6, 7, 8], whole: true)];
    }

    public static byte[] Amr() => [.. "#!AMR\n"u8, .. Enumerable.Range(0, 3).SelectMany(_ => (byte[])[0x3C, .. new byte[31]])];

    public static int IndexOf(byte[] file, string text) => file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));

    private static byte[] Page(int number, byte[] packet, bool whole)
    {
        var lengths = Enumerable.Repeat((byte)255, packet.Length / 255).ToList();
        if (whole) lengths.Add((byte)(packet.Length % 255));
        byte[] page = [.. "OggS"u8, 0, 0, .. new byte[8], 7, 0, 0, 0, .. Number(number), 0, 0, 0, 0, (byte)lengths.Count, .. lengths, .. packet];
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), SlowSum(page, 0x04C11DB7, reflected: false));
        return page;
    }

    private static void Chunk(MemoryStream to, string type, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        to.Write(number);
        to.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, SlowSum(named, 0xEDB88320, reflected: true));
        to.Write(number);
    }

    // Bit by bit, as the standards define them: the oracle of the tables.
    private static uint SlowSum(byte[] bytes, uint polynomial, bool reflected)
    {
        var sum = reflected ? 0xFFFFFFFF : 0;
        foreach (var b in bytes)
        {
            sum ^= reflected ? b : (uint)b << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                if (reflected) sum = (sum & 1) != 0 ? (sum >> 1) ^ polynomial : sum >> 1;
                else sum = (sum & 0x80000000) != 0 ? (sum << 1) ^ polynomial : sum << 1;
            }
        }

        return reflected ? ~sum : sum;
    }

    private static byte[] Riff(string form, params (string Type, byte[] Content)[] chunks)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(form), .. chunks.SelectMany(chunk => (byte[])[.. Encoding.ASCII.GetBytes(chunk.Type), .. Number(chunk.Content.Length), .. chunk.Content, .. new byte[chunk.Content.Length & 1]])];
        return [.. "RIFF"u8, .. Number(body.Length), .. body];
    }

    private static byte[] Box(string type, params byte[][] parts)
    {
        var content = parts.SelectMany(part => part).ToArray();
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, content.Length + 8);
        return [.. size, .. Encoding.Latin1.GetBytes(type), .. content];
    }

    private static byte[] Number(int value)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, value);
        return number;
    }

    private static byte[] Packed(byte[] bytes)
    {
        var to = new MemoryStream();
        using (var zlib = new ZLibStream(to, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(bytes);
        return to.ToArray();
    }
}
