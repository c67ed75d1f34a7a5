namespace Opinion.Desk.Attachments;

/// <summary>
/// Takes out of a file what its device or its program wrote about the sender: place, camera, names, times, comments. Each
/// format is walked from its first byte to its last, so a file that is cut short or damaged is found here. Picture and
/// sound are not decoded and stay as they are, byte for byte. What a person put into the picture, the sound or a PDF
/// stays, so attachments are opened like the original text and never read by a program.
/// </summary>
public static class CleanFile
{
    /// <summary>The file without what was written about its sender; null where it is broken.</summary>
    /// <param name="type">Its type by its first bytes.</param>
    /// <param name="file">Its bytes.</param>
    public static byte[]? Clean(AttachmentType type, ReadOnlySpan<byte> file) => type switch
    {
        AttachmentType.Jpeg => CleanJpeg.Clean(file),
        AttachmentType.Png => CleanPng.Clean(file),
        AttachmentType.Gif => CleanGif.Clean(file),
        AttachmentType.Webp => CleanRiff.Clean(file),
        AttachmentType.Wav => CleanRiff.Clean(file),
        AttachmentType.Mp3 => CleanMp3.Clean(file),
        AttachmentType.M4a => CleanM4a.Clean(file),
        AttachmentType.Ogg => CleanOgg.Clean(file),
        AttachmentType.Pdf => CheckPdf(file),
        AttachmentType.Amr => CheckAmr(file),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    // A PDF is a program's document, not a device's: its references are by byte offset, and taking its properties out would
    // need all of PDF. It must end as one.
    private static byte[]? CheckPdf(ReadOnlySpan<byte> file) => file[^Math.Min(file.Length, 2048)..].LastIndexOf("%%EOF"u8) >= 0 ? file.ToArray() : null;

    // Frames of fixed lengths, by RFC 4867, section 5; the format has no place for anything else.
    private static byte[]? CheckAmr(ReadOnlySpan<byte> file)
    {
        var wide = file.StartsWith("#!AMR-WB\n"u8);
        ReadOnlySpan<int> lengths = wide ? [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, -1, -1, -1, -1, 0, 0] : [12, 13, 15, 17, 19, 20, 26, 31, 5, -1, -1, -1, -1, -1, -1, 0];
        var at = wide ? 9 : 6;
        if (at == file.Length) return null;
        while (at < file.Length)
        {
            var length = lengths[(file[at] >> 3) & 15];
            if (length < 0 || at + 1 + length > file.Length) return null;
            at += 1 + length;
        }

        return file.ToArray();
    }
}
