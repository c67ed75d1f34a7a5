using System.Security.Cryptography;
using System.Text;

namespace Opinion.Ingest.OfficialAccount;

/// <summary>
/// How many different messages one writer may send in a minute. Nobody is remembered: a writer is an HMAC under a key that
/// lives in memory and changes every minute. A repeat of a message counts once, so that all its deliveries get the same answer.
/// </summary>
internal sealed class WriterTries(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<string>> _seen = new(StringComparer.Ordinal);
    private byte[] _key = RandomNumberGenerator.GetBytes(32);
    private long _minute;

    /// <summary>Whether this message is within what its writer may send.</summary>
    /// <param name="kind">What is counted.</param>
    /// <param name="message">The message.</param>
    /// <param name="most">How many.</param>
    public bool May(string kind, AccountMessage message, int most)
    {
        var minute = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        lock (_gate)
        {
            if (minute != _minute)
            {
                _seen.Clear();
                (_minute, _key) = (minute, RandomNumberGenerator.GetBytes(32));
            }

            var writer = Hash(kind + "\n" + message.From);
            if (!_seen.TryGetValue(writer, out var messages)) _seen[writer] = messages = new HashSet<string>(StringComparer.Ordinal);
            var key = Hash(message.Key);
            if (messages.Contains(key)) return true;
            if (messages.Count >= most) return false;
            messages.Add(key);
            return true;
        }
    }

    private string Hash(string text) => Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
}
