namespace Opinion.Desk.Attachments;

/// <summary>GIF (89a): comments, texts and the data of programs go, XMP among them; how often a film is shown and the colour profile stay.</summary>
internal static class CleanGif
{
    private const byte Extension = 0x21;
    private const byte Image = 0x2C;
    private const byte Trailer = 0x3B;
    private const byte Control = 0xF9;
    private const byte Application = 0xFF;

    public static byte[]? Clean(ReadOnlySpan<byte> file)
    {
        if (file.Length < 13) return null;
        var at = 13 + Colours(file[10]);
        if (at > file.Length) return null;
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..at]);
        var images = 0;
        while (at < file.Length)
        {
            var begin = at;
            switch (file[at])
            {
                case Trailer:
                    kept.WriteByte(Trailer);
                    return images > 0 ? kept.ToArray() : null;
                case Image:
                    if (at + 10 > file.Length) return null;
                    at += 10 + Colours(file[at + 9]);
                    if ((at = EndOfBlocks(file, at + 1)) < 0) return null;
                    images++;
                    break;
                case Extension:
                    if (at + 2 > file.Length || (at = EndOfBlocks(file, at + 2)) < 0) return null;
                    if (!IsKept(file[begin..at])) continue;
                    break;
                default:
                    return null;
            }

            kept.Write(file[begin..at]);
        }

        return null;
    }

    private static bool IsKept(ReadOnlySpan<byte> extension) => extension[1] == Control
        || (extension[1] == Application && extension.Length > 14 && extension[2] == 11
            && (extension[3..].StartsWith("NETSCAPE2.0"u8) || extension[3..].StartsWith("ANIMEXTS1.0"u8) || extension[3..].StartsWith("ICCRGBG1012"u8)));

    private static int Colours(byte packed) => (packed & 0x80) == 0 ? 0 : 3 << ((packed & 7) + 1);

    // Blocks of up to 255 bytes, each behind its length, up to one of none.
    private static int EndOfBlocks(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length)
        {
            var length = file[at];
            at += 1 + length;
            if (length == 0) return at;
        }

        return -1;
    }
}
