using Opinion.Desk.Audit;

namespace Opinion.Desk.Reports.Sections;

/// <summary>How often each department opened an original with its contact data.</summary>
internal sealed class ContactReadsSection : ReportSection
{
    internal override async Task CountAsync(WeekCount week, CancellationToken cancel)
    {
        var reads = await week.Session.QueryAsync("SELECT department, COUNT(*) FROM audit_log WHERE action = @action AND at >= @from AND at < @to GROUP BY department",
            row => (Department: row.IsDBNull(0) ? "" : row.GetString(0), Count: row.GetInt64(1)), cancel, ("action", AuditLog.OriginalOpened), ("from", week.From), ("to", week.To));
        var known = week.Office.Departments.Select(department => department.Code).ToHashSet(StringComparer.Ordinal);
        week.Cell("contact-reads", reads.Sum(pair => pair.Count));
        week.Measure("contact-reads", "times a person opened a letter's original text and contact data in the week");
        week.Table("contact-reads-by-department", "contact-reads",
            [.. week.Office.Departments.Select(department => new SectionRow(department.Code, reads.Where(pair => pair.Department == department.Code).Sum(pair => pair.Count))),
             new SectionRow("none", reads.Where(pair => !known.Contains(pair.Department)).Sum(pair => pair.Count))]);
    }
}
