using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Storage;

public abstract class DoctorTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task A_sound_office_has_no_findings_and_its_counts_are_right()
    {
        await Town.AssignAsync(Town.Letter() with { Arrived = Town.Clock.Now.AddDays(-40) });
        await Town.AssignAsync();
        await Town.AnswerAsync();
        await Town.FileAsync();
        var report = await Town.Get<Doctor>().ExamineAsync(None);
        Assert.Empty(report.Findings);
        Assert.Equal((4, 3, 2, 1, 1, 0), (report.Letters, report.Matters, report.Open, report.Overdue, report.Waiting, report.SetAside));
        Assert.Equal(Migrator.Newest, report.Schema);
    }

    [Fact]
    public async Task A_calendar_that_has_run_out_is_found()
    {
        Town.Clock.Advance(TimeSpan.FromDays(3000));
        Assert.StartsWith("The calendar names no holiday", Assert.Single((await Town.Get<Doctor>().ExamineAsync(None)).Findings), StringComparison.Ordinal);
    }
}
