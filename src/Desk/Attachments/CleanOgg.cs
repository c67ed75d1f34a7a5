using System.Buffers.Binary;

namespace Opinion.Desk.Attachments;

/// <summary>
/// Ogg (RFC 3533) with Vorbis, Opus (RFC 7845) or Speex: the second packet of a stream holds its comments, names and pictures
/// among them. Each is overwritten where it stands with one of the same length that says nothing; the pages it lies on get
/// new check sums. A last page that is cut makes the file a broken one.
/// </summary>
internal static class CleanOgg
{
    private const int Head = 27;

    public static byte[]? Clean(ReadOnlySpan<byte> file)
    {
        var clean = file.ToArray();
        var streams = new Dictionary<uint, CommentPacket>();
        var pages = new List<(int At, int Length)>();
        for (var at = 0; at < clean.Length;)
        {
            var length = PageLength(clean.AsSpan(at));
            if (length == 0) return null;
            var page = clean.AsSpan(at, length);
            if (Sum(page) != BinaryPrimitives.ReadUInt32LittleEndian(page[22..])) return null;
            var serial = BinaryPrimitives.ReadUInt32LittleEndian(page[14..]);
            if (!streams.TryGetValue(serial, out var comments)) comments = streams[serial] = new CommentPacket();
            if (comments.Take(page, at)) pages.Add((at, length));
            at += length;
        }

        foreach (var comments in streams.Values)
        {
            if (!comments.Blank(clean)) return null;
        }

        foreach (var (at, length) in pages) BinaryPrimitives.WriteUInt32LittleEndian(clean.AsSpan(at + 22), Sum(clean.AsSpan(at, length)));
        return streams.Count > 0 ? clean : null;
    }

    private static int PageLength(ReadOnlySpan<byte> at)
    {
        if (at.Length < Head || !at.StartsWith("OggS"u8) || at[4] != 0 || at.Length < Head + at[26]) return 0;
        var length = Head + at[26];
        foreach (var segment in at.Slice(Head, at[26])) length += segment;
        return length <= at.Length ? length : 0;
    }

    // Over the whole page, with zeros in the sum's own place.
    private static uint Sum(ReadOnlySpan<byte> page) => Crc32.OggOf(page[26..], Crc32.OggOf([0, 0, 0, 0], Crc32.OggOf(page[..22])));

    /// <summary>Where the bytes of a stream's second packet lie in the file.</summary>
    private sealed class CommentPacket
    {
        private readonly List<int> _places = [];
        private int _packet;

        /// <summary>Whether something of the packet lies on the page.</summary>
        public bool Take(ReadOnlySpan<byte> page, int at)
        {
            if (_packet > 1) return false;
            var (place, taken) = (at + Head + page[26], false);
            foreach (var segment in page.Slice(Head, page[26]))
            {
                if (_packet == 1)
                {
                    taken = true;
                    for (var i = 0; i < segment; i++) _places.Add(place + i);
                }

                place += segment;
                if (segment < 255) _packet++;
            }

            return taken;
        }

        public bool Blank(byte[] file)
        {
            if (_packet < 2) return false;
            var packet = new byte[_places.Count];
            for (var i = 0; i < packet.Length; i++) packet[i] = file[_places[i]];
            var at = packet.AsSpan().StartsWith("\u0003vorbis"u8) ? 7 : packet.AsSpan().StartsWith("OpusTags"u8) ? 8 : 0;
            // The program that made it, then how many comments, then each behind its length.
            if (!Skip(packet, ref at, blank: false) || at + 4 > packet.Length) return false;
            var count = BinaryPrimitives.ReadUInt32LittleEndian(packet.AsSpan(at));
            at += 4;
            for (uint i = 0; i < count; i++)
            {
                if (!Skip(packet, ref at, blank: true)) return false;
            }

            // Opus lets programs put more behind the comments; Vorbis ends with one bit.
            if (at > 8 && packet.AsSpan().StartsWith("OpusTags"u8)) packet.AsSpan(at).Clear();
            for (var i = 0; i < packet.Length; i++) file[_places[i]] = packet[i];
            return true;
        }

        private static bool Skip(byte[] packet, ref int at, bool blank)
        {
            if (at + 4 > packet.Length) return false;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(packet.AsSpan(at));
            at += 4;
            if (length > packet.Length - at) return false;
            var text = packet.AsSpan(at, (int)length);
            at += (int)length;
            if (!blank || length < 2) return true;
            text.Fill((byte)' ');
            (text[0], text[1]) = ((byte)'X', (byte)'=');
            return true;
        }
    }
}
