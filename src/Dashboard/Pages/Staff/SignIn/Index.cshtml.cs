using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Opinion.Dashboard.Accounts;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;

namespace Opinion.Dashboard.Pages.Staff.SignIn;

/// <summary>Staff sign in and out. Known and unknown accounts, wrong, locked and disabled ones look alike.</summary>
public sealed class IndexModel(SignInManager<DeskAccount> signIn, UserManager<DeskAccount> users, StaffDirectory staff, AuditLog audit) : PageModel
{
    // A hash to check against where there is no account, so that both take the same time.
    private static readonly string NobodysHash = new PasswordHasher<DeskAccount>().HashPassword(new DeskAccount(), Guid.NewGuid().ToString());

    /// <summary>Whether the last try failed.</summary>
    public bool Failed { get; private set; }

    /// <summary>The login typed.</summary>
    public string? Login { get; private set; }

    /// <summary>Where to go after signing in.</summary>
    public string? Back { get; private set; }

    /// <summary>Shows the form.</summary>
    public void OnGet(string? back) => Back = back;

    /// <summary>Signs in.</summary>
    public async Task<IActionResult> OnPostAsync(string? login, string? password, string? back, CancellationToken cancel)
    {
        (Login, Back) = (login, back);
        var account = string.IsNullOrWhiteSpace(login) ? null : await users.FindByNameAsync(login.Trim());
        if (account is null) users.PasswordHasher.VerifyHashedPassword(new DeskAccount(), NobodysHash, password ?? "");
        // An account that is disabled or has no role that counts could open nothing and would land here again without a word.
        if (account is not null && (await signIn.CheckPasswordSignInAsync(account, password ?? "", lockoutOnFailure: true)).Succeeded && await staff.FindAsync(account.Id, cancel) is not null)
        {
            await signIn.SignInAsync(account, isPersistent: false);
            await audit.WriteAsync(account.Id, "signed-in", account.Id, null, null, cancel);
            return LocalRedirect(Url.IsLocalUrl(back) ? back : "/staff");
        }

        Failed = true;
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Page();
    }

    /// <summary>Signs out.</summary>
    public async Task<IActionResult> OnPostOutAsync()
    {
        await signIn.SignOutAsync();
        return RedirectToPage("/Index");
    }
}
