namespace Opinion.Desk.Reports.Sections;

/// <summary>
/// One part of the weekly report. Sections stand in <see cref="ReportSections.All"/> and nowhere else: there is no setting and no
/// registration, so that no office can leave one out. A section states true counts and the lines between them; what of it is
/// shown is decided by the report for all sections, tables and weeks together, never by a section.
/// </summary>
public abstract class ReportSection
{
    /// <summary>Counts a week within the releasing transaction.</summary>
    /// <param name="week">The week; it takes cells, lines, tables and measures in the order in which they shall stand.</param>
    /// <param name="cancel">Cancels the work.</param>
    internal abstract Task CountAsync(WeekCount week, CancellationToken cancel);
}

/// <summary>The template of the weekly report. It is code.</summary>
public static class ReportSections
{
    /// <summary>All sections in the order in which they stand.</summary>
    public static IReadOnlyList<ReportSection> All { get; } =
    [
        new ReceivedSection(),
        new OpenSection(),
        new AnsweredSection(),
        new PassedAroundSection(),
        new ContactReadsSection(),
    ];
}
