namespace Opinion.Desk.Attachments;

/// <summary>The types of files the desk takes. Fixed in code and in the schema.</summary>
public enum AttachmentType
{
    /// <summary>A JPEG picture.</summary>
    Jpeg,

    /// <summary>A PNG picture.</summary>
    Png,

    /// <summary>A GIF picture.</summary>
    Gif,

    /// <summary>A WebP picture.</summary>
    Webp,

    /// <summary>A PDF document.</summary>
    Pdf,

    /// <summary>MP3 audio.</summary>
    Mp3,

    /// <summary>MPEG-4 audio, as telephones record it.</summary>
    M4a,

    /// <summary>WAVE audio.</summary>
    Wav,

    /// <summary>Ogg audio: Vorbis, Opus or Speex.</summary>
    Ogg,

    /// <summary>AMR audio, as older telephones record it.</summary>
    Amr,
}

/// <summary>Names and first bytes of the types.</summary>
public static class AttachmentTypes
{
    /// <summary>The type's name in the store and the ending of a generated file name.</summary>
    public static string NameOf(this AttachmentType type) => type switch
    {
        AttachmentType.Jpeg => "jpg",
        AttachmentType.Png => "png",
        AttachmentType.Gif => "gif",
        AttachmentType.Webp => "webp",
        AttachmentType.Pdf => "pdf",
        AttachmentType.Mp3 => "mp3",
        AttachmentType.M4a => "m4a",
        AttachmentType.Wav => "wav",
        AttachmentType.Ogg => "ogg",
        AttachmentType.Amr => "amr",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The media type it is served with.</summary>
    public static string MediaTypeOf(this AttachmentType type) => type switch
    {
        AttachmentType.Jpeg => "image/jpeg",
        AttachmentType.Png => "image/png",
        AttachmentType.Gif => "image/gif",
        AttachmentType.Webp => "image/webp",
        AttachmentType.Pdf => "application/pdf",
        AttachmentType.Mp3 => "audio/mpeg",
        AttachmentType.M4a => "audio/mp4",
        AttachmentType.Wav => "audio/wav",
        AttachmentType.Ogg => "audio/ogg",
        AttachmentType.Amr => "audio/amr",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Finds a type by its name; null for an unknown one.</summary>
    public static AttachmentType? Find(string name) => NamedValues.Find<AttachmentType>(name, NameOf);

    /// <summary>The type a file's first bytes show; null for one the desk does not take.</summary>
    public static AttachmentType? Of(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return AttachmentType.Jpeg;
        if (file.StartsWith(CleanPng.Magic)) return AttachmentType.Png;
        if (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8)) return AttachmentType.Gif;
        if (file.StartsWith("%PDF-"u8)) return AttachmentType.Pdf;
        if (file.StartsWith("OggS"u8)) return IsOggAudio(file) ? AttachmentType.Ogg : null;
        if (file.StartsWith("#!AMR\n"u8) || file.StartsWith("#!AMR-WB\n"u8)) return AttachmentType.Amr;
        if (file.Length >= 12 && file.StartsWith("RIFF"u8))
            return file[8..].StartsWith("WEBP"u8) ? AttachmentType.Webp : file[8..].StartsWith("WAVE"u8) ? AttachmentType.Wav : null;
        if (file.Length >= 12 && file[4..].StartsWith("ftyp"u8)) return IsAudioBrand(file[8..12]) && !CleanM4a.HoldsVideo(file) ? AttachmentType.M4a : null;
        return file.StartsWith("ID3"u8) || CleanMp3.IsFrame(file) ? AttachmentType.Mp3 : null;
    }

    // mp42 and isom are what telephones write for plain sound as well; whether it is a film CleanM4a looks.
    private static bool IsAudioBrand(ReadOnlySpan<byte> brand) =>
        brand.SequenceEqual("M4A "u8) || brand.SequenceEqual("M4B "u8) || brand.SequenceEqual("mp42"u8) || brand.SequenceEqual("mp41"u8) || brand.SequenceEqual("isom"u8);

    // The first packet of the first page names what is inside; Ogg may hold video as well.
    private static bool IsOggAudio(ReadOnlySpan<byte> file)
    {
        if (file.Length < 28 || file.Length < 27 + file[26]) return false;
        var packet = file[(27 + file[26])..];
        return packet.StartsWith("OpusHead"u8) || packet.StartsWith("\u0001vorbis"u8) || packet.StartsWith("Speex   "u8);
    }
}
