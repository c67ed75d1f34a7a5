using Opinion.Desk.Letters;

namespace Opinion.Desk.Reports.Sections;

/// <summary>What came in: by top subject, channel and department. A letter belongs to the week of its arrival.</summary>
internal sealed class ReceivedSection : ReportSection
{
    /// <summary>The row of letters that nobody has sorted yet.</summary>
    private const string Unsorted = "unsorted";

    internal override async Task CountAsync(WeekCount week, CancellationToken cancel)
    {
        // Equal texts collapse only to decide what is hidden. Ids begin with the moment of arrival; they find the month on PostgreSQL.
        var groups = await week.Session.QueryAsync(
            """
            SELECT l.subject, l.channel, m.department, COUNT(*), COUNT(DISTINCT l.body), SUM(CASE WHEN l.body IS NULL THEN 1 ELSE 0 END)
            FROM letters l LEFT JOIN matters m ON m.letter_id = l.id
            WHERE l.id >= @first AND l.id < @before
            GROUP BY l.subject, l.channel, m.department
            """,
            row => (Subject: row.IsDBNull(0) ? null : row.GetString(0), Channel: row.GetString(1), Department: row.IsDBNull(2) ? null : row.GetString(2), Count: row.GetInt64(3), Distinct: row.GetInt64(4) + row.GetInt64(5)),
            cancel, ("first", week.First), ("before", week.Before));
        week.Cell("received", groups.Sum(group => group.Count), groups.Sum(group => group.Distinct));
        Add("received-by-subject", [.. week.Office.Scheme.Subjects.Where(subject => subject.Parent is null).Select(subject => subject.Code)],
            group => group.Subject is null ? null : week.Office.Scheme.PathOf(group.Subject) is [var top, ..] ? top.Code : null);
        Add("received-by-channel", [.. Enum.GetValues<Channel>().Select(channel => channel.NameOf())], group => group.Channel, closed: true);
        Add("received-by-department", [.. week.Office.Departments.Select(department => department.Code)], group => group.Department);
        week.Measure("received", "letters that arrived in the week");

        void Add(string name, string[] keys, Func<(string? Subject, string Channel, string? Department, long Count, long Distinct), string?> keyOf, bool closed = false)
        {
            var known = keys.ToHashSet(StringComparer.Ordinal);
            var sums = groups.ToLookup(group => keyOf(group) is { } key && known.Contains(key) ? key : Unsorted);
            week.Table(name, "received", [.. keys.Concat(closed ? [] : [Unsorted]).Select(key => new SectionRow(key, sums[key].Sum(group => group.Count), sums[key].Sum(group => group.Distinct)))]);
        }
    }
}
