using System.Globalization;
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

        foreach (var cell in OfErrata(report.Errata)) yield return cell;
    }

    /// <summary>The corrected cells that errata tell.</summary>
    public static IEnumerable<PublishedCell> OfErrata(IEnumerable<string> errata)
    {
        foreach (var erratum in errata)
        {
            if (erratum.Split(' ', 4) is [var key, "=", var value, _] && key.Contains('#', StringComparison.Ordinal))
                yield return new PublishedCell(key, long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null);
        }
    }

    /// <summary>Whether a figure is made from counts or values of matters and is no count itself.</summary>
    public static bool IsDerived(string measure) => measure.EndsWith("-percent", StringComparison.Ordinal) || measure.EndsWith("-median", StringComparison.Ordinal) || measure.EndsWith("-p90", StringComparison.Ordinal);
}
