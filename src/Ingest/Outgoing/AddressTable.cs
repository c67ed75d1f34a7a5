using System.Globalization;
using System.Net;

namespace Opinion.Ingest.Outgoing;

/// <summary>
/// Which addresses the desk never calls, whoever asks for it: the machine itself, private networks, and every address that
/// only stands for another one. An explicit table after the IANA special-purpose registries, since the framework's
/// own predicates miss several, and its networks take a mapped address for what it stands for. Of IPv6 nothing outside 2000::/3, the global unicast space, may be called at all.
/// </summary>
public static class AddressTable
{
    private static readonly (Range Range, string Reason)[] Refused =
    [
        .. Of("this network", "0.0.0.0/8"),
        .. Of("private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
        .. Of("carrier", "100.64.0.0/10"),
        .. Of("loopback", "127.0.0.0/8", "::1/128"),
        .. Of("link-local", "169.254.0.0/16", "fe80::/10"),
        .. Of("protocol assignment", "192.0.0.0/24", "192.88.99.0/24", "2001::/23", "100::/64", "5f00::/16"),
        .. Of("documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
        .. Of("measuring", "198.18.0.0/15"),
        .. Of("multicast", "224.0.0.0/4", "ff00::/8"),
        .. Of("reserved", "240.0.0.0/4"),
        .. Of("mapped", "::ffff:0:0/96", "::ffff:0:0:0/96"),
        .. Of("translated", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16"),
        .. Of("unspecified", "::/128"),
        .. Of("IPv4-compatible", "::/96"),
    ];

    private static readonly string[] LocalNames = ["localhost", "local", "internal", "invalid"];

    private static readonly Range GlobalUnicast = Range.Parse("2000::/3");

    /// <summary>Whether a host's name can only mean this machine or a network of one's own (RFC 6761, RFC 6762, and .internal): it is refused before anybody is asked for its address.</summary>
    public static bool IsLocalName(string host)
    {
        var name = host.TrimEnd('.');
        return LocalNames.Any(local => name.EndsWith(local, StringComparison.OrdinalIgnoreCase) && (name.Length == local.Length || name[^(local.Length + 1)] == '.'));
    }

    /// <summary>Why an address is not called, in one or two words; null where it may be.</summary>
    public static string? Refusal(IPAddress address)
    {
        // Bytes are compared, not addresses: a scope id is no part of them, and nothing takes a mapped address for the one it stands for.
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length)) return "not global";
        bytes = bytes[..length];
        foreach (var (range, reason) in Refused)
        {
            if (range.Holds(bytes)) return reason;
        }

        return length == 4 || GlobalUnicast.Holds(bytes) ? null : "not global";
    }

    private static IEnumerable<(Range, string)> Of(string reason, params string[] ranges) => ranges.Select(range => (Range.Parse(range), reason));

    private sealed record Range(byte[] Start, int Bits)
    {
        public static Range Parse(string text)
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            return new Range(IPAddress.Parse(text[..slash]).GetAddressBytes(), int.Parse(text.AsSpan(slash + 1), CultureInfo.InvariantCulture));
        }

        public bool Holds(ReadOnlySpan<byte> address)
        {
            if (address.Length != Start.Length) return false;
            var whole = Bits / 8;
            if (!address[..whole].SequenceEqual(Start.AsSpan(0, whole))) return false;
            var rest = Bits % 8;
            return rest == 0 || (address[whole] ^ Start[whole]) >> (8 - rest) == 0;
        }
    }
}
