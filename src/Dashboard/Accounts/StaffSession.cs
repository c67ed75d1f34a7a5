using System.Security.Claims;
using Opinion.Desk.Accounts;

namespace Opinion.Dashboard.Accounts;

/// <summary>Who is signed in on this request. Read from the store each time, so that a changed or disabled account counts at once.</summary>
public sealed class StaffSession(IHttpContextAccessor http, StaffDirectory staff)
{
    private StaffMember? _member;
    private bool _read;

    /// <summary>The member of staff; null for a visitor, and for an account that is disabled or has no role that counts.</summary>
    public async Task<StaffMember?> GetAsync(CancellationToken cancel)
    {
        if (_read) return _member;
        var user = http.HttpContext?.User;
        // Every page asks, most for a visitor: no accounts context is made to learn what stands in the cookie.
        var id = user?.Identity?.IsAuthenticated == true ? user.FindFirstValue(ClaimTypes.NameIdentifier) : null;
        _member = id is null ? null : await staff.FindAsync(id, cancel);
        _read = true;
        return _member;
    }
}
