using System.Buffers.Binary;

namespace Opinion.Desk.Attachments;

/// <summary>
/// MPEG-4 audio (ISO/IEC 14496-12): tables in it point at its sound by offset, so nothing may move. Boxes that say something
/// about the recording (place, names, pictures, what programs added) become free space of the same size filled with
/// zeros, and the times of making are set to zero.
/// </summary>
internal static class CleanM4a
{
    private static readonly string[] OfFile = ["ftyp", "moov", "mdat", "moof", "mfra", "sidx", "styp"];
    private static readonly string[] OfMovie = ["mvhd", "trak", "mvex", "iods"];
    private static readonly string[] OfTrack = ["tkhd", "mdia", "edts"];
    private static readonly string[] OfMedia = ["mdhd", "hdlr", "minf"];
    private static readonly string[] OfFragment = ["mfhd", "traf"];

    /// <summary>Whether one of its tracks is a film's.</summary>
    public static bool HoldsVideo(ReadOnlySpan<byte> file)
    {
        for (int at = 0, found; (found = file[at..].IndexOf("hdlr"u8)) >= 0;)
        {
            at += found + 4;
            if (file[Math.Min(at + 8, file.Length)..].StartsWith("vide"u8)) return true;
        }

        return false;
    }

    public static byte[]? Clean(ReadOnlySpan<byte> file)
    {
        var clean = file.ToArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Walk(clean, OfFile, seen) && seen.IsSupersetOf(["moov", "mdat"]) && seen.Contains("mdia") ? clean : null;
    }

    private static bool Walk(Span<byte> boxes, string[] known, HashSet<string> seen)
    {
        for (var at = 0; at < boxes.Length;)
        {
            if (at + 8 > boxes.Length) return false;
            long size = BinaryPrimitives.ReadUInt32BigEndian(boxes[at..]);
            var head = 8;
            if (size == 1)
            {
                if (at + 16 > boxes.Length) return false;
                (size, head) = (BinaryPrimitives.ReadInt64BigEndian(boxes[(at + 8)..]), 16);
            }

            if (size == 0) size = boxes.Length - at;
            if (size < head || size > boxes.Length - at) return false;
            var type = System.Text.Encoding.Latin1.GetString(boxes.Slice(at + 4, 4));
            var content = boxes.Slice(at + head, (int)size - head);
            if (!known.Contains(type, StringComparer.Ordinal))
            {
                "free"u8.CopyTo(boxes[(at + 4)..]);
                content.Clear();
            }
            else
            {
                seen.Add(type);
                if (!Inside(type, content, seen)) return false;
            }

            at += (int)size;
        }

        return true;
    }

    private static bool Inside(string type, Span<byte> content, HashSet<string> seen) => type switch
    {
        "moov" => Walk(content, OfMovie, seen),
        "trak" => Walk(content, OfTrack, seen),
        "mdia" => Walk(content, OfMedia, seen),
        "moof" => Walk(content, OfFragment, seen),
        "mvhd" or "tkhd" or "mdhd" => Untimed(content),
        _ => true,
    };

    // Made and changed stand first: 4 bytes each in version 0, 8 in version 1.
    private static bool Untimed(Span<byte> content)
    {
        if (content.Length < 12) return false;
        var bytes = content[0] == 1 ? 16 : 8;
        if (content.Length < 4 + bytes) return false;
        content.Slice(4, bytes).Clear();
        return true;
    }
}
