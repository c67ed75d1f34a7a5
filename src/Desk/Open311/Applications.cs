using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Open311;

/// <summary>An application that may send requests.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Label">What the administrator calls it.</param>
/// <param name="MadeAt">When its key was made.</param>
/// <param name="RevokedAt">When its key was revoked; null while it counts.</param>
public sealed record Application(long Id, string Label, DateTimeOffset MadeAt, DateTimeOffset? RevokedAt);

/// <summary>
/// The keys of applications. An administrator makes one for an application, never for a person; it is shown once, only its
/// SHA-256 is stored (it is random, so nothing is gained by a slower hash), and a revoked one counts for nothing at once.
/// </summary>
public sealed class Applications(DeskStore store, AuditLog audit, TimeProvider clock)
{
    /// <summary>How every key begins, so that one is known for what it is where it does not belong.</summary>
    public const string Prefix = "o311-";

    private const string KeyMade = "open311-key-made";
    private const string KeyRevoked = "open311-key-revoked";
    private const int KeyBytes = 32;
    private const int LongestKey = 200;

    /// <summary>All keys, newest first, without what they open with.</summary>
    public async Task<IReadOnlyList<Application>> ListAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.QueryAsync("SELECT id, label, made_at, revoked_at FROM open311_keys ORDER BY id DESC",
            row => new Application(row.GetInt64(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.IsDBNull(3) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))), cancel);
    }

    /// <summary>Makes a key.</summary>
    /// <returns>The key, which is to be had only here; or why it was refused.</returns>
    public async Task<(string? Key, Refusal? Refusal)> MakeAsync(StaffMember administrator, string? label, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) return (null, Refusal.NotYourRole);
        if (Refusals.ForText(label, LetterText.TitleLimit) is { } wrong) return (null, wrong);
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync("INSERT INTO open311_keys (label, key_hash, made_at) VALUES (@label, @hash, @now)", cancel,
            ("label", label!.Trim()), ("hash", HashOf(key)), ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()));
        await audit.WriteAsync(session, administrator.Id, KeyMade, label.Trim(), null, null, cancel);
        await session.CommitAsync(cancel);
        return (key, null);
    }

    /// <summary>Revokes a key; what it sent stays.</summary>
    public async Task<Refusal?> RevokeAsync(StaffMember administrator, long id, CancellationToken cancel)
    {
        if (administrator.Role != Role.Administrator) return Refusal.NotYourRole;
        await using var session = await store.WriteAsync(cancel);
        var label = await session.TextAsync("SELECT label FROM open311_keys WHERE id = @id AND revoked_at IS NULL", cancel, ("id", id));
        if (label is null) return Refusal.NotFound;
        await session.ExecuteAsync("UPDATE open311_keys SET revoked_at = @now WHERE id = @id", cancel, ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()), ("id", id));
        await audit.WriteAsync(session, administrator.Id, KeyRevoked, label, null, null, cancel);
        await session.CommitAsync(cancel);
        return null;
    }

    /// <summary>The number of the application a key belongs to; null for one that does not count.</summary>
    public async Task<long?> FindAsync(string? key, CancellationToken cancel)
    {
        // Looked for by its hash: how long that takes tells nothing about a key.
        if (key is null or { Length: > LongestKey }) return null;
        await using var session = await store.ReadAsync(cancel);
        return await session.CountAsync("SELECT id FROM open311_keys WHERE key_hash = @hash AND revoked_at IS NULL", cancel, ("hash", HashOf(key))) is > 0 and var id ? id : null;
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
