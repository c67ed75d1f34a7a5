using System.Globalization;
using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;

namespace Opinion.Desk.Matters;

/// <summary>Moves a deadline to a later day, by a named officer and with a reason the writer sees. The schema refuses any other change of a deadline.</summary>
public sealed class ExtendDeadline(OpenMatters matters, LetterReader reader, OfficeDirectory offices, TimeProvider clock)
{
    /// <summary>The most working days one extension can give.</summary>
    public const int MostDays = 30;

    /// <summary>Extends the deadline.</summary>
    /// <param name="officer">An officer of the responsible department.</param>
    /// <param name="number">The letter's number.</param>
    /// <param name="days">Working days from the old deadline, or from today where that is past; 1 to <see cref="MostDays"/>.</param>
    /// <param name="reason">Why; the writer reads it.</param>
    /// <param name="cancel">Cancels the work.</param>
    public async Task<Refusal?> HandleAsync(StaffMember officer, string number, int days, string? reason, CancellationToken cancel)
    {
        if (Refusals.ForText(reason, LetterText.ReplyLimit) is { } wrong) return wrong;
        if (days is < 1 or > MostDays) return Refusal.DeadlineNotLater;
        if (reader.RedactInside(reason!.Trim()) is not { } words) return Refusal.CannotRedact;
        var office = await offices.GetAsync(cancel);
        return await matters.WorkAsync(officer, number, async (session, matter) =>
        {
            var now = clock.GetUtcNow();
            var today = office.Calendar.DayOf(now);
            var deadline = office.Calendar.EndOf(office.Calendar.AddWorkingDays(matter.Deadline > today ? matter.Deadline : today, days));
            var day = deadline.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            await session.ExecuteAsync("INSERT INTO deadline_changes (letter_id, deadline, account, reason, at) VALUES (@letter, @day, @account, @reason, @now)", cancel,
                ("letter", matter.LetterId), ("day", day), ("account", officer.Id), ("reason", words), ("now", now.ToUnixTimeMilliseconds()));
            await session.ExecuteAsync("UPDATE matters SET deadline = @day, deadline_at = @end WHERE letter_id = @letter", cancel,
                ("day", day), ("end", deadline.End.ToUnixTimeMilliseconds()), ("letter", matter.LetterId));
            await MatterHistory.AppendAsync(session, matter.LetterId, now,
                new HistoryEntry(HistoryKind.DeadlineExtended, officer.Id, Visible: true, officer.Department, day, words), cancel);
            return null;
        }, cancel);
    }
}
