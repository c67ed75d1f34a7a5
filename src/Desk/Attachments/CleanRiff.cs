using System.Buffers.Binary;

namespace Opinion.Desk.Attachments;

/// <summary>WebP and WAVE, both made of RIFF chunks: the chunks of picture and sound stay, lists of information, EXIF but for which side is up, XMP and what programs added go.</summary>
internal static class CleanRiff
{
    private const int FrameHeader = 16;
    private const byte ExifFlag = 0x08;
    private const byte XmpFlag = 0x04;

    private static readonly string[] OfWebp = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"];
    private static readonly string[] OfWave = ["fmt ", "data", "fact"];

    public static byte[]? Clean(ReadOnlySpan<byte> file)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (size < 4 || size > file.Length - 8) return null;
        var webp = file[8..].StartsWith("WEBP"u8);
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..12]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (!Walk(file.Slice(12, (int)size - 4), webp ? OfWebp : OfWave, kept, seen)) return null;
        if (webp ? !seen.Overlaps(["VP8 ", "VP8L", "ANMF"]) : !seen.IsSupersetOf(["fmt ", "data"])) return null;
        var clean = kept.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(clean.AsSpan(4), clean.Length - 8);
        return clean;
    }

    private static bool Walk(ReadOnlySpan<byte> chunks, string[] known, MemoryStream kept, HashSet<string> seen)
    {
        var extended = -1L;
        for (var at = 0; at < chunks.Length;)
        {
            if (at + 8 > chunks.Length) return false;
            var type = System.Text.Encoding.Latin1.GetString(chunks.Slice(at, 4));
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunks[(at + 4)..]);
            if (length > chunks.Length - at - 8) return false;
            var content = chunks.Slice(at + 8, (int)length);
            at += 8 + (int)length + ((int)length & 1);
            seen.Add(type);
            if (type == "EXIF" && extended >= 0 && Orientation.Of(content.StartsWith("Exif\0\0"u8) ? content[6..] : content) is { } orientation)
            {
                Write(kept, "EXIF", Orientation.Tiff(orientation));
                kept.GetBuffer()[extended] |= ExifFlag;
            }

            if (!known.Contains(type, StringComparer.Ordinal)) continue;
            if (type == "ANMF")
            {
                if (content.Length < FrameHeader) return false;
                var frame = new MemoryStream(content.Length);
                frame.Write(content[..FrameHeader]);
                if (!Walk(content[FrameHeader..], known, frame, seen)) return false;
                Write(kept, type, frame.ToArray());
                continue;
            }

            if (type == "VP8X")
            {
                if (content.Length != 10) return false;
                extended = kept.Position + 8;
                Write(kept, type, [(byte)(content[0] & ~(ExifFlag | XmpFlag)), .. content[1..]]);
                continue;
            }

            Write(kept, type, content);
        }

        return true;
    }

    private static void Write(MemoryStream kept, string type, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[8];
        System.Text.Encoding.Latin1.GetBytes(type, head);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], content.Length);
        kept.Write(head);
        kept.Write(content);
        if ((content.Length & 1) == 1) kept.WriteByte(0);
    }
}
