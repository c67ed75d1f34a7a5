namespace Opinion.Desk.Accounts;

/// <summary>The roles of the desk. Writers, leadership, press and public have no account: they see what is published.</summary>
public enum Role
{
    /// <summary>Works on the letters of one department.</summary>
    Officer,

    /// <summary>Reviews answers before they are published and keeps the answer bank.</summary>
    Editor,

    /// <summary>Sees aggregates, and no letters.</summary>
    Analyst,

    /// <summary>Keeps departments, calendars and accounts, and sees no letters.</summary>
    Administrator,
}

/// <summary>A member of staff as of this request: read from the store each time, so a change of role holds at once.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Login">The name used to sign in.</param>
/// <param name="Name">The name shown to colleagues.</param>
/// <param name="Role">The role granted.</param>
/// <param name="Department">The officer's department; null for the other roles.</param>
/// <param name="OnDuty">Whether urgent danger is shown to this officer first.</param>
public sealed record StaffMember(string Id, string Login, Offices.Name Name, Role Role, string? Department, bool OnDuty);
