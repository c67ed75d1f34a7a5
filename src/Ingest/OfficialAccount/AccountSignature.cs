using System.Security.Cryptography;
using System.Text;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>
/// The signature of a call: the parts sorted by the order of their characters (ordinally; a culture's order would be
/// another), joined, and hashed with SHA-1, in small hexadecimal letters.
/// </summary>
public static class AccountSignature
{
    /// <summary>Signs parts: token, timestamp and nonce, and in encrypted calls what is encrypted.</summary>
    public static string Of(params string[] parts)
    {
        var sorted = parts.Order(StringComparer.Ordinal);
#pragma warning disable CA5350 // The platform's protocol names SHA-1.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(sorted))));
#pragma warning restore CA5350
    }

    /// <summary>Whether a signature is that of the parts, found out in the same time whatever it is.</summary>
    public static bool Fits(string? signature, params string[] parts) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature ?? ""), Encoding.UTF8.GetBytes(Of(parts)));
}
