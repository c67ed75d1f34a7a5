using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Opinion.Ingest.OfficialAccount;

namespace Opinion.Ingest.Tests.OfficialAccount;

public class AccountCipherTests
{
    private const int Seed = 20261120;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 500_000 : 20_000;

    private static AccountCipher Cipher { get; } = new(Recorded.Key, Recorded.AppId);

    [Fact]
    public void What_is_encrypted_comes_back_at_every_length_of_the_padding()
    {
        for (var length = 0; length <= 70; length++)
        {
            var text = new string('x', length);
            var encrypted = Cipher.Encrypt(text);
            Assert.Equal(0, Convert.FromBase64String(encrypted).Length % 32);
            Assert.Equal(text, Encoding.UTF8.GetString(Cipher.Decrypt(encrypted)));
            Assert.NotEqual(encrypted, Cipher.Encrypt(text));
        }
    }

    [Fact]
    public void It_reads_what_another_program_wrote_by_the_description()
    {
        // Written out by hand beside the program's own code: random, length, text, AppId, padding of 20 bytes.
        var text = Encoding.UTF8.GetBytes("<xml>路灯</xml>");
        var app = Encoding.UTF8.GetBytes(Recorded.AppId);
        var plain = new List<byte>(Encoding.ASCII.GetBytes("0123456789abcdef"));
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        plain.AddRange([.. length, .. text, .. app]);
        var padding = 32 - (plain.Count % 32);
        Assert.InRange(padding, 1, 32);
        plain.AddRange(Enumerable.Repeat((byte)padding, padding));
        var key = Convert.FromBase64String(Recorded.Key + "=");
        using var aes = Aes.Create();
        aes.Key = key;
        var encrypted = Convert.ToBase64String(aes.EncryptCbc([.. plain], key.AsSpan(0, 16), PaddingMode.None));
        Assert.Equal(text, Cipher.Decrypt(encrypted));
        Assert.Throws<AccountCipherException>(() => new AccountCipher(Recorded.Key, "another").Decrypt(encrypted));
    }

    [Fact]
    public void Another_key_or_a_changed_byte_does_not_open_it()
    {
        var encrypted = Convert.FromBase64String(Cipher.Encrypt(new string('y', 100)));
        var other = new AccountCipher("ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210abcdefg", Recorded.AppId);
        Assert.Throws<AccountCipherException>(() => other.Decrypt(Convert.ToBase64String(encrypted)));
        encrypted[^40] ^= 1;
        Assert.Throws<AccountCipherException>(() => Cipher.Decrypt(Convert.ToBase64String(encrypted)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no base64!")]
    [InlineData("AAAA")]
    public void What_is_no_cipher_text_is_refused(string encrypted) => Assert.Throws<AccountCipherException>(() => Cipher.Decrypt(encrypted));

    [Theory]
    [InlineData("short")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public void What_is_no_key_is_refused(string key) => Assert.Throws<ArgumentException>(() => new AccountCipher(key, "app"));

    /// <summary>The unpadding against slow logic, on random bytes whose ends look like padding more often than chance has it.</summary>
    [Fact]
    public void Random_padding_is_taken_off_or_refused_as_slow_logic_says()
    {
        var random = new Random(Seed);
        int taken = 0, refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = new byte[random.Next(0, 80)];
            random.NextBytes(bytes);
            var padding = random.Next(0, 40);
            for (var i = Math.Max(0, bytes.Length - padding); i < bytes.Length; i++) bytes[i] = (byte)padding;
            if (bytes.Length > 0 && random.Next(4) == 0) bytes[random.Next(bytes.Length)]++;
            byte[]? found = null;
            try
            {
                found = AccountCipher.Unpad(bytes).ToArray();
                taken++;
            }
            catch (AccountCipherException)
            {
                refused++;
            }

            Assert.True(Same(found, Slowly(bytes)), $"seed {Seed}, round {round}");
        }

        Assert.True(taken > Rounds / 4 && refused > Rounds / 10, $"{taken} taken, {refused} refused");
    }

    [Fact]
    public void Random_insides_never_give_more_than_lies_there()
    {
        var random = new Random(Seed);
        var app = "app"u8.ToArray();
        int taken = 0, refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = new byte[random.Next(0, 60)];
            random.NextBytes(bytes);
            if (bytes.Length >= 20) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), random.Next(3) == 0 ? random.Next(int.MinValue, int.MaxValue) : bytes.Length - 23 + random.Next(-1, 2));
            if (bytes.Length >= 23) app.CopyTo(bytes, bytes.Length - 3);
            try
            {
                Assert.Equal(bytes.Length - 23, AccountCipher.Unwrap(bytes, app).Length);
                taken++;
            }
            catch (AccountCipherException)
            {
                refused++;
            }
        }

        Assert.True(taken > Rounds / 20 && refused > Rounds / 4, $"seed {Seed}: {taken} taken, {refused} refused");
    }

    private static byte[]? Slowly(byte[] bytes)
    {
        if (bytes.Length == 0) return null;
        int padding = bytes[^1];
        if (padding < 1 || padding > 32 || padding > bytes.Length) return null;
        for (var i = bytes.Length - padding; i < bytes.Length; i++)
        {
            if (bytes[i] != padding) return null;
        }

        return bytes[..(bytes.Length - padding)];
    }

    private static bool Same(byte[]? one, byte[]? other) => one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);
}
