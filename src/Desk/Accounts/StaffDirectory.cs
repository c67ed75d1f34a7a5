using System.Data.Common;
using Opinion.Desk.Audit;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Accounts;

/// <summary>An account as the administrator sees it.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Login">The name used to sign in.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Disabled">Whether signing in is refused.</param>
/// <param name="OnDuty">Whether this officer is on duty for urgent danger.</param>
/// <param name="DutyAskedBy">The administrator who asked that this officer be put on duty; null where nothing waits.</param>
/// <param name="Grant">The role asked for or granted; null where there is none.</param>
public sealed record AccountRow(string Id, string Login, Name Name, bool Disabled, bool OnDuty, string? DutyAskedBy, GrantRow? Grant);

/// <summary>A role asked for by one administrator and, once it counts, confirmed by another.</summary>
public sealed record GrantRow(long Id, Role Role, string? Department, string AskedBy, bool Confirmed);

/// <summary>Accounts and their roles. A role counts only once a second administrator has confirmed it.</summary>
public sealed class StaffDirectory(DeskStore store, AuditLog audit, TimeProvider clock)
{
    /// <summary>Finds the member of staff behind an account; null where it is unknown, disabled or without a role that counts.</summary>
    public async Task<StaffMember?> FindAsync(string accountId, CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        return await session.FirstAsync(
            """
            SELECT a.id, a.user_name, a.name_zh, a.name_en, g.role, g.department, a.on_duty
            FROM accounts a JOIN role_grants g ON g.account_id = a.id AND g.confirmed_at IS NOT NULL AND g.ended_at IS NULL
            WHERE a.id = @id AND a.disabled = 0
            """,
            row => new StaffMember(row.GetString(0), row.GetString(1), new Name(row.GetString(2), row.GetString(3)), RoleOf(row.GetString(4)),
                row.IsDBNull(5) ? null : row.GetString(5), row.GetInt64(6) == 1), cancel, ("id", accountId));
    }

    /// <summary>All accounts by login, each with its role that counts, or else the one waiting for confirmation.</summary>
    public async Task<IReadOnlyList<AccountRow>> ListAsync(CancellationToken cancel)
    {
        await using var session = await store.ReadAsync(cancel);
        var accounts = await session.QueryAsync("SELECT a.id, a.user_name, a.name_zh, a.name_en, a.disabled, a.on_duty, COALESCE(b.user_name, a.duty_asked_by) FROM accounts a LEFT JOIN accounts b ON b.id = a.duty_asked_by ORDER BY a.user_name",
            row => new AccountRow(row.GetString(0), row.GetString(1), new Name(row.GetString(2), row.GetString(3)), row.GetInt64(4) == 1, row.GetInt64(5) == 1, row.IsDBNull(6) ? null : row.GetString(6), null), cancel);
        var grants = await session.QueryAsync(
            "SELECT g.account_id, g.id, g.role, g.department, COALESCE(a.user_name, g.asked_by), CASE WHEN g.confirmed_at IS NULL THEN 0 ELSE 1 END FROM role_grants g LEFT JOIN accounts a ON a.id = g.asked_by WHERE g.ended_at IS NULL ORDER BY g.id",
            row => (Account: row.GetString(0), Grant: ReadGrant(row)), cancel);
        return [.. accounts.Select(account => account with { Grant = grants.Where(grant => grant.Account == account.Id).Select(grant => grant.Grant).LastOrDefault() })];
    }

    /// <summary>Asks for a role. It does not count before another administrator confirms it.</summary>
    /// <returns>False where the role needs a department and has none, or has one and needs none.</returns>
    public async Task<bool> AskForRoleAsync(StaffMember administrator, string accountId, Role role, string? department, CancellationToken cancel)
    {
        RequireAdministrator(administrator);
        if ((role == Role.Officer) != (department is not null)) return false;
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync("UPDATE role_grants SET ended_at = @now WHERE account_id = @account AND confirmed_at IS NULL AND ended_at IS NULL", cancel, ("now", Now()), ("account", accountId));
        await session.ExecuteAsync("INSERT INTO role_grants (account_id, role, department, asked_by, asked_at) VALUES (@account, @role, @department, @by, @now)", cancel,
            ("account", accountId), ("role", CodeOf(role)), ("department", department), ("by", administrator.Id), ("now", Now()));
        await audit.WriteAsync(session, administrator.Id, "role-asked", accountId, department, CodeOf(role), cancel);
        await session.CommitAsync(cancel);
        return true;
    }

    /// <summary>Confirms a role another administrator asked for; the account's former role ends.</summary>
    /// <returns>False where the grant is gone, was asked for by the same administrator, or is that administrator's own.</returns>
    public async Task<bool> ConfirmRoleAsync(StaffMember administrator, long grantId, CancellationToken cancel)
    {
        RequireAdministrator(administrator);
        await using var session = await store.WriteAsync(cancel);
        var account = await session.TextAsync(
            "SELECT account_id FROM role_grants WHERE id = @id AND confirmed_at IS NULL AND ended_at IS NULL AND asked_by <> @by AND account_id <> @by", cancel, ("id", grantId), ("by", administrator.Id));
        if (account is null) return false;
        await session.ExecuteAsync("UPDATE role_grants SET ended_at = @now WHERE account_id = @account AND confirmed_at IS NOT NULL AND ended_at IS NULL", cancel, ("now", Now()), ("account", account));
        await session.ExecuteAsync("UPDATE role_grants SET confirmed_by = @by, confirmed_at = @now WHERE id = @id", cancel, ("by", administrator.Id), ("now", Now()), ("id", grantId));
        await audit.WriteAsync(session, administrator.Id, "role-confirmed", account, null, null, cancel);
        await session.CommitAsync(cancel);
        return true;
    }

    /// <summary>Grants a role while an office is being set up, before there is any administrator; refused ever after.</summary>
    /// <exception cref="StoreException">There is an administrator already.</exception>
    public async Task GrantAtSetUpAsync(IReadOnlyList<(string AccountId, Role Role, string? Department, bool OnDuty)> grants, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        if (await session.CountAsync("SELECT COUNT(*) FROM role_grants WHERE role = 'administrator' AND confirmed_at IS NOT NULL", cancel) > 0)
            throw new StoreException("The office has an administrator already; roles are granted by two of them.");
        foreach (var (account, role, department, onDuty) in grants)
        {
            await session.ExecuteAsync(
                "INSERT INTO role_grants (account_id, role, department, asked_by, asked_at, confirmed_by, confirmed_at) VALUES (@account, @role, @department, 'set-up', @now, 'operator', @now)", cancel,
                ("account", account), ("role", CodeOf(role)), ("department", department), ("now", Now()));
            if (onDuty) await session.ExecuteAsync("UPDATE accounts SET on_duty = 1 WHERE id = @account", cancel, ("account", account));
            await audit.WriteAsync(session, "set-up", "role-confirmed", account, department, CodeOf(role), cancel);
        }

        await session.CommitAsync(cancel);
    }

    /// <summary>Disables or enables an account; a disabled one loses its sessions at the next request.</summary>
    public async Task SetDisabledAsync(StaffMember administrator, string accountId, bool disabled, CancellationToken cancel)
    {
        RequireAdministrator(administrator);
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync("UPDATE accounts SET disabled = @disabled WHERE id = @account", cancel, ("disabled", disabled ? 1 : 0), ("account", accountId));
        await audit.WriteAsync(session, administrator.Id, disabled ? "account-disabled" : "account-enabled", accountId, null, null, cancel);
        await session.CommitAsync(cancel);
    }

    /// <summary>
    /// Asks that an officer be put on duty for urgent danger, or, as a second administrator, confirms it. Duty opens urgent
    /// letters of every department, so it takes two, and nobody puts themselves on duty.
    /// </summary>
    /// <returns>Whether the officer is on duty now; false where it waits for another administrator.</returns>
    public async Task<bool> PutOnDutyAsync(StaffMember administrator, string accountId, CancellationToken cancel)
    {
        RequireAdministrator(administrator);
        await using var session = await store.WriteAsync(cancel);
        var confirmed = await session.ExecuteAsync(
            "UPDATE accounts SET on_duty = 1, duty_asked_by = NULL WHERE id = @account AND on_duty = 0 AND duty_asked_by IS NOT NULL AND duty_asked_by <> @by AND id <> @by", cancel,
            ("account", accountId), ("by", administrator.Id)) > 0;
        if (!confirmed) await session.ExecuteAsync("UPDATE accounts SET duty_asked_by = @by WHERE id = @account AND on_duty = 0 AND duty_asked_by IS NULL", cancel, ("by", administrator.Id), ("account", accountId));
        await audit.WriteAsync(session, administrator.Id, confirmed ? "duty-taken" : "duty-asked", accountId, null, null, cancel);
        await session.CommitAsync(cancel);
        return confirmed;
    }

    /// <summary>Ends an officer's duty, or what was asked about it; one administrator is enough to take something away.</summary>
    public async Task EndDutyAsync(StaffMember administrator, string accountId, CancellationToken cancel)
    {
        RequireAdministrator(administrator);
        await using var session = await store.WriteAsync(cancel);
        await session.ExecuteAsync("UPDATE accounts SET on_duty = 0, duty_asked_by = NULL WHERE id = @account", cancel, ("account", accountId));
        await audit.WriteAsync(session, administrator.Id, "duty-ended", accountId, null, null, cancel);
        await session.CommitAsync(cancel);
    }

    internal static Role RoleOf(string code) => code switch
    {
        "officer" => Role.Officer,
        "editor" => Role.Editor,
        "analyst" => Role.Analyst,
        "administrator" => Role.Administrator,
        _ => throw new StoreException($"The role {code} is not known."),
    };

    private static string CodeOf(Role role) => role switch
    {
        Role.Officer => "officer",
        Role.Editor => "editor",
        Role.Analyst => "analyst",
        _ => "administrator",
    };

    private static GrantRow ReadGrant(DbDataReader row) =>
        new(row.GetInt64(1), RoleOf(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetInt64(5) == 1);

    private static void RequireAdministrator(StaffMember staff)
    {
        if (staff.Role != Role.Administrator) throw new UnauthorizedAccessException("Only an administrator does this.");
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
