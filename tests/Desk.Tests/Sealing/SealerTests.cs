using System.Text.Json.Nodes;
using Opinion.Desk.Sealing;

namespace Opinion.Desk.Tests.Sealing;

public sealed class SealerTests : IDisposable
{
    private const int Seed = 20261116;
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-keys-").FullName;
    private readonly Sealer _sealer;

    public SealerTests() => _sealer = new Sealer(OfficeKeys.Create(_folder));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("张三，13900001111")]
    [InlineData("😀\0")]
    public void What_is_sealed_opens_as_it_was(string text) => Assert.Equal(text, _sealer.Open(_sealer.Seal(text, "contact|a"), "contact|a"));

    [Fact]
    public void The_same_text_sealed_twice_makes_two_boxes_without_a_common_part()
    {
        var (first, second) = (_sealer.Seal("同一段话", "contact|a"), _sealer.Seal("同一段话", "contact|a"));
        Assert.NotEqual(first.Sealed, second.Sealed);
        Assert.NotEqual(first.WrappedKey, second.WrappedKey);
        Assert.Equal(-1, first.Sealed.AsSpan().IndexOf(second.Sealed.AsSpan(0, 12)));
    }

    [Fact]
    public void A_box_with_any_bit_flipped_does_not_open()
    {
        var box = _sealer.Seal("联系电话", "contact|a");
        Assert.Equal(60, box.WrappedKey.Length);
        for (var bit = 0; bit < box.WrappedKey.Length * 8; bit++) AssertBroken(box with { WrappedKey = Flipped(box.WrappedKey, bit) });
        for (var bit = 0; bit < box.Sealed.Length * 8; bit++) AssertBroken(box with { Sealed = Flipped(box.Sealed, bit) });
    }

    [Fact]
    public void A_box_cut_short_or_made_longer_does_not_open_whatever_its_length()
    {
        var box = _sealer.Seal("联系电话", "contact|a");
        for (var length = 0; length < box.WrappedKey.Length; length++) AssertBroken(box with { WrappedKey = box.WrappedKey[..length] });
        for (var length = 0; length < box.Sealed.Length; length++) AssertBroken(box with { Sealed = box.Sealed[..length] });
        AssertBroken(box with { WrappedKey = [.. box.WrappedKey, 0] });
        AssertBroken(box with { Sealed = [.. box.Sealed, 0] });
    }

    [Fact]
    public void Random_bytes_are_no_box()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 300; i++)
        {
            var (wrapped, text) = (new byte[random.Next(100)], new byte[random.Next(100)]);
            random.NextBytes(wrapped);
            random.NextBytes(text);
            AssertBroken(new SealedBox("k1", wrapped, text));
        }
    }

    [Theory]
    [InlineData("contact|b")]
    [InlineData("text|a|0")]
    [InlineData("contact|")]
    public void A_box_moved_elsewhere_does_not_open(string elsewhere)
    {
        var box = _sealer.Seal("联系电话", "contact|a");
        Assert.Throws<SealBrokenException>(() => _sealer.Open(box, elsewhere));
    }

    [Fact]
    public void A_key_that_is_not_in_the_file_is_named()
    {
        var error = Assert.Throws<SealBrokenException>(() => _sealer.Open(_sealer.Seal("话", "contact|a") with { KeyId = "k9" }, "contact|a"));
        Assert.Contains("k9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_rotation_new_boxes_take_the_new_key_and_old_ones_still_open()
    {
        var old = _sealer.Seal("旧信", "contact|a");
        var path = OfficeKeys.PathIn(_folder);
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        file["sealing"]!.AsArray().Add(new JsonObject { ["id"] = "k2", ["key"] = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]) });
        File.WriteAllText(path, file.ToJsonString());
        var rotated = new Sealer(OfficeKeys.Load(_folder));
        Assert.Equal("旧信", rotated.Open(old, "contact|a"));
        var fresh = rotated.Seal("新信", "contact|a");
        Assert.Equal("k2", fresh.KeyId);
        Assert.Equal("新信", rotated.Open(fresh, "contact|a"));
        // A program that runs on meanwhile takes the new key up by itself.
        Assert.Equal("新信", _sealer.Open(fresh, "contact|a"));
    }

    private void AssertBroken(SealedBox box) => Assert.Throws<SealBrokenException>(() => _sealer.Open(box, "contact|a"));

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
