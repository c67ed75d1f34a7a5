using Opinion.Desk.Matters;
using Opinion.Desk.Reminders;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Reminders;

public abstract class RemindOfficersTests(TestEngine engine) : DeskSuite(engine)
{
    private RemindOfficers Remind => Town.Get<RemindOfficers>();

    [Fact]
    public async Task A_deadline_is_reminded_of_once_before_and_once_after_it()
    {
        // Five working days from Monday the 16th: due at the end of Monday the 23rd.
        var filed = await Town.AssignAsync();
        Assert.Equal(0, await Remind.HandleAsync(None));
        Town.Clock.Now = At(20, 7, 59);
        Assert.Equal(0, await Remind.HandleAsync(None));
        Town.Clock.Now = At(20, 8, 0);
        Assert.Equal(1, await Remind.HandleAsync(None));
        Assert.Equal(0, await Remind.HandleAsync(None));
        // Neither a clock set back nor the weekend reminds again.
        Town.Clock.Now = At(20, 8, 0).AddHours(-1);
        Assert.Equal(0, await Remind.HandleAsync(None));
        Town.Clock.Now = At(22, 12, 0);
        Assert.Equal(0, await Remind.HandleAsync(None));
        Town.Clock.Now = At(23, 9, 0);
        Assert.Equal(0, await Remind.HandleAsync(None));
        Town.Clock.Now = At(24, 9, 0);
        Assert.Equal(1, await Remind.HandleAsync(None));
        Assert.Equal(0, await Remind.HandleAsync(None));
        Assert.Equal(["due-soon", "overdue"], await Town.QueryAsync("SELECT kind FROM reminders WHERE letter_id = @id AND department = 'urban' ORDER BY kind", row => row.GetString(0), ("id", filed.Id)));
    }

    [Fact]
    public async Task An_extended_deadline_is_another_and_a_closed_matter_is_left_alone()
    {
        var extended = await Town.AssignAsync();
        var answered = await Town.AnswerAsync();
        Town.Clock.Now = At(20, 9, 0);
        Assert.Equal(1, await Remind.HandleAsync(None));
        Assert.Null(await Town.Get<ExtendDeadline>().HandleAsync(await Town.StaffAsync("urban-1"), extended.Number, 2, "等配件", None));
        Assert.Equal(0, await Remind.HandleAsync(None));
        Town.Clock.Now = At(24, 9, 0);
        Assert.Equal(1, await Remind.HandleAsync(None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM reminders WHERE letter_id = @id", ("id", answered.Id)));
        Assert.Equal(2, await Town.CountAsync("SELECT COUNT(*) FROM reminders WHERE letter_id = @id AND kind = 'due-soon'", ("id", extended.Id)));
    }

    private static DateTimeOffset At(int day, int hour, int minute) => new(2026, 11, day, hour, minute, 0, TimeSpan.FromHours(8));
}
