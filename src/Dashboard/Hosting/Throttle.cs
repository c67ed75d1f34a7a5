using System.Security.Cryptography;
using System.Threading.RateLimiting;

namespace Opinion.Dashboard.Hosting;

/// <summary>
/// How often one address may post. The address itself is never kept: the limiter knows it as an HMAC under a key that lives
/// in memory and changes daily.
/// </summary>
public sealed class Throttle(TimeProvider clock, DashboardOptions options)
{
    private readonly Lock _gate = new();
    private byte[] _key = [];
    private DateOnly _day;

    /// <summary>Makes the limiter: letters, receipt codes and sign-ins each with a window of a minute; reading is free.</summary>
    public PartitionedRateLimiter<HttpContext> Limiter() => PartitionedRateLimiter.Create<HttpContext, string>(http =>
    {
        var path = http.Request.Path;
        var (name, permits) = !HttpMethods.IsPost(http.Request.Method) ? ("", 0)
            : path.StartsWithSegments("/staff/sign-in", StringComparison.OrdinalIgnoreCase) ? ("sign-in", options.SignInsPerMinute)
            : path.StartsWithSegments("/follow", StringComparison.OrdinalIgnoreCase) ? ("follow", options.ReceiptsPerMinute)
            : path.StartsWithSegments("/write", StringComparison.OrdinalIgnoreCase) ? ("write", options.LettersPerMinute)
            : path.StartsWithSegments("/open311", StringComparison.OrdinalIgnoreCase) ? ("open311", options.Open311PerMinute)
            : ("", 0);
        return permits == 0
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetFixedWindowLimiter(name + Convert.ToHexString(Mac(http)), _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1) });
    });

    private byte[] Mac(HttpContext http)
    {
        byte[] key;
        lock (_gate)
        {
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            if (_key.Length == 0 || today != _day) (_key, _day) = (RandomNumberGenerator.GetBytes(32), today);
            key = _key;
        }

        return HMACSHA256.HashData(key, http.Connection.RemoteIpAddress?.GetAddressBytes() ?? []);
    }
}
