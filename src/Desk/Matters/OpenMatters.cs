using System.Data.Common;
using System.Globalization;
using Opinion.Desk.Accounts;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Matters;

/// <summary>What every piece of casework needs to know of its matter first.</summary>
/// <param name="LetterId">The letter's id inside the store.</param>
/// <param name="Number">The letter's public number.</param>
/// <param name="Department">The department responsible.</param>
/// <param name="About">The department complained about, if any.</param>
/// <param name="Open">Whether the matter is open.</param>
/// <param name="Urgent">Whether it is urgent danger.</param>
/// <param name="Deadline">The day by whose end it must be settled.</param>
/// <param name="Publish">Whether the writer agreed to publication.</param>
/// <param name="Subject">The letter's subject, if it has one.</param>
/// <param name="HoldUntil">Until when contact data waits after a transfer.</param>
public sealed record MatterHead(string LetterId, string Number, string Department, string? About, bool Open, bool Urgent, DateOnly Deadline, bool Publish, string? Subject, DateTimeOffset? HoldUntil);

/// <summary>
/// The door every piece of casework goes through: it finds the matter, checks that this member of staff may work on it,
/// and lets the work be done in one transaction with its line in the history.
/// </summary>
public sealed class OpenMatters(DeskStore store)
{
    internal const string HeadColumns =
        "SELECT l.id, l.number, m.department, l.about_department, m.state, m.urgent, m.deadline, l.publish, l.subject, m.contact_hold_until FROM letters l JOIN matters m ON m.letter_id = l.id ";

    /// <summary>Whether a member of staff may see a matter: the own department's, or urgent danger for the duty officer; never one about the own department.</summary>
    /// <returns>Null where it is allowed, else the reason it is not.</returns>
    public static Refusal? MayOpen(StaffMember staff, MatterHead matter)
    {
        if (staff.Role != Role.Officer) return Refusal.NotYourRole;
        if (string.Equals(staff.Department, matter.About, StringComparison.Ordinal)) return Refusal.ComplainedAbout;
        if (string.Equals(staff.Department, matter.Department, StringComparison.Ordinal)) return null;
        return staff.OnDuty && matter.Urgent ? null : Refusal.OtherDepartment;
    }

    /// <summary>Does a piece of work on an open matter, in one transaction, or nothing.</summary>
    internal async Task<Refusal?> WorkAsync(StaffMember staff, string number, Func<StoreSession, MatterHead, Task<Refusal?>> work, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        var matter = await FindAsync(session, number, cancel);
        if (matter is null) return Refusal.NotFound;
        if (MayOpen(staff, matter) is { } refusal) return refusal;
        if (!matter.Open) return Refusal.NotOpen;
        if (await work(session, matter) is { } refused) return refused;
        await session.CommitAsync(cancel);
        return null;
    }

    /// <summary>Finds a matter by its letter's public number; null where there is none.</summary>
    internal static Task<MatterHead?> FindAsync(StoreSession session, string number, CancellationToken cancel) =>
        session.FirstAsync(HeadColumns + "WHERE l.number = @number", ReadHead, cancel, ("number", number));

    /// <summary>Finds a matter by its letter's id; null where the letter is not assigned yet.</summary>
    internal static Task<MatterHead?> FindByLetterAsync(StoreSession session, string letterId, CancellationToken cancel) =>
        session.FirstAsync(HeadColumns + "WHERE l.id = @letter", ReadHead, cancel, ("letter", letterId));

    private static MatterHead ReadHead(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4) == "open", row.GetInt64(5) == 1,
        DateOnly.ParseExact(row.GetString(6), "yyyy-MM-dd", CultureInfo.InvariantCulture), row.GetInt64(7) == 1, row.IsDBNull(8) ? null : row.GetString(8),
        row.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)));
}
