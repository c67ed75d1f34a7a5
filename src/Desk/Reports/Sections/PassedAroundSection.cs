namespace Opinion.Desk.Reports.Sections;

/// <summary>Transfers between departments, matters that were passed around, and answers that were disputed.</summary>
internal sealed class PassedAroundSection : ReportSection
{
    internal override async Task CountAsync(WeekCount week, CancellationToken cancel)
    {
        Storage.SqlValue[] span = [("from", week.From), ("to", week.To)];
        week.Cell("transfers", await week.Session.CountAsync("SELECT COUNT(*) FROM matter_events WHERE kind = 'transferred' AND at >= @from AND at < @to", cancel, span));
        week.Cell("disputes", await week.Session.CountAsync("SELECT COUNT(*) FROM matter_events WHERE kind = 'disputed' AND at >= @from AND at < @to", cancel, span));
        week.Cell("passed-around", await week.Session.CountAsync("SELECT COUNT(*) FROM matters WHERE closed_at IS NOT NULL AND closed_at >= @from AND closed_at < @to AND disposition <> 'withdrawn' AND transfers >= 2", cancel, span));
        week.Cell("not-passed-around", await week.Session.CountAsync("SELECT COUNT(*) FROM matters WHERE closed_at IS NOT NULL AND closed_at >= @from AND closed_at < @to AND disposition <> 'withdrawn' AND transfers < 2", cancel, span));
        week.Line(["passed-around", "not-passed-around"], ["closed"]);
        // Open matters of last week, with what came and what was opened again, are what ended and what is open now.
        week.Stock("open", ["received", "disputes"], ["ended"]);
        week.Measure("transfers", "times a matter went from one department to another in the week");
        week.Measure("passed-around", "matters closed in the week that had been transferred twice or more");
        week.Measure("not-passed-around", "matters closed in the week that had been transferred once or not at all");
        week.Rate("passed-around-percent", "passed-around", ["closed"], "passed around / closed, from the rounded counts, in percent");
        week.Measure("disputes", "answers disputed by their writers in the week");
    }
}
