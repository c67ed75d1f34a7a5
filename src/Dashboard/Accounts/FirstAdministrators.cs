using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Opinion.Desk.Accounts;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.Accounts;

/// <summary>
/// Gives a new office its two administrators, with random passwords that are told once to whoever started the program.
/// Everybody else is added by the two of them. An office that has an account is left alone.
/// </summary>
public sealed class FirstAdministrators(IServiceScopeFactory scopes)
{
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Makes the two accounts where there is none at all.</summary>
    /// <returns>Logins and passwords; empty where the office has accounts.</returns>
    /// <exception cref="StoreException">An account could not be made.</exception>
    public async Task<IReadOnlyList<(string Login, string Password)>> MakeAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<DeskAccount>>();
        if (await users.Users.AnyAsync(cancel)) return [];
        var made = new List<(string Login, string Password)>();
        var grants = new List<(string, Role, string?, bool)>();
        foreach (var login in new[] { "admin1", "admin2" })
        {
            var account = new DeskAccount { UserName = login, NameZh = login, NameEn = login };
            var password = RandomNumberGenerator.GetString(Alphabet, 20);
            IdentityResult result;
            try
            {
                result = await users.CreateAsync(account, password);
            }
            catch (DbUpdateException) when (made.Count == 0 && users.Users.Any(other => other.UserName == login))
            {
                return [];
            }

            // Another node that started at the same moment was first to make the first one; it makes the second too.
            if (!result.Succeeded && made.Count == 0 && await users.Users.AnyAsync(cancel)) return [];
            if (!result.Succeeded) throw new StoreException($"The account {login} cannot be made: {string.Join(' ', result.Errors.Select(error => error.Description))}");
            made.Add((login, password));
            grants.Add((account.Id, Role.Administrator, null, false));
        }

        await scope.ServiceProvider.GetRequiredService<StaffDirectory>().GrantAtSetUpAsync(grants, cancel);
        return made;
    }
}
