using System.Buffers.Binary;

namespace Opinion.Desk.Attachments;

/// <summary>
/// PNG (ISO/IEC 15948): the chunks that make the picture and its colours are kept, all others go: texts, times, EXIF but for
/// which side is up, and what programs added of their own.
/// </summary>
internal static class CleanPng
{
    private static readonly string[] Kept =
        ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "bKGD", "hIST", "pHYs", "cICP", "mDCV", "cLLI", "acTL", "fcTL", "fdAT"];

    /// <summary>The first bytes of every PNG.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[]? Clean(ReadOnlySpan<byte> file)
    {
        var kept = new MemoryStream(file.Length);
        kept.Write(Magic);
        var (at, data) = (8, false);
        while (true)
        {
            if (at + 12 > file.Length) return null;
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12) return null;
            var chunk = file.Slice(at, (int)length + 12);
            var type = System.Text.Encoding.Latin1.GetString(chunk.Slice(4, 4));
            if (Crc32.Of(chunk[4..^4]) != BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..])) return null;
            if ((at == 8) != (type == "IHDR") || (type == "IHDR" && length != 13)) return null;
            at += chunk.Length;
            if (Kept.Contains(type, StringComparer.Ordinal)) kept.Write(chunk);
            else if (type == "eXIf" && Orientation.Of(chunk[8..^4]) is { } orientation) Write(kept, "eXIf"u8, Orientation.Tiff(orientation));
            // Without a critical chunk that is not known here, the picture could not be shown.
            else if (char.IsAsciiLetterUpper(type[0])) return null;
            data |= type == "IDAT";
            if (type == "IEND") return data ? kept.ToArray() : null;
        }
    }

    private static void Write(MemoryStream kept, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] named = [.. type, .. content];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        kept.Write(number);
        kept.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(named));
        kept.Write(number);
    }
}
