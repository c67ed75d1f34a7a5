namespace Opinion.Desk.Attachments;

/// <summary>
/// MP3 (ISO/IEC 11172-3, layer III): the frames of sound are kept and nothing else, so ID3, APE and lyrics go wherever they
/// stand. A last frame that is cut goes too; a recording may end anywhere.
/// </summary>
internal static class CleanMp3
{
    private static readonly int[] Rates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] Rates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] Samples = [44_100, 48_000, 32_000];

    /// <summary>Whether the bytes begin with a frame that another follows, or that ends them.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> at) => Length(at) is var length && length > 0 && length <= at.Length && (length == at.Length || Length(at[length..]) > 0);

    public static byte[]? Clean(ReadOnlySpan<byte> file)
    {
        var kept = new MemoryStream(file.Length);
        for (var at = Id3(file); at + 4 <= file.Length;)
        {
            var length = Length(file[at..]);
            // A frame after another is believed; the first must be followed by one.
            if (length > 0 && at + length <= file.Length && (kept.Length > 0 || IsFrame(file[at..])))
            {
                kept.Write(file.Slice(at, length));
                at += length;
                continue;
            }

            var next = Resume(file, at + 1);
            if (next < 0) break;
            at = next;
        }

        return kept.Length > 0 ? kept.ToArray() : null;
    }

    private static int Resume(ReadOnlySpan<byte> file, int at)
    {
        while (at + 4 <= file.Length)
        {
            var found = file[at..].IndexOf((byte)0xFF);
            if (found < 0) return -1;
            at += found;
            if (IsFrame(file[at..])) return at;
            at++;
        }

        return -1;
    }

    // The size of an ID3 tag is of four times seven bits, without head and foot.
    private static int Id3(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("ID3"u8) || file.Length < 10) return 0;
        var size = ((file[6] & 0x7F) << 21) | ((file[7] & 0x7F) << 14) | ((file[8] & 0x7F) << 7) | (file[9] & 0x7F);
        return Math.Min(file.Length, 10 + size + ((file[5] & 0x10) != 0 ? 10 : 0));
    }

    private static int Length(ReadOnlySpan<byte> at)
    {
        if (at.Length < 4 || at[0] != 0xFF || (at[1] & 0xE0) != 0xE0 || (at[1] & 0x06) != 0x02) return 0;
        var version = (at[1] >> 3) & 3;
        var rate = at[2] >> 4;
        var sample = (at[2] >> 2) & 3;
        if (version == 1 || rate is 0 or 15 || sample == 3) return 0;
        var first = version == 3;
        var hertz = Samples[sample] >> (version switch { 3 => 0, 2 => 1, _ => 2 });
        return ((first ? 144 : 72) * (first ? Rates1 : Rates2)[rate] * 1000 / hertz) + ((at[2] >> 1) & 1);
    }
}
