using System.Net;
using System.Net.Sockets;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.Tests.Outgoing;

public class AddressTableTests
{
    [Theory]
    [InlineData("0.0.0.0", "this network")]
    [InlineData("0.255.255.255", "this network")]
    [InlineData("10.0.0.0", "private")]
    [InlineData("10.255.255.255", "private")]
    [InlineData("100.64.0.0", "carrier")]
    [InlineData("100.127.255.255", "carrier")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("169.254.0.0", "link-local")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("172.16.0.0", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.0.0.192", "protocol assignment")]
    [InlineData("192.0.2.1", "documentation")]
    [InlineData("192.88.99.1", "protocol assignment")]
    [InlineData("192.168.0.0", "private")]
    [InlineData("192.168.255.255", "private")]
    [InlineData("198.18.0.1", "measuring")]
    [InlineData("198.19.255.255", "measuring")]
    [InlineData("198.51.100.7", "documentation")]
    [InlineData("203.0.113.7", "documentation")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("::", "unspecified")]
    [InlineData("::1", "loopback")]
    [InlineData("::7f00:1", "IPv4-compatible")]
    [InlineData("::ffff:127.0.0.1", "mapped")]
    [InlineData("::ffff:8.8.8.8", "mapped")]
    [InlineData("::ffff:0:127.0.0.1", "mapped")]
    [InlineData("64:ff9b::7f00:1", "translated")]
    [InlineData("64:ff9b::8.8.8.8", "translated")]
    [InlineData("64:ff9b:1::a00:1", "translated")]
    [InlineData("2002:7f00:1::", "translated")]
    [InlineData("2002:a9fe:a9fe::1", "translated")]
    [InlineData("2001::1", "protocol assignment")]
    [InlineData("2001:db8::1", "documentation")]
    [InlineData("3fff::1", "documentation")]
    [InlineData("100::1", "protocol assignment")]
    [InlineData("5f00::1", "protocol assignment")]
    [InlineData("fc00::1", "private")]
    [InlineData("fdff:ffff::1", "private")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%2", "link-local")]
    [InlineData("febf::1", "link-local")]
    [InlineData("fec0::1", "private")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("4000::1", "not global")]
    [InlineData("1234::1", "not global")]
    public void What_is_never_called_is_refused_with_its_reason(string address, string reason) => Assert.Equal(reason, AddressTable.Refusal(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("198.17.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("2400:3200::1")]
    [InlineData("2001:200::1")]
    [InlineData("2003::1")]
    [InlineData("2606:4700::1111")]
    public void What_is_public_may_be_called(string address) => Assert.Null(AddressTable.Refusal(IPAddress.Parse(address)));

    [Fact]
    public void Random_addresses_are_judged_as_slow_arithmetic_judges_them()
    {
        var random = new Random(20261125);
        int refused = 0, allowed = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[4];
            random.NextBytes(bytes);
            if (round % 2 == 0) bytes[0] = (byte)new[] { 0, 10, 100, 127, 169, 172, 192, 198, 203, 224 }[random.Next(10)];
            var (a, b, c) = (bytes[0], bytes[1], bytes[2]);
            var slow = a == 0 || a == 10 || a == 127 || a >= 224 || (a == 100 && b / 64 == 1) || (a == 169 && b == 254) || (a == 172 && b / 16 == 1) || (a == 192 && b == 168)
                || (a == 192 && b == 0 && c is 0 or 2) || (a == 192 && b == 88 && c == 99) || (a == 198 && b is 18 or 19) || (a == 198 && b == 51 && c == 100) || (a == 203 && b == 0 && c == 113);
            var address = new IPAddress(bytes);
            Assert.True(slow == AddressTable.Refusal(address) is not null, address.ToString());
            Assert.NotNull(AddressTable.Refusal(address.MapToIPv6()));
            Assert.Equal(AddressFamily.InterNetworkV6, address.MapToIPv6().AddressFamily);
            if (slow) refused++;
            else allowed++;
        }

        Assert.True(refused > 1000 && allowed > 1000);
    }
}
