using System.Buffers.Binary;

namespace Opinion.Desk.Attachments;

/// <summary>
/// JPEG (ITU-T T.81, annex B): of the application segments only JFIF without its small picture, the colour profile and Adobe's
/// colour transform are kept; EXIF, XMP, IPTC, comments and all others go, and so does whatever follows the end of the
/// picture, where telephones put further pictures and short films.
/// </summary>
internal static class CleanJpeg
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    public static byte[]? Clean(ReadOnlySpan<byte> file)
    {
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..2]);
        var (at, frames, scans, turned) = (2, 0, 0, false);
        while (true)
        {
            if (at + 2 > file.Length || file[at] != 0xFF) return null;
            // Any number of fill bytes may stand before a marker.
            while (at + 1 < file.Length && file[at + 1] == 0xFF) at++;
            if (at + 1 >= file.Length) return null;
            var marker = file[at + 1];
            at += 2;
            if (marker == EndOfImage)
            {
                if (scans == 0) return null;
                kept.Write([0xFF, EndOfImage]);
                return kept.ToArray();
            }

            // Markers without a length, or none at all, do not stand here.
            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8) || at + 2 > file.Length) return null;
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2 || at + length > file.Length) return null;
            var content = file.Slice(at + 2, length - 2);
            at += length;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) frames++;
            switch (Segment(marker, content))
            {
                case Fate.Kept:
                    Write(kept, marker, content);
                    break;
                case Fate.Shortened:
                    Write(kept, marker, Jfif(content));
                    break;
                case Fate.Turned when !turned && Orientation.Of(content[6..]) is { } orientation:
                    Write(kept, marker, [.. "Exif\0\0"u8, .. Orientation.Tiff(orientation)]);
                    turned = true;
                    break;
            }

            if (marker != StartOfScan) continue;
            if (frames == 0) return null;
            scans++;
            var end = EndOfScan(file, at);
            kept.Write(file[at..end]);
            at = end;
        }
    }

    private enum Fate
    {
        Dropped,
        Kept,
        Shortened,
        Turned,
    }

    private static Fate Segment(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        0xE0 => content.StartsWith("JFIF\0"u8) && content.Length >= 14 ? Fate.Shortened : Fate.Dropped,
        0xE1 => content.StartsWith("Exif\0"u8) && content.Length > 6 ? Fate.Turned : Fate.Dropped,
        0xE2 => content.StartsWith("ICC_PROFILE\0"u8) ? Fate.Kept : Fate.Dropped,
        0xEE => content.StartsWith("Adobe"u8) && content.Length == 12 ? Fate.Kept : Fate.Dropped,
        >= 0xE0 and <= 0xEF or 0xFE => Fate.Dropped,
        // Tables, frames and scans; what is reserved belongs to no picture.
        0xC4 or 0xCC or (>= 0xC0 and <= 0xCF) or (>= 0xDA and <= 0xDF) => Fate.Kept,
        _ => Fate.Dropped,
    };

    // Version, density and a small picture of no size.
    private static byte[] Jfif(ReadOnlySpan<byte> content) => [.. content[..12], 0, 0];

    private static void Write(MemoryStream kept, byte marker, ReadOnlySpan<byte> content)
    {
        var length = content.Length + 2;
        kept.Write([0xFF, marker, (byte)(length >> 8), (byte)length]);
        kept.Write(content);
    }

    // In a scan FF stands for itself only before 00; restarts belong to it.
    private static int EndOfScan(ReadOnlySpan<byte> file, int from)
    {
        while (true)
        {
            var found = file[from..].IndexOf((byte)0xFF);
            if (found < 0 || from + found + 1 >= file.Length) return file.Length;
            from += found;
            var next = file[from + 1];
            if (next is not (0x00 or 0xFF or (>= 0xD0 and <= 0xD7))) return from;
            from += next == 0xFF ? 1 : 2;
        }
    }
}
