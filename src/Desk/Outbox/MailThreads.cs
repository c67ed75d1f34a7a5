using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Outbox;

/// <summary>
/// Which letter a mail that comes back belongs to: by the id of the desk's own mail that it names, never by an address. That
/// id is a token of 128 bits, made from the outbox's by a key outside the store, and only its hash is kept: who reads the
/// store cannot write to a letter with it, and it opens nothing.
/// </summary>
public sealed class MailThreads(DeskStore store, OfficeKeys keys, TimeProvider clock)
{
    /// <summary>Hexadecimal digits of a token.</summary>
    public const int TokenLength = 32;

    private const int MostTokens = 40;

    /// <summary>The token a mail of the outbox carries; remembered before it is sent.</summary>
    internal async Task<string> BeginAsync(string letterId, string messageId, CancellationToken cancel)
    {
        var token = TokenOf(messageId);
        await using var session = await store.WriteSharedAsync(cancel);
        await session.ExecuteAsync("INSERT INTO mail_threads (token_hash, message_id, letter_id) VALUES (@hash, @message, @letter) ON CONFLICT DO NOTHING", cancel, ("hash", HashOf(token)), ("message", messageId), ("letter", letterId));
        await session.CommitAsync(cancel);
        return token;
    }

    /// <summary>The letter that one of these tokens belongs to, the last named first; null where none does.</summary>
    public async Task<string?> FindAsync(IReadOnlyList<string> tokens, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        for (var i = tokens.Count - 1; i >= Math.Max(0, tokens.Count - MostTokens); i--)
        {
            if (await session.TextAsync("SELECT letter_id FROM mail_threads WHERE token_hash = @hash", cancel, ("hash", HashOf(tokens[i]))) is { } letter) return letter;
        }

        return null;
    }

    /// <summary>Notes that a mail the server had taken came back: it goes to the administrator's list.</summary>
    /// <param name="tokens">The ids that the returned mail names.</param>
    /// <param name="status">Its status such as 5.1.1, or nothing; never anything else of it.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <returns>Whether it was one of the desk's mails and is newly on the list.</returns>
    public async Task<bool> CameBackAsync(IReadOnlyList<string> tokens, string status, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        foreach (var token in tokens.Take(MostTokens))
        {
            if (await session.TextAsync("SELECT message_id FROM mail_threads WHERE token_hash = @hash", cancel, ("hash", HashOf(token))) is not { } message) continue;
            if (await session.ExecuteAsync("UPDATE outbox SET state = 'dead', ended_at = @now, error = @error WHERE message_id = @message AND state = 'sent'", cancel,
                ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()), ("error", (MailFaults.CameBack + " " + status).TrimEnd()), ("message", message)) == 0) continue;
            await session.CommitAsync(cancel);
            return true;
        }

        return false;
    }

    private string TokenOf(string messageId) => Convert.ToHexStringLower(HMACSHA256.HashData(keys.ChannelKeys, Encoding.UTF8.GetBytes("mail-thread\n" + messageId)).AsSpan(0, TokenLength / 2));

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
