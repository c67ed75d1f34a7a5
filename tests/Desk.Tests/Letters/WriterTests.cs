using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Retention;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Letters;

public abstract class WriterTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task What_the_writer_adds_is_sealed_and_shown_redacted()
    {
        var filed = await Town.AssignAsync();
        Assert.Null(await Town.Get<AddToLetter>().HandleAsync(filed.Id, " 补充：电话13900002222，灯杆也歪了。 ", None));
        var entry = (await Town.FollowAsync(filed)).History[^1].Entry;
        Assert.Equal(HistoryKind.WriterAdded, entry.Kind);
        Assert.Contains("灯杆也歪了", entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("13900002222", entry.Text, StringComparison.Ordinal);
        Assert.Equal(2, await Town.CountAsync("SELECT COUNT(*) FROM sealed_texts"));
    }

    [Fact]
    public async Task Without_a_redactor_an_addition_is_sealed_and_shown_to_nobody()
    {
        var town = await Town.OpenAsync(Engine);
        var filed = await town.AssignAsync();
        await using var blind = await Town.OpenAsync(Engine, Readers.WithoutRedactor, folder: await town.StopAsync());
        Assert.Null(await blind.Get<AddToLetter>().HandleAsync(filed.Id, "电话13900002222", None));
        var (view, _) = await blind.Get<ViewMatter>().HandleAsync(await blind.StaffAsync("urban-1"), filed.Number, None);
        Assert.Equal((HistoryKind.WriterAdded, null), (view!.History[^1].Entry.Kind, view.History[^1].Entry.Text));
        Assert.Equal(2, await blind.CountAsync("SELECT COUNT(*) FROM sealed_texts"));
    }

    [Fact]
    public async Task Words_of_the_writer_are_checked_like_a_letters()
    {
        var open = await Town.AssignAsync();
        var closed = await Town.AnswerAsync();
        foreach (var (words, expected) in new (string?, Refusal)[]
        {
            (null, Refusal.Empty), (" ", Refusal.Empty), (new string('长', LetterText.ReplyLimit + 1), Refusal.TooLong), ("\0", Refusal.NullCharacter), ("\ud800", Refusal.LoneSurrogate),
        })
        {
            Assert.Equal(expected, await Town.Get<AddToLetter>().HandleAsync(open.Id, words, None));
            Assert.Equal(expected, await Town.Get<DisputeAnswer>().HandleAsync(closed.Id, words, None));
        }
    }

    [Fact]
    public async Task A_letter_that_is_not_there_is_not_found()
    {
        Assert.Null(await Town.Get<FollowLetter>().ReadAsync("nothing", None));
        Assert.Equal(Refusal.NotFound, await Town.Get<AddToLetter>().HandleAsync("nothing", "补充", None));
        Assert.Equal(Refusal.NotFound, await Town.Get<WithdrawLetter>().HandleAsync("nothing", None));
        Assert.Equal(Refusal.NotFound, await Town.Get<WithdrawLetter>().EraseContactAsync("nothing", None));
        Assert.Equal(Refusal.NotFound, await Town.Get<ChoosePublication>().HandleAsync("nothing", true, None));
        Assert.Equal(Refusal.NotFound, await Town.Get<ReleaseHold>().HandleAsync("nothing", None));
        Assert.Equal(Refusal.NotFound, await Town.Get<DisputeAnswer>().HandleAsync("nothing", "不满意", None));
    }

    [Theory]
    [InlineData("received")]
    [InlineData("set-aside")]
    [InlineData("redacted")]
    [InlineData("assigned")]
    [InlineData("closed")]
    public async Task A_letter_is_withdrawn_at_any_stage_with_contact_and_original_erased(string stage)
    {
        var filed = await AtStageAsync(stage);
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM sealed_texts"));
        var letter = await Town.FollowAsync(filed);
        Assert.Equal((LetterStage.Closed, "withdrawn", false, false, false), (letter.Stage, letter.Disposition, letter.HasContact, letter.Publish, letter.MayDispute));
        Assert.Contains(HistoryKind.Withdrawn, await Town.HistoryAsync(filed));
        Assert.Contains(HistoryKind.ContactErased, await Town.HistoryAsync(filed));

        // Nothing brings it back.
        Assert.Equal(0, await Town.CarryOnAsync());
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM matters WHERE state = 'open'"));
        Assert.Equal(Refusal.NotOpen, await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.Equal(Refusal.NotOpen, await Town.Get<AddToLetter>().HandleAsync(filed.Id, "补充", None));
        Assert.Equal(Refusal.NotOpen, await Town.Get<ChoosePublication>().HandleAsync(filed.Id, true, None));
        Assert.NotNull(await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, "不满意", None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM sealed_texts"));
        Assert.True((await Town.Get<ReceiveLetter>().HandleAsync(Town.Letter() with { ChannelKey = "the-key" }, None)).Repeated);
    }

    [Fact]
    public async Task A_withdrawn_urgent_letter_takes_its_alert_along()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Fire));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.Empty(await Town.Get<DutyAlerts>().ForAsync(await Town.StaffAsync("water-duty"), None));
    }

    [Fact]
    public async Task Contact_data_is_erased_at_the_writers_wish_and_the_letter_goes_on()
    {
        foreach (var stage in new[] { "received", "redacted", "assigned" })
        {
            var filed = await AtStageAsync(stage, "key-of-" + stage);
            Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(filed.Id, None));
            Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(filed.Id, None));
            await Town.CarryOnAsync();
            var letter = await Town.FollowAsync(filed);
            Assert.Equal((LetterStage.Open, false), (letter.Stage, letter.HasContact));
            Assert.Single(letter.History, line => line.Entry.Kind == HistoryKind.ContactErased);
        }
    }

    [Fact]
    public async Task A_dispute_reopens_the_matter_with_its_old_deadline_and_shows_the_reason_redacted()
    {
        var filed = await Town.AnswerAsync();
        Assert.Null(await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, "仍然不亮，电话13900002222", None));
        var letter = await Town.FollowAsync(filed);
        Assert.Equal((LetterStage.Open, null, new DateOnly(2026, 11, 23), false), (letter.Stage, letter.Disposition, letter.Deadline, letter.MayDispute));
        var entry = letter.History[^1].Entry;
        Assert.Equal(HistoryKind.Disputed, entry.Kind);
        Assert.Contains("仍然不亮", entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("13900002222", entry.Text, StringComparison.Ordinal);
        Assert.Equal(1, await Town.CountAsync("SELECT disputes FROM matters"));
        Assert.Equal(Refusal.NotClosed, await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, "再次", None));
    }

    [Fact]
    public async Task Danger_in_a_dispute_raises_the_alert()
    {
        var filed = await Town.AnswerAsync();
        Assert.Null(await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, Town.Fire, None));
        Assert.Equal(filed.Number, Assert.Single(await Town.Get<DutyAlerts>().ForAsync(await Town.StaffAsync("water-duty"), None)).Number);
    }

    [Fact]
    public async Task Danger_that_an_answer_did_not_end_raises_the_alert_again_when_it_is_disputed()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Fire));
        var duty = await Town.StaffAsync("water-duty");
        Assert.Null(await Town.Get<CorrectSubject>().HandleAsync(duty, filed.Number, "urban.parks", null, None));
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(duty, filed.Number, Disposition.Solved, "已扑灭", None));
        Assert.Empty(await Town.Get<DutyAlerts>().ForAsync(duty, None));
        Assert.Null(await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, Town.Fire, None));
        Assert.Single(await Town.Get<DutyAlerts>().ForAsync(duty, None));
    }

    [Fact]
    public async Task A_letter_not_yet_answered_is_not_disputed()
    {
        Assert.Equal(Refusal.NotClosed, await Town.Get<DisputeAnswer>().HandleAsync((await Town.FileAsync()).Id, "不满意", None));
        Assert.Equal(Refusal.NotClosed, await Town.Get<DisputeAnswer>().HandleAsync((await Town.AssignAsync()).Id, "不满意", None));
    }

    [Fact]
    public async Task The_objection_period_ends_with_its_last_working_day_and_with_it_the_contact_data()
    {
        var filed = await Town.AnswerAsync(Town.Letter() with { Contact = Someone });
        // 15 working days after Monday the 16th of November: the 7th of December counts whole.
        Town.Clock.Now = new DateTimeOffset(2026, 12, 7, 23, 59, 59, 999, TimeSpan.FromHours(8));
        Assert.True((await Town.FollowAsync(filed)).MayDispute);
        Assert.Equal(0, await Town.Get<EndContacts>().HandleAsync(None));
        Town.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False((await Town.FollowAsync(filed)).MayDispute);
        Assert.Equal(Refusal.ObjectionOver, await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, "不满意", None));
        Assert.Equal(1, await Town.Get<EndContacts>().HandleAsync(None));
        Assert.Equal(0, await Town.Get<EndContacts>().HandleAsync(None));
        var letter = await Town.FollowAsync(filed);
        Assert.False(letter.HasContact);
        Assert.Equal((HistoryKind.ContactErased, MatterHistory.Desk), (letter.History[^1].Entry.Kind, letter.History[^1].Entry.Actor));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM sealed_texts"));
    }

    [Fact]
    public async Task Contact_data_of_open_and_disputed_matters_stays()
    {
        await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var disputed = await Town.AnswerAsync(Town.Letter() with { Contact = Someone });
        Assert.Null(await Town.Get<DisputeAnswer>().HandleAsync(disputed.Id, "不满意", None));
        Town.Clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal(0, await Town.Get<EndContacts>().HandleAsync(None));
        Assert.Equal(2, await Town.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
    }

    private async Task<Filed> AtStageAsync(string stage, string key = "the-key")
    {
        var filed = await Town.FileAsync(Town.Letter() with { ChannelKey = key, Contact = Someone, Publish = true });
        if (stage == "received") return filed;
        if (stage == "set-aside") await Town.ExecuteAsync("UPDATE sealed_texts SET key_id = 'lost'");
        if (stage is "redacted" or "set-aside") Assert.Equal(1, await Town.Get<RedactLetters>().HandleAsync(10, None));
        else await Town.CarryOnAsync();
        if (stage == "closed") Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, Disposition.Solved, "已修复", None));
        Assert.Equal(stage == "closed" ? "assigned" : stage, await Town.TextAsync("SELECT state FROM letters WHERE id = @id", ("id", filed.Id)));
        return filed;
    }
}
