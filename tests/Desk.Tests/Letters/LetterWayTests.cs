using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Letters;

public abstract class LetterWayTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task A_letter_is_redacted_sorted_and_assigned_with_its_deadline()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Streetlight + "我的电话13900001111。"));
        var letter = await Town.FollowAsync(filed);
        Assert.Equal(LetterStage.Open, letter.Stage);
        Assert.Equal("urban", letter.Department);
        Assert.Equal("urban.streetlight.fault", letter.Subject);
        // Five working days from Monday the 16th.
        Assert.Equal(new DateOnly(2026, 11, 23), letter.Deadline);
        Assert.NotNull(letter.Need);
        Assert.Contains("路灯", letter.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("13900001111", letter.Body, StringComparison.Ordinal);
        Assert.Equal([HistoryKind.Received, HistoryKind.Sorted, HistoryKind.Assigned], await Town.HistoryAsync(filed));
    }

    [Fact]
    public async Task The_words_that_led_to_the_sorting_are_the_twins()
    {
        var filed = await Town.AssignAsync();
        var (view, _) = await Town.Get<ViewMatter>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, None);
        Assert.InRange(view!.SubjectConfidence!.Value, 0.5, 1);
        Assert.Contains("路灯", view.SubjectWords, StringComparison.Ordinal);
        Assert.Equal("machine", view.SortedBy);
    }

    [Fact]
    public async Task Title_place_and_body_are_all_redacted()
    {
        var filed = await Town.AssignAsync(Town.Letter("联系13900001111。" + Town.Streetlight) with { Title = "请回电13900002222", Place = "联系人电话13900003333" });
        var letter = await Town.FollowAsync(filed);
        Assert.NotEmpty(letter.Title);
        Assert.NotEmpty(letter.Place);
        Assert.All([letter.Title, letter.Place, letter.Body!], text => Assert.DoesNotContain("1390000", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receipt_code_in_a_letter_is_seen_by_nobody_else()
    {
        var first = await Town.FileAsync();
        var code = first.Receipt.Code.Shown;
        var filed = await Town.AssignAsync(Town.Letter($"我的收据码是 {code}，还没有回音。" + Town.Streetlight) with { Title = "收据码：" + code.Replace("-", "", StringComparison.Ordinal) });
        var letter = await Town.FollowAsync(filed);
        Assert.Contains("〔收据码〕", letter.Title, StringComparison.Ordinal);
        Assert.StartsWith("我的收据码是 〔收据码〕", letter.Body, StringComparison.Ordinal);
        foreach (var text in new[] { letter.Title, letter.Body! }) Assert.DoesNotContain(code[^6..], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_letters_than_one_batch_holds_are_all_carried_on_and_each_once()
    {
        const int letters = (2 * LetterWay.BatchSize) + 30;
        await Town.Get<ReceiveLetter>().HandleAsync([.. Enumerable.Range(0, letters).Select(_ => Town.Letter())], None);
        Assert.Equal(letters, await Town.CarryOnAsync());
        Assert.Equal(0, await Town.CarryOnAsync());
        Assert.Equal(letters, await Town.CountAsync("SELECT COUNT(*) FROM matters"));
        Assert.Equal(letters, await Town.CountAsync("SELECT COUNT(*) FROM matter_events WHERE kind = 'assigned'"));
    }

    [Fact]
    public async Task Without_a_redactor_letters_wait_and_nobody_sees_them()
    {
        await using var blind = await Town.OpenAsync(Engine, Readers.WithoutRedactor);
        var filed = await blind.FileAsync();
        Assert.Equal(0, await blind.CarryOnAsync());
        Assert.Equal(LetterStage.Received, (await blind.FollowAsync(filed)).Stage);
        Assert.Equal("received", await blind.TextAsync("SELECT state FROM letters"));
        Assert.Equal(0, await blind.CountAsync("SELECT COUNT(*) FROM letters WHERE body IS NOT NULL OR title IS NOT NULL"));
        foreach (var officer in new[] { "urban-1", "intake-1" })
        {
            Assert.Equal(0, (await blind.Get<ListQueue>().HandleAsync(await blind.StaffAsync(officer), QueueView.Open, null, 0, None)).Open);
            Assert.Equal(Refusal.NotFound, (await blind.Get<ViewMatter>().HandleAsync(await blind.StaffAsync(officer), filed.Number, None)).Refusal);
        }

        Assert.Empty(await blind.Get<SetAsideLetters>().ListAsync(await blind.StaffAsync("intake-1"), None));
        var report = await blind.Get<Doctor>().ExamineAsync(None);
        Assert.Equal(1, report.Waiting);
        Assert.Contains(report.Findings, finding => finding.Contains("redactor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Letters_that_waited_for_the_redactor_go_on_once_it_is_back()
    {
        var blind = await Town.OpenAsync(Engine, Readers.WithoutRedactor);
        await blind.FileAsync();
        Assert.Equal(0, await blind.CarryOnAsync());
        await using var seeing = await Town.OpenAsync(Engine, folder: await blind.StopAsync());
        Assert.Equal(1, await seeing.CarryOnAsync());
    }

    [Theory]
    [InlineData("UPDATE sealed_texts SET sealed = @forty WHERE letter_id = @id")]
    [InlineData("UPDATE sealed_texts SET sealed = @none WHERE letter_id = @id")]
    [InlineData("UPDATE sealed_texts SET wrapped_key = @one WHERE letter_id = @id")]
    [InlineData("UPDATE sealed_texts SET key_id = 'lost' WHERE letter_id = @id")]
    [InlineData("DELETE FROM sealed_texts WHERE letter_id = @id")]
    public async Task A_broken_letter_is_set_aside_and_the_others_go_on(string damage)
    {
        await Town.FileAsync();
        var broken = await Town.FileAsync();
        await Town.FileAsync();
        await using (var session = await Town.Store.WriteAsync(None))
        {
#pragma warning disable CA1857 // The damage comes from the list above.
            Assert.Equal(1, await session.ExecuteAsync(damage, None, ("id", broken.Id), ("forty", new byte[40]), ("none", Array.Empty<byte>()), ("one", new byte[1])));
#pragma warning restore CA1857
            await session.CommitAsync(None);
        }

        Assert.Equal(2, await Town.CarryOnAsync());
        var line = Assert.Single(await Town.Get<SetAsideLetters>().ListAsync(await Town.StaffAsync("intake-1"), None));
        Assert.Equal(broken.Number, line.Number);
        Assert.Equal(LetterStage.Received, (await Town.FollowAsync(broken)).Stage);
        Assert.Equal(Refusal.NotFound, (await Town.Get<ViewMatter>().HandleAsync(await Town.StaffAsync("urban-1"), broken.Number, None)).Refusal);
    }

    [Fact]
    public async Task What_the_desk_is_not_sure_of_goes_to_the_intake()
    {
        var filed = await Town.AssignAsync(Town.Letter("您好，谢谢。"));
        var letter = await Town.FollowAsync(filed);
        Assert.Equal("intake", letter.Department);
        Assert.Null(letter.Subject);
        Assert.Equal(new DateOnly(2026, 12, 7), letter.Deadline);
    }

    [Fact]
    public async Task A_threshold_nothing_reaches_leaves_all_sorting_to_people()
    {
        await using var careful = await Town.OpenAsync(Engine, foundation: Town.Foundation with { SortingThreshold = 1.01 });
        var filed = await careful.AssignAsync();
        Assert.Equal("intake", (await careful.FollowAsync(filed)).Department);
        Assert.Null((await careful.FollowAsync(filed)).Subject);
    }

    [Fact]
    public async Task Urgent_danger_is_due_the_same_day_tops_the_queue_and_alerts_the_officers_on_duty_and_of_the_department()
    {
        await Town.AssignAsync();
        var fire = await Town.AssignAsync(Town.Letter(Town.Fire + "路灯旁边，路灯不亮，路灯。"));
        var letter = await Town.FollowAsync(fire);
        Assert.Equal("urgent-danger", letter.Need);
        Assert.Equal(new DateOnly(2026, 11, 16), letter.Deadline);
        Assert.Contains(HistoryKind.AlertRaised, await Town.HistoryAsync(fire));
        foreach (var onDuty in new[] { "urban-duty", "water-duty" })
            Assert.Equal(fire.Number, Assert.Single(await Town.Get<DutyAlerts>().ForAsync(await Town.StaffAsync(onDuty), None)).Number);
        Assert.Single(await Town.Get<DutyAlerts>().ForAsync(await Town.StaffAsync(letter.Department + "-1"), None));
        foreach (var other in new[] { "housing-1", "editor-1", "analyst-1", "admin-1" }) Assert.Empty(await Town.Get<DutyAlerts>().ForAsync(await Town.StaffAsync(other), None));
        var queue = await Town.Get<ListQueue>().HandleAsync(await Town.StaffAsync(letter.Department + "-1"), QueueView.Open, null, 0, None);
        Assert.Equal(fire.Number, queue.Lines[0].Number);
        Assert.True(queue.Lines[0].Urgent);
    }

    [Theory]
    [InlineData("urban", "supervision")]
    [InlineData("intake", "supervision")]
    [InlineData("supervision", "intake")]
    public async Task A_complaint_about_a_department_goes_to_an_impartial_one(string about, string expected)
    {
        var filed = await Town.AssignAsync(Town.Letter() with { AboutDepartment = about });
        Assert.Equal(expected, (await Town.FollowAsync(filed)).Department);
        Assert.Equal(Refusal.ComplainedAbout, (await Town.Get<ViewMatter>().HandleAsync(await Town.StaffAsync(about + "-1"), filed.Number, None)).Refusal);
    }

    [Fact]
    public async Task Danger_that_the_writer_adds_before_the_letter_is_sorted_counts_as_part_of_the_letter()
    {
        var filed = await Town.FileAsync();
        Assert.Null(await Town.Get<AddToLetter>().HandleAsync(filed.Id, Town.Fire, None));
        Assert.Equal(1, await Town.CarryOnAsync());
        Assert.Equal("urgent-danger", (await Town.FollowAsync(filed)).Need);
        Assert.Single(await Town.Get<DutyAlerts>().ForAsync(await Town.StaffAsync("urban-duty"), None));
    }

    [Fact]
    public async Task Two_programs_that_carry_on_at_once_make_each_matter_once()
    {
        await Town.Get<ReceiveLetter>().HandleAsync([.. Enumerable.Range(0, 60).Select(_ => Town.Letter())], None);
        await using var session = await Town.Store.ReadAsync(None);
        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Town.CarryOnAsync)));
        Assert.Equal(60, done.Sum());
        Assert.Equal(60, await Town.CountAsync("SELECT COUNT(*) FROM matters"));
    }

    [Fact]
    public async Task Danger_of_long_ago_raises_no_alarm_and_keeps_the_ordinary_deadline()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Fire) with { Arrived = Town.Clock.Now - DutyAlerts.Recent });
        Assert.Equal("urgent-danger", (await Town.FollowAsync(filed)).Need);
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM duty_alerts"));
        Assert.Equal(0, await Town.CountAsync("SELECT urgent FROM matters"));
        await Town.AssignAsync(Town.Letter(Town.Fire) with { Arrived = Town.Clock.Now - DutyAlerts.Recent + TimeSpan.FromMilliseconds(1) });
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM duty_alerts"));
    }

    [Fact]
    public async Task Without_a_need_sorter_redacted_letters_wait_unsorted()
    {
        await using var town = await Town.OpenAsync(Engine, Readers.WithoutNeeds);
        var filed = await town.FileAsync(town.Letter(Town.Fire));
        Assert.Equal(0, await town.CarryOnAsync());
        Assert.Equal(LetterStage.Received, (await town.FollowAsync(filed)).Stage);
        Assert.Equal("redacted", await town.TextAsync("SELECT state FROM letters"));
    }
}
