using System.Buffers.Binary;

namespace Opinion.Desk.Attachments;

/// <summary>
/// The one thing of a picture's EXIF data that is kept: which side is up, 1 to 8. Without it pictures of telephones lie on
/// their side. EXIF 2.32: a TIFF header, then a directory of entries of 12 bytes.
/// </summary>
internal static class Orientation
{
    private const ushort Tag = 0x0112;
    private const ushort Short = 3;

    /// <summary>Reads it from a TIFF block; null where there is none, where it says that nothing is turned, or where the block is broken.</summary>
    public static byte? Of(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 14) return null;
        var little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8)) return null;
        var first = Whole(tiff[4..], little);
        if (first > (uint)(tiff.Length - 2)) return null;
        var directory = tiff[(int)first..];
        int entries = Half(directory, little);
        for (var at = 2; entries > 0 && at + 12 <= directory.Length; entries--, at += 12)
        {
            if (Half(directory[at..], little) != Tag) continue;
            var value = Half(directory[(at + 8)..], little);
            return Half(directory[(at + 2)..], little) == Short && value is >= 2 and <= 8 ? (byte)value : null;
        }

        return null;
    }

    /// <summary>A TIFF block that says this and nothing else.</summary>
    public static byte[] Tiff(byte orientation) =>
        [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, Tag >> 8, Tag & 0xFF, 0, (byte)Short, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];

    private static ushort Half(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint Whole(ReadOnlySpan<byte> at, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
