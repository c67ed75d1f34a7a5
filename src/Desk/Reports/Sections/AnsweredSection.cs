using System.Globalization;
using Opinion.Desk.Matters;

namespace Opinion.Desk.Reports.Sections;

/// <summary>How what ended in the week ended, how much of it in time, and after how many days. Withdrawn matters were not answered.</summary>
internal sealed class AnsweredSection : ReportSection
{
    private const double Day = 24d * 60 * 60 * 1000;

    internal override async Task CountAsync(WeekCount week, CancellationToken cancel)
    {
        var ended = await week.Session.QueryAsync("SELECT letter_id, disposition, closed_at, deadline_at FROM matters WHERE closed_at IS NOT NULL AND closed_at >= @from AND closed_at < @to",
            row => (Arrived: long.Parse(row.GetString(0).AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), Disposition: row.GetString(1), Closed: row.GetInt64(2), Deadline: row.GetInt64(3)),
            cancel, ("from", week.From), ("to", week.To));
        var withdrawn = Disposition.Withdrawn.NameOf();
        var answered = ended.Where(matter => matter.Disposition != withdrawn).ToList();
        week.Cell("ended", ended.Count);
        week.Cell("closed", answered.Count);
        week.Cell("closed-on-time", answered.Count(matter => matter.Closed <= matter.Deadline));
        week.Cell("closed-late", answered.Count(matter => matter.Closed > matter.Deadline));
        week.Line(["closed-on-time", "closed-late"], ["closed"]);
        week.Table("dispositions", "ended", [.. Enum.GetValues<Disposition>().Select(disposition => disposition.NameOf()).Select(name => new SectionRow(name, ended.Count(matter => matter.Disposition == name)))]);
        week.Line([.. Enum.GetValues<Disposition>().Where(disposition => disposition != Disposition.Withdrawn).Select(disposition => $"dispositions/{disposition.NameOf()}")], ["closed"]);
        week.Measure("ended", "matters closed in the week, withdrawn ones too");
        week.Measure("closed", "matters answered and closed in the week");
        week.Measure("closed-on-time", "of these, those closed by their deadline");
        week.Measure("closed-late", "of these, those closed after it");
        week.Rate("on-time-percent", "closed-on-time", ["closed", "overdue"], "closed on time / (closed + open overdue), from the rounded counts, in percent");
        week.Spread("days", [.. answered.Select(matter => (matter.Closed - matter.Arrived) / Day)], "closed", "days from arrival to closing");
    }
}
