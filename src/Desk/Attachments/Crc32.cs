namespace Opinion.Desk.Attachments;

/// <summary>The check sums that PNG (ISO 3309, reflected) and Ogg (the same polynomial, not reflected, beginning with 0) put behind their parts.</summary>
internal static class Crc32
{
    private static readonly uint[] Reflected = Table(value => (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1, value => (uint)value);
    private static readonly uint[] Plain = Table(value => (value & 0x80000000) != 0 ? (value << 1) ^ 0x04C11DB7 : value << 1, value => (uint)value << 24);

    /// <summary>PNG's sum.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = 0xFFFFFFFF;
        foreach (var b in bytes) sum = Reflected[(sum ^ b) & 0xFF] ^ (sum >> 8);
        return ~sum;
    }

    /// <summary>Ogg's sum, to be gone on with.</summary>
    public static uint OggOf(ReadOnlySpan<byte> bytes, uint sum = 0)
    {
        foreach (var b in bytes) sum = (sum << 8) ^ Plain[(sum >> 24) ^ b];
        return sum;
    }

    private static uint[] Table(Func<uint, uint> step, Func<int, uint> begin)
    {
        var table = new uint[256];
        for (var i = 0; i < 256; i++)
        {
            var value = begin(i);
            for (var bit = 0; bit < 8; bit++) value = step(value);
            table[i] = value;
        }

        return table;
    }
}
