using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Opinion.Dashboard.Accounts;

/// <summary>A staff account as Identity sees it: sign-in, password and lock-out. Roles are the desk's own, see StaffDirectory.</summary>
public sealed class DeskAccount : IdentityUser
{
    /// <summary>The person's name in Chinese.</summary>
    public string NameZh { get; set; } = "";

    /// <summary>The person's name in English.</summary>
    public string NameEn { get; set; } = "";
}

/// <summary>Identity on the desk's own tables, which the numbered SQL migrations make.</summary>
public sealed class AccountsContext(DbContextOptions<AccountsContext> options) : IdentityUserContext<DeskAccount>(options)
{
    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<DeskAccount>().ToTable("accounts");
        builder.Entity<IdentityUserClaim<string>>(claims =>
        {
            claims.ToTable("account_claims");
            claims.Property(claim => claim.UserId).HasColumnName("account_id");
        });
        builder.Entity<IdentityUserLogin<string>>(logins =>
        {
            logins.ToTable("account_logins");
            logins.Property(login => login.UserId).HasColumnName("account_id");
        });
        builder.Entity<IdentityUserToken<string>>(tokens =>
        {
            tokens.ToTable("account_tokens");
            tokens.Property(token => token.UserId).HasColumnName("account_id");
        });
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()).Where(property => property.Name != "UserId"))
            property.SetColumnName(Snake(property.Name));
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
