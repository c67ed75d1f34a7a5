using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Opinion.Dashboard.Writers;

/// <summary>
/// A writer who has shown a receipt code follows the letter for half an hour: the cookie holds the letter's id, encrypted.
/// The code itself is kept nowhere and never stands in an address.
/// </summary>
public sealed class FollowSession(IDataProtectionProvider protection)
{
    private const string CookieName = "opinion-follow";
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(30);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("follow").ToTimeLimitedDataProtector();

    /// <summary>Begins following a letter.</summary>
    public void Begin(HttpContext http, string letterId) => http.Response.Cookies.Append(CookieName, _protector.Protect(letterId, Span), Options(http));

    /// <summary>Ends following.</summary>
    public static void End(HttpContext http) => http.Response.Cookies.Delete(CookieName, Options(http));

    /// <summary>The letter this browser follows; null where none, or the half hour is over.</summary>
    public string? Current(HttpContext http)
    {
        if (http.Request.Cookies[CookieName] is not { } cookie) return null;
        try
        {
            return _protector.Unprotect(cookie);
        }
        catch (CryptographicException)
        {
            // Expired or not ours: the writer is asked for the code again.
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", IsEssential = true };
}
