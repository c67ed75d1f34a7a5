using System.Data.Common;
using Opinion.Desk.Accounts;
using Opinion.Desk.Audit;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Accounts;

public abstract class StaffDirectoryTests(TestEngine engine) : DeskSuite(engine)
{
    private StaffDirectory Directory => Town.Get<StaffDirectory>();

    [Fact]
    public async Task A_role_counts_only_once_a_second_administrator_has_confirmed_it()
    {
        var grant = await AskAsync("admin-1", "new-1", Role.Officer, "urban");
        Assert.Null(await Directory.FindAsync("new-1", None));
        Assert.False(await Directory.ConfirmRoleAsync(await Town.StaffAsync("admin-1"), grant, None));
        Assert.Null(await Directory.FindAsync("new-1", None));
        Assert.True(await Directory.ConfirmRoleAsync(await Town.StaffAsync("admin-2"), grant, None));
        Assert.False(await Directory.ConfirmRoleAsync(await Town.StaffAsync("admin-2"), grant, None));
        var staff = await Town.StaffAsync("new-1");
        Assert.Equal((Role.Officer, "urban", false), (staff.Role, staff.Department, staff.OnDuty));
    }

    [Fact]
    public async Task Nobody_confirms_the_own_role()
    {
        var grant = await AskAsync("admin-1", "admin-2", Role.Officer, "urban");
        Assert.False(await Directory.ConfirmRoleAsync(await Town.StaffAsync("admin-2"), grant, None));
        Assert.Equal(Role.Administrator, (await Town.StaffAsync("admin-2")).Role);
        // The schema refuses it too, whoever writes.
        await Assert.ThrowsAnyAsync<DbException>(() => Town.ExecuteAsync("UPDATE role_grants SET confirmed_by = 'admin-2', confirmed_at = 1 WHERE id = @id", ("id", grant)));
        await Assert.ThrowsAnyAsync<DbException>(() => Town.ExecuteAsync("UPDATE role_grants SET confirmed_by = 'admin-1', confirmed_at = 1 WHERE id = @id", ("id", grant)));
    }

    [Fact]
    public async Task The_former_role_ends_with_the_new_one_and_not_before()
    {
        var grant = await AskAsync("admin-1", "urban-1", Role.Editor, null);
        Assert.Equal(Role.Officer, (await Town.StaffAsync("urban-1")).Role);
        Assert.True(await Directory.ConfirmRoleAsync(await Town.StaffAsync("admin-2"), grant, None));
        Assert.Equal((Role.Editor, null), ((await Town.StaffAsync("urban-1")).Role, (await Town.StaffAsync("urban-1")).Department));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM role_grants WHERE account_id = 'urban-1' AND confirmed_at IS NOT NULL AND ended_at IS NULL"));
    }

    [Fact]
    public async Task A_later_request_replaces_one_that_was_not_confirmed()
    {
        var first = await AskAsync("admin-1", "new-1", Role.Officer, "urban");
        var second = await AskAsync("admin-2", "new-1", Role.Analyst, null);
        Assert.False(await Directory.ConfirmRoleAsync(await Town.StaffAsync("admin-2"), first, None));
        Assert.False(await Directory.ConfirmRoleAsync(await Town.StaffAsync("admin-2"), second, None));
        Assert.True(await Directory.ConfirmRoleAsync(await Town.StaffAsync("admin-1"), second, None));
        Assert.Equal(Role.Analyst, (await Town.StaffAsync("new-1")).Role);
    }

    [Fact]
    public async Task An_officer_has_a_department_and_nobody_else_has()
    {
        var admin = await Town.StaffAsync("admin-1");
        await Town.AddAccountAsync("new-1");
        Assert.False(await Directory.AskForRoleAsync(admin, "new-1", Role.Officer, null, None));
        foreach (var role in new[] { Role.Editor, Role.Analyst, Role.Administrator }) Assert.False(await Directory.AskForRoleAsync(admin, "new-1", role, "urban", None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM role_grants WHERE account_id = 'new-1'"));
    }

    [Theory]
    [InlineData("urban-1")]
    [InlineData("editor-1")]
    [InlineData("analyst-1")]
    public async Task Only_administrators_grant_disable_and_set_duty(string staff)
    {
        var grant = await AskAsync("admin-1", "new-1", Role.Officer, "urban");
        var member = await Town.StaffAsync(staff);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Directory.AskForRoleAsync(member, "new-1", Role.Editor, null, None));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Directory.ConfirmRoleAsync(member, grant, None));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Directory.SetDisabledAsync(member, "water-1", true, None));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Directory.PutOnDutyAsync(member, "water-1", None));
        Assert.NotNull(await Directory.FindAsync("water-1", None));
    }

    [Fact]
    public async Task A_disabled_account_is_no_member_of_staff_until_it_is_enabled()
    {
        var admin = await Town.StaffAsync("admin-1");
        await Directory.SetDisabledAsync(admin, "urban-1", true, None);
        Assert.Null(await Directory.FindAsync("urban-1", None));
        Assert.True((await Directory.ListAsync(None)).Single(row => row.Id == "urban-1").Disabled);
        await Directory.SetDisabledAsync(admin, "urban-1", false, None);
        Assert.NotNull(await Directory.FindAsync("urban-1", None));
    }

    [Fact]
    public async Task An_account_without_a_role_and_one_that_is_not_there_are_nobody()
    {
        await Town.AddAccountAsync("new-1");
        foreach (var id in new[] { "new-1", "nobody", "", "' OR 1=1 --" }) Assert.Null(await Directory.FindAsync(id, None));
    }

    [Fact]
    public async Task Roles_are_granted_at_set_up_only_while_there_is_no_administrator()
    {
        await Town.AddAccountAsync("new-1");
        await Assert.ThrowsAsync<StoreException>(() => Directory.GrantAtSetUpAsync([("new-1", Role.Administrator, null, false)], None));
        // An administrator who was replaced does not bring the set-up back.
        await Town.ExecuteAsync("UPDATE role_grants SET ended_at = 1 WHERE role = 'administrator'");
        await Assert.ThrowsAsync<StoreException>(() => Directory.GrantAtSetUpAsync([("new-1", Role.Administrator, null, false)], None));
        Assert.Null(await Directory.FindAsync("new-1", None));
    }

    [Fact]
    public async Task The_list_shows_the_role_that_waits_for_confirmation()
    {
        await AskAsync("admin-1", "new-1", Role.Officer, "urban");
        var rows = await Directory.ListAsync(None);
        var row = rows.Single(account => account.Id == "new-1");
        Assert.Equal((Role.Officer, "urban", "admin-1", false), (row.Grant!.Role, row.Grant.Department, row.Grant.AskedBy, row.Grant.Confirmed));
        Assert.True(rows.Single(account => account.Id == "urban-1").Grant!.Confirmed);
        Assert.True(rows.Single(account => account.Id == "urban-duty").OnDuty);
    }

    [Fact]
    public async Task Every_deed_of_an_administrator_stands_in_the_audit()
    {
        var grant = await AskAsync("admin-1", "new-1", Role.Officer, "urban");
        var (first, second) = (await Town.StaffAsync("admin-1"), await Town.StaffAsync("admin-2"));
        await Directory.ConfirmRoleAsync(second, grant, None);
        Assert.False(await Directory.PutOnDutyAsync(first, "new-1", None));
        await Directory.EndDutyAsync(first, "new-1", None);
        await Directory.SetDisabledAsync(second, "new-1", true, None);
        await Directory.SetDisabledAsync(second, "new-1", false, None);
        var lines = await Town.Get<AuditLog>().NewestAsync(6, None);
        Assert.Equal(
            [("admin-2", "account-enabled"), ("admin-2", "account-disabled"), ("admin-1", "duty-ended"), ("admin-1", "duty-asked"), ("admin-2", "role-confirmed"), ("admin-1", "role-asked")],
            lines.Select(line => (line.Actor, line.Action)));
        Assert.All(lines, line => Assert.Equal("new-1", line.Target));
    }

    [Fact]
    public async Task Where_the_audit_cannot_be_written_no_role_is_granted_and_nobody_enabled()
    {
        var grant = await AskAsync("admin-1", "new-1", Role.Officer, "urban");
        var second = await Town.StaffAsync("admin-2");
        await Directory.SetDisabledAsync(second, "urban-1", true, None);
        await Town.RefuseAuditAsync();
        await Assert.ThrowsAnyAsync<DbException>(() => Directory.ConfirmRoleAsync(second, grant, None));
        await Assert.ThrowsAnyAsync<DbException>(() => Directory.SetDisabledAsync(second, "urban-1", false, None));
        Assert.Null(await Directory.FindAsync("new-1", None));
        Assert.Null(await Directory.FindAsync("urban-1", None));
    }

    private async Task<long> AskAsync(string administrator, string account, Role role, string? department)
    {
        if (await Town.CountAsync("SELECT COUNT(*) FROM accounts WHERE id = @id", ("id", account)) == 0) await Town.AddAccountAsync(account);
        Assert.True(await Directory.AskForRoleAsync(await Town.StaffAsync(administrator), account, role, department, None));
        return await Town.CountAsync("SELECT MAX(id) FROM role_grants");
    }

    [Fact]
    public async Task Duty_takes_two_administrators_and_ends_by_one()
    {
        var (first, second) = (await Town.StaffAsync("admin-1"), await Town.StaffAsync("admin-2"));
        Assert.False(await Directory.PutOnDutyAsync(first, "housing-1", None));
        Assert.False(await Directory.PutOnDutyAsync(first, "housing-1", None));
        Assert.False((await Town.StaffAsync("housing-1")).OnDuty);
        Assert.Equal("admin-1", Assert.Single(await Directory.ListAsync(None), account => account.Id == "housing-1").DutyAskedBy);
        Assert.True(await Directory.PutOnDutyAsync(second, "housing-1", None));
        Assert.True((await Town.StaffAsync("housing-1")).OnDuty);
        await Directory.EndDutyAsync(first, "housing-1", None);
        Assert.False((await Town.StaffAsync("housing-1")).OnDuty);
    }
}
