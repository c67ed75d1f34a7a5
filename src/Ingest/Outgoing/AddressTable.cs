using System.Net;
using System.Net.Sockets;

namespace Opinion.Ingest.Outgoing;

/// <summary>
/// Which addresses the desk never calls, whoever asks for it: the machine itself, private networks, and every address that
/// only stands for another one. An explicit table after the IANA special-purpose registries, since <see cref="IPAddress"/>'s
/// own predicates miss several. Of IPv6 nothing outside 2000::/3, the global unicast space, may be called at all.
/// </summary>
public static class AddressTable
{
    private static readonly (IPNetwork Range, string Reason)[] Refused =
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

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Why an address is not called, in one or two words; null where it may be.</summary>
    public static string? Refusal(IPAddress address)
    {
        foreach (var (range, reason) in Refused)
        {
            // A scope id is no part of the address that is compared.
            if (range.BaseAddress.AddressFamily == address.AddressFamily && range.Contains(Unscoped(address))) return reason;
        }

        if (address.AddressFamily is AddressFamily.InterNetwork) return null;
        return address.AddressFamily is AddressFamily.InterNetworkV6 && GlobalUnicast.Contains(Unscoped(address)) ? null : "not global";
    }

    private static IPAddress Unscoped(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;

    private static IEnumerable<(IPNetwork, string)> Of(string reason, params string[] ranges) => ranges.Select(range => (IPNetwork.Parse(range), reason));
}
