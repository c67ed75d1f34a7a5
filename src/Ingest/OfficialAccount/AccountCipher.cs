using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>What was encrypted cannot be read: cut short, padded wrongly, for another account.</summary>
public sealed class AccountCipherException(string message) : Exception(message);

/// <summary>
/// The encryption of the platform: AES-256-CBC under the 32 bytes of <c>EncodingAESKey</c>, whose first 16 are the initial
/// vector. Inside: 16 random bytes, the length in four bytes with the greatest first, the XML, the AppId, then padding of 1
/// to 32 bytes to a multiple of 32, each of which says how many there are.
/// </summary>
public sealed class AccountCipher
{
    /// <summary>Characters of an <c>EncodingAESKey</c>.</summary>
    public const int EncodedKeyLength = 43;

    private const int Block = 32;
    private const int Head = 20;
    private readonly byte[] _key;
    private readonly byte[] _appId;

    /// <summary>Makes the cipher of an account.</summary>
    /// <param name="encodingAesKey">43 characters of Base64, without the last =.</param>
    /// <param name="appId">The account's AppId.</param>
    /// <exception cref="ArgumentException">The key is none.</exception>
    public AccountCipher(string encodingAesKey, string appId)
    {
        try
        {
            _key = Convert.FromBase64String(encodingAesKey + "=");
        }
        catch (FormatException error)
        {
            throw new ArgumentException("The EncodingAESKey is no Base64.", nameof(encodingAesKey), error);
        }

        if (_key.Length != Block) throw new ArgumentException("The EncodingAESKey is not 32 bytes long.", nameof(encodingAesKey));
        _appId = Encoding.UTF8.GetBytes(appId);
    }

    /// <summary>Encrypts a text.</summary>
    /// <returns>Base64.</returns>
    public string Encrypt(string xml)
    {
        var text = Encoding.UTF8.GetBytes(xml);
        var length = Head + text.Length + _appId.Length;
        var padding = Block - (length % Block);
        var plain = new byte[length + padding];
        RandomNumberGenerator.Fill(plain.AsSpan(0, 16));
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(16), text.Length);
        text.CopyTo(plain, Head);
        _appId.CopyTo(plain, Head + text.Length);
        plain.AsSpan(length).Fill((byte)padding);
        using var aes = Aes.Create();
        aes.Key = _key;
        return Convert.ToBase64String(aes.EncryptCbc(plain, _key.AsSpan(0, 16), PaddingMode.None));
    }

    /// <summary>Decrypts what was encrypted for this account.</summary>
    /// <returns>The bytes of the XML.</returns>
    /// <exception cref="AccountCipherException">It cannot be read, or is for another account.</exception>
    public byte[] Decrypt(string encrypted)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(encrypted);
        }
        catch (FormatException)
        {
            throw new AccountCipherException("what is encrypted is no Base64");
        }

        if (bytes.Length == 0 || bytes.Length % 16 != 0) throw new AccountCipherException("what is encrypted is cut short");
        using var aes = Aes.Create();
        aes.Key = _key;
        return Unwrap(Unpad(aes.DecryptCbc(bytes, _key.AsSpan(0, 16), PaddingMode.None)), _appId).ToArray();
    }

    /// <summary>Takes the padding off: 1 to 32 bytes that all say their number. PKCS #7 of the framework refuses more than 16.</summary>
    internal static ReadOnlySpan<byte> Unpad(ReadOnlySpan<byte> padded)
    {
        if (padded.IsEmpty) throw new AccountCipherException("there is nothing in it");
        var padding = padded[^1];
        if (padding is 0 or > Block || padding > padded.Length || padded[^padding..].ContainsAnyExcept(padding)) throw new AccountCipherException("it is padded wrongly");
        return padded[..^padding];
    }

    /// <summary>Takes random bytes, length and AppId off.</summary>
    internal static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> appId)
    {
        if (plain.Length < Head) throw new AccountCipherException("it is cut short");
        var length = BinaryPrimitives.ReadInt32BigEndian(plain[16..]);
        if (length < 0 || length > plain.Length - Head) throw new AccountCipherException("its length is wrong");
        if (!CryptographicOperations.FixedTimeEquals(plain[(Head + length)..], appId)) throw new AccountCipherException("it is for another account");
        return plain.Slice(Head, length);
    }
}
