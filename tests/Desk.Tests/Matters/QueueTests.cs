using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Matters;

public abstract class QueueTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task The_queue_has_danger_first_then_what_is_due_soonest_so_the_overdue_stand_on_top()
    {
        var later = await Town.AssignAsync();
        var overdue = await Town.AssignAsync(Town.Letter() with { Arrived = Town.Clock.Now.AddDays(-30) });
        var soon = await Town.AssignAsync(Town.Letter() with { Arrived = Town.Clock.Now.AddDays(-5) });
        var danger = await Town.AssignAsync();
        Assert.Null(await Town.Get<CorrectSubject>().HandleAsync(await Town.StaffAsync("urban-1"), danger.Number, "urban.streetlight.fault", Analysis.Classification.Need.UrgentDanger, None));
        var queue = await QueueAsync("urban-1");
        Assert.Equal([danger.Number, overdue.Number, soon.Number, later.Number], queue.Lines.Select(line => line.Number));
        Assert.Equal([false, true, false, false], queue.Lines.Select(line => line.Overdue));
        Assert.Equal((4, 1, 1), (queue.Open, queue.Overdue, queue.DueSoon));
        Assert.False(queue.More);
        Assert.Equal(overdue.Number, Assert.Single((await QueueAsync("urban-1", QueueView.Overdue)).Lines).Number);
    }

    [Fact]
    public async Task A_matter_becomes_overdue_with_the_end_of_its_day_not_before()
    {
        await Town.AssignAsync();
        Town.Clock.Now = new DateTimeOffset(2026, 11, 23, 23, 59, 59, 999, TimeSpan.FromHours(8));
        Assert.Equal(0, (await QueueAsync("urban-1")).Overdue);
        Town.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await QueueAsync("urban-1")).Overdue);
    }

    [Fact]
    public async Task Closed_matters_stand_apart_the_latest_first()
    {
        var first = await Town.AnswerAsync();
        Town.Clock.Advance(TimeSpan.FromHours(1));
        var second = await Town.AnswerAsync();
        await Town.AssignAsync();
        var closed = await QueueAsync("urban-1", QueueView.Closed);
        Assert.Equal([second.Number, first.Number], closed.Lines.Select(line => line.Number));
        Assert.All(closed.Lines, line => Assert.Equal(("solved", false), (line.Disposition, line.Overdue)));
        Assert.Equal(1, closed.Open);
    }

    [Fact]
    public async Task A_subject_shows_itself_and_what_lies_below_it_and_nothing_else()
    {
        var filed = await Town.AssignAsync();
        foreach (var subject in new[] { "urban", "urban.streetlight", "urban.streetlight.fault" })
            Assert.Equal(filed.Number, Assert.Single((await QueueAsync("urban-1", subject: subject)).Lines).Number);
        foreach (var subject in new[] { "urban.street", "urban.parks", "housing", "' OR 1=1 --", "" })
            Assert.Empty((await QueueAsync("urban-1", subject: subject)).Lines);
    }

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap()
    {
        await Town.Get<ReceiveLetter>().HandleAsync([.. Enumerable.Range(0, ListQueue.PageSize + 5).Select(_ => Town.Letter())], None);
        await Town.CarryOnAsync();
        var first = await QueueAsync("urban-1");
        var second = await QueueAsync("urban-1", page: 1);
        Assert.Equal((ListQueue.PageSize, true), (first.Lines.Count, first.More));
        Assert.Equal((5, false), (second.Lines.Count, second.More));
        Assert.Equal(ListQueue.PageSize + 5, first.Lines.Concat(second.Lines).Select(line => line.Number).Distinct().Count());
    }

    [Fact]
    public async Task Other_departments_and_other_roles_see_nothing_of_it()
    {
        await Town.AssignAsync();
        foreach (var staff in new[] { "housing-1", "intake-1", "supervision-1", "editor-1", "analyst-1", "admin-1" })
        {
            var queue = await QueueAsync(staff);
            Assert.Empty(queue.Lines);
            Assert.Equal((0, 0, 0), (queue.Open, queue.Overdue, queue.DueSoon));
        }
    }

    [Fact]
    public async Task A_letter_without_a_title_shows_its_first_words_and_never_half_a_character()
    {
        await Town.AssignAsync(Town.Letter(new string('路', 29) + "😀" + Town.Streetlight));
        var line = Assert.Single((await QueueAsync("urban-1")).Lines.Concat((await QueueAsync("intake-1")).Lines));
        Assert.EndsWith("…", line.Title, StringComparison.Ordinal);
        Assert.Null(LetterText.Check(line.Title, 100, required: true));
    }

    [Fact]
    public async Task Notes_and_reads_are_not_the_last_event_of_a_line()
    {
        var filed = await Town.AssignAsync();
        var officer = await Town.StaffAsync("urban-1");
        await Casework.All["reply"](Town, officer, filed.Number);
        await Casework.All["note"](Town, officer, filed.Number);
        await Casework.All["open"](Town, officer, filed.Number);
        Assert.Equal("interim-reply", Assert.Single((await QueueAsync("urban-1")).Lines).LastEvent);
    }

    private async Task<Queue> QueueAsync(string staff, QueueView view = QueueView.Open, string? subject = null, int page = 0) =>
        await Town.Get<ListQueue>().HandleAsync(await Town.StaffAsync(staff), view, subject, page, None);
}
