using System.Text.Json;
using Opinion.Analysis.Suppression;
using Opinion.Analysis.Suppression.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Reports;
using Opinion.Desk.Reports.Sections;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Reports;

public abstract class WeeklyReportTests(TestEngine engine) : DeskSuite(engine)
{
    private static readonly IsoWeek Week = new(2026, 47);

    private WeeklyReport Reports => Town.Get<WeeklyReport>();

    [Fact]
    public async Task An_unfinished_week_is_refused_until_its_last_moment_in_the_office_is_over()
    {
        await Town.AssignAsync();
        Town.Clock.Now = new DateTimeOffset(2026, 11, 22, 23, 59, 59, 999, TimeSpan.FromHours(8));
        Assert.Null(await Reports.ReleaseAsync(Week, None));
        Assert.Equal(0, await Reports.ReleaseDueAsync(None));
        Town.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await Reports.ReleaseDueAsync(None));
        Assert.Equal(0, await Reports.ReleaseDueAsync(None));
        Assert.Equal(["2026-W47"], await Reports.WeeksAsync(None));
    }

    [Fact]
    public async Task Counts_are_rounded_small_ones_hidden_and_the_overdue_are_in_it()
    {
        await FileManyAsync(23, Town.Clock.Now.AddDays(-30));
        await FileManyAsync(13, Town.Clock.Now);
        var report = await ReleaseAsync();
        Assert.Equal("2026-W47", report.Week);
        var table = report.Tables.Single(found => found.Name == "received-by-subject");
        var tops = await Town.QueryAsync("SELECT code FROM subjects WHERE parent IS NULL ORDER BY position", row => row.GetString(0));
        Assert.Equal([.. tops, "unsorted"], table.Rows.Select(row => row.Key));
        // All came by one door and fell to one subject: the total would tell that the others are zero, and cannot be shown beside it.
        Assert.DoesNotContain(table.Rows, row => row.Key != "urban" && row.Count is not null);
        Assert.Equal(35, Value(report, "open"));
        Assert.Equal(25, Value(report, "overdue"));
    }

    [Fact]
    public async Task Nothing_below_ten_is_told()
    {
        await FileManyAsync(9, Town.Clock.Now);
        var report = await ReleaseAsync();
        Assert.NotEmpty(report.Tables);
        Assert.All(report.Tables.SelectMany(table => table.Rows), row => Assert.Null(row.Count));
        Assert.InRange(report.Measures.Count, 10, 100);
        Assert.All(report.Measures, measure => Assert.Null(measure.Value));
    }

    [Fact]
    public async Task Letters_of_one_template_count_as_one_when_it_is_decided_what_to_hide()
    {
        await Town.Get<ReceiveLetter>().HandleAsync([.. Enumerable.Range(0, 30).Select(_ => Town.Letter())], None);
        await Town.CarryOnAsync();
        var report = await ReleaseAsync();
        Assert.Null(report.Received);
        Assert.Equal(30, await Town.CountAsync("SELECT true_count FROM released_cells WHERE key = '2026-W47/received'"));
    }

    [Fact]
    public async Task Every_section_stands_in_every_week()
    {
        var report = await ReleaseAsync();
        string[] tables = ["received-by-subject", "received-by-channel", "received-by-department", "open-by-department", "unanswered-by-age", "dispositions", "contact-reads-by-department"];
        string[] measures = ["received", "open", "overdue", "ended", "closed", "closed-on-time", "on-time-percent", "days-median", "days-p90", "transfers", "passed-around", "passed-around-percent", "disputes", "contact-reads"];
        Assert.Empty(tables.Except(report.Tables.Select(table => table.Name)));
        Assert.Empty(measures.Except(report.Measures.Select(measure => measure.Name)));
        Assert.All(report.Measures, measure => Assert.False(string.IsNullOrWhiteSpace(measure.Formula)));
        Assert.Equal(ReportSections.All.Count, typeof(ReportSection).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(ReportSection))));
    }

    [Fact]
    public async Task A_report_of_the_first_form_is_read_as_it_was_released()
    {
        const string First = """{"week":"2026-W40","released":"2026-10-05T00:00:00+00:00","received":null,"tables":[{"name":"received-by-subject","rows":[{"key":"urban","count":15},{"key":"housing","count":null}]}],"measures":[{"name":"open","value":35,"formula":"matters not closed at the end of the week"}],"errata":[]}""";
        await Town.ExecuteAsync($"INSERT INTO released_weeks (week, released_at, report) VALUES ('2026-W40', 1, '{First}')");
        var report = (await Reports.FindAsync(new IsoWeek(2026, 40), None))!;
        Assert.Equal(new ReportRow("housing", null), report.Tables.Single().Rows[1]);
        Assert.Equal(First, ReportText.Json(report).TrimEnd());
    }

    [Fact]
    public async Task The_auditor_finds_nothing_in_weeks_that_hang_together_and_finds_a_planted_cell()
    {
        var weeks = new List<Report>();
        for (var i = 0; i < 6; i++)
        {
            await FileManyAsync(12 + (7 * i), Town.Clock.Now);
            Town.Clock.Advance(TimeSpan.FromDays(7));
            weeks.Add((await Reports.ReleaseAsync(IsoWeek.Of(Week.Monday.AddDays(7 * i)), None))!);
        }

        var published = weeks.SelectMany(PublishedCells.Of).ToList();
        Assert.InRange(published.Count(cell => cell.Count is not null), 6, int.MaxValue);
        var lines = await Town.QueryAsync("SELECT parts, totals FROM released_lines ORDER BY week, position", row => new CountLine(row.GetString(0).Split('\n'), row.GetString(1).Split('\n')));
        Assert.InRange(lines.Count, 6 * 8, int.MaxValue);
        Assert.Empty(PublicationAuditor.Audit(published, lines).Findings);

        // Every true count of the last week, small ones too, as a program would show them that suppressed nothing.
        var leaked = await Town.QueryAsync("SELECT key, true_count FROM released_cells WHERE week = '2026-W52'", row => new PublishedCell(row.GetString(0), CountTable.Round(row.GetInt64(1))));
        Assert.NotEmpty(PublicationAuditor.Audit(published.Concat(leaked.Where(cell => cell.Key.EndsWith("/received", StringComparison.Ordinal) || cell.Key.Contains("by-channel", StringComparison.Ordinal))), lines).Findings);
    }

    [Fact]
    public async Task An_erratum_stands_with_its_week_and_in_the_next_report_and_passes_the_same_auditor()
    {
        await FileManyAsync(43, Town.Clock.Now.AddDays(-30));
        await FileManyAsync(30, Town.Clock.Now);
        var before = await ReleaseAsync();
        var correct = Town.Get<CorrectWeek>();
        Assert.Contains("not released", await correct.HandleAsync(Week.Next, new Dictionary<string, long> { ["overdue"] = 33 }, "算错了", None), StringComparison.Ordinal);
        Assert.Contains("reason", await correct.HandleAsync(Week, new Dictionary<string, long> { ["overdue"] = 33 }, " ", None), StringComparison.Ordinal);
        // A cell is missing: overdue and in time are all that is open.
        Assert.Contains("does not add up", await correct.HandleAsync(Week, new Dictionary<string, long> { ["overdue"] = 33 }, "算错了", None), StringComparison.Ordinal);
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM report_errata"));
        Assert.Null(await correct.HandleAsync(Week, new Dictionary<string, long> { ["overdue"] = 33, ["open-in-time"] = 40 }, "期限算错了", None));
        var after = (await Reports.FindAsync(Week, None))!;
        Assert.Equal(["2026-W47/open-in-time#1 = 40 (was 30): 期限算错了", "2026-W47/overdue#1 = 35 (was 45): 期限算错了"], after.Errata);
        Assert.Equivalent(before, after with { Errata = [] }, strict: true);
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'week-corrected'"));
        Town.Clock.Advance(TimeSpan.FromDays(7));
        var next = (await Reports.ReleaseAsync(Week.Next, None))!;
        Assert.Equal(after.Errata, next.Errata);
        var lines = await Town.QueryAsync("SELECT parts, totals FROM released_lines ORDER BY week, position", row => new CountLine(row.GetString(0).Split('\n'), row.GetString(1).Split('\n')));
        Assert.Contains(lines, line => line.Parts.Contains("2026-W47/overdue#1"));
        Assert.Empty(PublicationAuditor.Audit([.. PublishedCells.Of(after), .. PublishedCells.Of(next)], lines).Findings);
    }

    [Fact]
    public async Task Csv_markdown_and_json_have_the_same_numbers()
    {
        await FileManyAsync(23, Town.Clock.Now.AddDays(-30));
        await FileManyAsync(43, Town.Clock.Now);
        var report = await ReleaseAsync();
        var expected = report.Tables.SelectMany(table => table.Rows.Select(row => (table.Name, row.Key, Text(row.Count)))).Concat(report.Measures.Select(measure => ("measure", measure.Name, Text(measure.Value)))).Order().ToList();
        Assert.Contains(expected, line => line.Item3.Length > 0);
        var json = JsonDocument.Parse(ReportText.Json(report)).RootElement;
        Assert.Equal(expected, json.GetProperty("tables").EnumerateArray()
            .SelectMany(table => table.GetProperty("rows").EnumerateArray().Select(row => (table.GetProperty("name").GetString()!, row.GetProperty("key").GetString()!, row.GetProperty("count").ToString())))
            .Concat(json.GetProperty("measures").EnumerateArray().Select(measure => ("measure", measure.GetProperty("name").GetString()!, measure.GetProperty("value").ToString()))).Order());
        Assert.Equal(expected, ReportText.Csv(report).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).Where(cells => cells[0] is "table" or "measure")
            .Select(cells => (cells[0] == "table" ? cells[1] : "measure", cells[2], cells[3])).Order());
        var heading = "";
        var read = new List<(string, string, string)>();
        foreach (var line in ReportText.Markdown(report).Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) heading = line[3..];
            if (line.Split(" | ") is [var key, var value, ..] && key.StartsWith("| `", StringComparison.Ordinal))
                read.Add((heading == "measures" ? "measure" : heading, key[3..^1], value.Trim('|', ' ') is "—" ? "" : value.Trim('|', ' ')));
        }

        Assert.Equal(expected, read.Order());
    }

    [Fact]
    public async Task A_released_week_stays_as_it_was_released()
    {
        await FileManyAsync(13, Town.Clock.Now);
        var released = await ReleaseAsync();
        // A sheet that comes late, and a letter withdrawn since, change nothing of it.
        await FileManyAsync(20, Town.MondayMorning);
        foreach (var id in await Town.QueryAsync("SELECT id FROM letters ORDER BY id LIMIT 5", row => row.GetString(0))) Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(id, None));
        Town.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equivalent(released, await Reports.ReleaseAsync(Week, None), strict: true);
        Assert.Equivalent(released, await Reports.FindAsync(Week, None), strict: true);
    }

    [Fact]
    public async Task Two_programs_that_release_at_once_release_one_report()
    {
        await FileManyAsync(13, Town.Clock.Now);
        Town.Clock.Advance(TimeSpan.FromDays(7));
        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Reports.ReleaseAsync(Week, None))));
        Assert.Equal(4, reports.Length);
        Assert.All(reports, report => Assert.Equivalent(reports[0], report, strict: true));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM released_weeks"));
    }

    [Fact]
    public async Task A_clock_that_jumps_back_and_forth_releases_each_week_once_and_without_a_gap()
    {
        await Town.AssignAsync();
        Town.Clock.Advance(TimeSpan.FromDays(21));
        Assert.Equal(3, await Reports.ReleaseDueAsync(None));
        Town.Clock.Advance(TimeSpan.FromHours(-1));
        Assert.Equal(0, await Reports.ReleaseDueAsync(None));
        Town.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(1, await Reports.ReleaseDueAsync(None));
        Assert.Equal(["2026-W50", "2026-W49", "2026-W48", "2026-W47"], await Reports.WeeksAsync(None));
    }

    private static string Text(decimal? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";

    private static decimal? Value(Report report, string name) => report.Measures.Single(measure => measure.Name == name).Value;

    private async Task<Report> ReleaseAsync()
    {
        Town.Clock.Now = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(8));
        return (await Reports.ReleaseAsync(Week, None))!;
    }

    private async Task FileManyAsync(int letters, DateTimeOffset arrived)
    {
        // Each has words of its own: equal texts count as one when it is decided what to hide.
        await Town.Get<ReceiveLetter>().HandleAsync([.. Enumerable.Range(0, letters).Select(i => Town.Letter($"{Town.Streetlight}这是第 {i} 盏路灯。") with { Arrived = arrived })], None);
        await Town.CarryOnAsync();
    }
}
