using Opinion.Analysis.Suppression;

namespace Opinion.Desk.Reports;

/// <summary>A published report as the cells of the suppression, keyed as <see cref="Sections.WeekCount.Key"/> keys them: what an auditor reads.</summary>
public static class PublishedCells
{
    /// <summary>All counts of a report. Figures that derive from counts are none.</summary>
    public static IEnumerable<PublishedCell> Of(Report report)
    {
        if (report.Received is not null) yield return new PublishedCell($"{report.Week}/received", report.Received);
        foreach (var table in report.Tables)
        {
            foreach (var row in table.Rows) yield return new PublishedCell($"{report.Week}/{table.Name}/{row.Key}", row.Count);
        }

        foreach (var measure in report.Measures)
        {
            if (!IsDerived(measure.Name)) yield return new PublishedCell($"{report.Week}/{measure.Name}", (long?)measure.Value);
        }
    }

    /// <summary>Whether a figure is made from counts or values of matters and is no count itself.</summary>
    public static bool IsDerived(string measure) => measure.EndsWith("-percent", StringComparison.Ordinal) || measure.EndsWith("-median", StringComparison.Ordinal) || measure.EndsWith("-p90", StringComparison.Ordinal);
}
