using System.Security.Cryptography;
using System.Text;

namespace Opinion.Desk.Sealing;

/// <summary>One sealed text: the id of the office's key, the letter's own key sealed by it, and the text sealed by that.</summary>
/// <param name="KeyId">Which of the office's keys sealed the letter's key.</param>
/// <param name="WrappedKey">12 bytes nonce, 32 bytes sealed key, 16 bytes tag.</param>
/// <param name="Sealed">12 bytes nonce, the sealed UTF-8 text, 16 bytes tag.</param>
public sealed record SealedBox(string KeyId, byte[] WrappedKey, byte[] Sealed);

/// <summary>A sealed text that cannot be opened: its key is not here, or its bytes were changed.</summary>
public sealed class SealBrokenException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Seals texts with AES-256-GCM (NIST SP 800-38D), each under a key of its own, which the office's current key seals in
/// turn. The purpose, the letter and the part are authenticated with it, so a box moved to another letter does not open.
/// </summary>
public sealed class Sealer(OfficeKeys keys)
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Seals a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="binding">What the box belongs to, such as <c>contact|letter id</c>.</param>
    public SealedBox Seal(string text, string binding)
    {
        var (id, officeKey) = keys.Current;
        var aad = Encoding.UTF8.GetBytes(binding);
        var own = RandomNumberGenerator.GetBytes(KeyBytes);
        try
        {
            return new SealedBox(id, Encrypt(officeKey, own, aad), Encrypt(own, Encoding.UTF8.GetBytes(text), aad));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(own);
        }
    }

    /// <summary>Opens a box.</summary>
    /// <exception cref="SealBrokenException">The key is not here, or the bytes or the binding are not what was sealed.</exception>
    public string Open(SealedBox box, string binding)
    {
        var officeKey = keys.Find(box.KeyId) ?? throw new SealBrokenException($"The office's key {box.KeyId} is not in the key file.");
        var aad = Encoding.UTF8.GetBytes(binding);
        byte[]? own = null;
        try
        {
            own = Decrypt(officeKey, box.WrappedKey, aad);
            return Encoding.UTF8.GetString(Decrypt(own, box.Sealed, aad));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new SealBrokenException("A sealed text does not open: it was changed, or belongs elsewhere.", error);
        }
        finally
        {
            if (own is not null) CryptographicOperations.ZeroMemory(own);
        }
    }

    /// <summary>Makes a key for something that lies elsewhere. The box holds it sealed and nothing else; the caller wipes the key.</summary>
    internal (SealedBox Box, byte[] Own) NewKey(string binding)
    {
        var (id, officeKey) = keys.Current;
        var own = RandomNumberGenerator.GetBytes(KeyBytes);
        return (new SealedBox(id, Encrypt(officeKey, own, Encoding.UTF8.GetBytes(binding)), []), own);
    }

    /// <summary>Opens such a key; the caller wipes it.</summary>
    /// <exception cref="SealBrokenException">The office's key is not here, or the bytes or the binding are not what was sealed.</exception>
    internal byte[] OpenKey(SealedBox box, string binding)
    {
        var officeKey = keys.Find(box.KeyId) ?? throw new SealBrokenException($"The office's key {box.KeyId} is not in the key file.");
        try
        {
            return Decrypt(officeKey, box.WrappedKey, Encoding.UTF8.GetBytes(binding));
        }
        catch (CryptographicException error)
        {
            throw new SealBrokenException("A sealed key does not open: it was changed, or belongs elsewhere.", error);
        }
    }

    /// <summary>Seals a box's own key by the office's current key in place of an older one; the sealed text stays as it is.</summary>
    /// <exception cref="SealBrokenException">The older key is not here, or does not open it.</exception>
    internal SealedBox Rewrap(SealedBox box, string binding)
    {
        var (id, officeKey) = keys.Current;
        if (string.Equals(id, box.KeyId, StringComparison.Ordinal)) return box;
        var old = keys.Find(box.KeyId) ?? throw new SealBrokenException($"The office's key {box.KeyId} is not in the key file.");
        var aad = Encoding.UTF8.GetBytes(binding);
        byte[]? own = null;
        try
        {
            own = Decrypt(old, box.WrappedKey, aad);
            return box with { KeyId = id, WrappedKey = Encrypt(officeKey, own, aad) };
        }
        catch (CryptographicException error)
        {
            throw new SealBrokenException("A sealed key does not open: it was changed, or belongs elsewhere.", error);
        }
        finally
        {
            if (own is not null) CryptographicOperations.ZeroMemory(own);
        }
    }

    /// <summary>Whether a key of the office is here.</summary>
    public bool Has(string keyId) => keys.Find(keyId) is not null;

    /// <summary>Whether a box's own key comes out of its seal; the text stays sealed.</summary>
    public bool Fits(SealedBox box, string binding)
    {
        if (keys.Find(box.KeyId) is not { } officeKey) return false;
        try
        {
            CryptographicOperations.ZeroMemory(Decrypt(officeKey, box.WrappedKey, Encoding.UTF8.GetBytes(binding)));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> plain, byte[] aad)
    {
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), aad);
        return box;
    }

    private static byte[] Decrypt(byte[] key, byte[] box, byte[] aad)
    {
        if (box.Length < NonceBytes + TagBytes) throw new CryptographicException("A sealed text is cut short.");
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), plain, aad);
        return plain;
    }
}
