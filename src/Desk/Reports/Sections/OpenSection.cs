namespace Opinion.Desk.Reports.Sections;

/// <summary>What is open and overdue at the week's end, and how long what is unanswered has waited. It cannot be left out.</summary>
internal sealed class OpenSection : ReportSection
{
    private const long Day = 24L * 60 * 60 * 1000;

    internal override async Task CountAsync(WeekCount week, CancellationToken cancel)
    {
        // A letter's id begins with its moment of arrival, so the letters themselves need not be read for it.
        var groups = await week.Session.QueryAsync(
            """
            SELECT m.department,
              CASE WHEN m.letter_id >= @week THEN 0 WHEN m.letter_id >= @month THEN 1 WHEN m.letter_id >= @quarter THEN 2 ELSE 3 END,
              CASE WHEN m.deadline_at <= @to THEN 1 ELSE 0 END, COUNT(*)
            FROM matters m
            WHERE m.letter_id < @before AND (m.closed_at IS NULL OR m.closed_at >= @to)
            GROUP BY 1, 2, 3
            """,
            row => (Department: row.GetString(0), Age: Convert.ToInt32(row.GetValue(1), System.Globalization.CultureInfo.InvariantCulture), Overdue: Convert.ToInt32(row.GetValue(2), System.Globalization.CultureInfo.InvariantCulture) == 1, Count: row.GetInt64(3)),
            cancel, ("to", week.To), ("before", week.Before), ("week", WeekCount.IdAt(week.To - (7 * Day))), ("month", WeekCount.IdAt(week.To - (30 * Day))), ("quarter", WeekCount.IdAt(week.To - (90 * Day))));
        week.Cell("open", groups.Sum(group => group.Count));
        week.Cell("overdue", groups.Where(group => group.Overdue).Sum(group => group.Count));
        week.Cell("open-in-time", groups.Where(group => !group.Overdue).Sum(group => group.Count));
        week.Line(["overdue", "open-in-time"], ["open"]);
        week.Measure("open", "matters not closed at the end of the week");
        week.Measure("overdue", "open matters whose deadline was past at the end of the week");
        week.Measure("open-in-time", "open matters whose deadline was still to come");
        week.Table("open-by-department", "open", [.. week.Office.Departments.Select(department => new SectionRow(department.Code, groups.Where(group => group.Department == department.Code).Sum(group => group.Count)))]);
        string[] ages = ["up-to-7-days", "8-to-30-days", "31-to-90-days", "over-90-days"];
        week.Table("unanswered-by-age", "open", [.. ages.Select((age, i) => new SectionRow(age, groups.Where(group => group.Age == i).Sum(group => group.Count)))]);
    }
}
