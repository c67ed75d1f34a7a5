using System.Data.Common;
using Opinion.Analysis.Classification;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Matters;

public abstract class CaseworkTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task The_writer_reads_questions_and_replies_and_never_a_note()
    {
        var filed = await Town.AssignAsync();
        var officer = await Town.StaffAsync("urban-1");
        foreach (var casework in new[] { "ask", "reply", "note" }) Assert.Null(await Casework.All[casework](Town, officer, filed.Number));
        var seen = (await Town.FollowAsync(filed)).History.TakeLast(2).ToList();
        Assert.Equal([(HistoryKind.QuestionAsked, "请问具体是哪一盏？", "urban"), (HistoryKind.InterimReply, "已派人查看。", "urban")], seen.Select(line => (line.Entry.Kind, line.Entry.Text, line.Entry.Department)));
        Assert.DoesNotContain(HistoryKind.Note, await Town.HistoryAsync(filed));
        var (view, _) = await Town.Get<ViewMatter>().HandleAsync(officer, filed.Number, None);
        Assert.Equal("内部备注", view!.History[^1].Entry.Text);
        Assert.True(view.Head.Open);
    }

    [Fact]
    public async Task An_answer_closes_the_matter_and_reaches_the_writer_at_once()
    {
        var filed = await Town.AnswerAsync(answer: "  已修复。 ");
        var letter = await Town.FollowAsync(filed);
        Assert.Equal((LetterStage.Closed, "solved", true), (letter.Stage, letter.Disposition, letter.MayDispute));
        var line = letter.History[^1];
        Assert.Equal((HistoryKind.Answered, "solved", "已修复。", "urban", true), (line.Entry.Kind, line.Entry.Detail, line.Entry.Text, line.Entry.Department, line.ByDesk));
        Assert.Equal(Town.Clock.Now, line.At);
    }

    [Theory]
    [InlineData(Disposition.Solved, "solved")]
    [InlineData(Disposition.PartlySolved, "partly-solved")]
    [InlineData(Disposition.Declined, "declined")]
    [InlineData(Disposition.Transferred, "transferred")]
    public async Task Every_disposition_of_an_officer_is_kept(Disposition disposition, string name)
    {
        var filed = await Town.AssignAsync();
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, disposition, "说明", None));
        Assert.Equal(name, (await Town.FollowAsync(filed)).Disposition);
        Assert.Equal(disposition, DispositionNames.Find(name));
    }

    [Fact]
    public async Task An_officer_does_not_withdraw_for_the_writer()
    {
        var filed = await Town.AssignAsync();
        Assert.Equal(Refusal.NotYourRole, await Town.Get<AnswerMatter>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, Disposition.Withdrawn, "撤回", None));
    }

    [Fact]
    public async Task A_letter_nobody_sorted_is_not_answered_before_it_has_a_subject()
    {
        var filed = await Town.AssignAsync(Town.Letter("您好，谢谢。"));
        var intake = await Town.StaffAsync("intake-1");
        Assert.Equal(Refusal.UnknownSubject, await Town.Get<AnswerMatter>().HandleAsync(intake, filed.Number, Disposition.Solved, "谢谢", None));
        Assert.Null(await Town.Get<CorrectSubject>().HandleAsync(intake, filed.Number, "urban.parks", null, None));
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(intake, filed.Number, Disposition.Solved, "谢谢", None));
    }

    [Fact]
    public async Task A_corrected_subject_is_shown_to_the_writer_and_kept_for_training_once()
    {
        var filed = await Town.AssignAsync();
        var officer = await Town.StaffAsync("urban-1");
        var correct = Town.Get<CorrectSubject>();
        Assert.Null(await correct.HandleAsync(officer, filed.Number, "urban.streetlight.new", Need.Suggestion, None));
        Assert.Null(await correct.HandleAsync(officer, filed.Number, "urban.streetlight.new", null, None));
        var letter = await Town.FollowAsync(filed);
        Assert.Equal(("urban.streetlight.new", "suggestion", "urban"), (letter.Subject, letter.Need, letter.Department));
        Assert.Equal("urban.streetlight.new", Assert.Single(letter.History, line => line.Entry.Kind == HistoryKind.SubjectCorrected).Entry.Detail);
        Assert.Equal("urban.streetlight.new", await Town.TextAsync("SELECT subject FROM training_examples WHERE letter_id = @id", ("id", filed.Id)));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM training_examples"));
        var example = Assert.Single(await Town.Get<LearnCorrections>().HandleAsync(None));
        Assert.Equal("urban.streetlight.new", example.Label);
        Assert.Contains("路灯", example.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("〔", example.Text, StringComparison.Ordinal);
        var (view, _) = await Town.Get<ViewMatter>().HandleAsync(officer, filed.Number, None);
        Assert.Equal(("person", null, null), (view!.SortedBy, view.SubjectConfidence, view.SubjectWords));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sensitive")]
    [InlineData("Urban")]
    public async Task A_subject_outside_the_scheme_is_refused(string? subject)
    {
        var filed = await Town.AssignAsync();
        Assert.Equal(Refusal.UnknownSubject, await Town.Get<CorrectSubject>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, subject, null, None));
    }

    [Fact]
    public async Task A_deadline_moves_only_with_a_reason_that_the_writer_reads()
    {
        var filed = await Town.AssignAsync();
        Assert.Null(await Casework.All["extend"](Town, await Town.StaffAsync("urban-1"), filed.Number));
        var letter = await Town.FollowAsync(filed);
        Assert.Equal(new DateOnly(2026, 11, 26), letter.Deadline);
        var entry = letter.History[^1].Entry;
        Assert.Equal((HistoryKind.DeadlineExtended, "2026-11-26", "等待配件"), (entry.Kind, entry.Detail, entry.Text));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM deadline_changes WHERE account = 'urban-1' AND reason = '等待配件'"));
    }

    [Fact]
    public async Task An_overdue_deadline_is_extended_from_today()
    {
        var filed = await Town.AssignAsync();
        Town.Clock.Now = new DateTimeOffset(2026, 12, 4, 9, 0, 0, TimeSpan.FromHours(8));
        Assert.True((await Town.FollowAsync(filed)).Overdue);
        Assert.Null(await Casework.All["extend"](Town, await Town.StaffAsync("urban-1"), filed.Number));
        var letter = await Town.FollowAsync(filed);
        Assert.Equal((new DateOnly(2026, 12, 9), false), (letter.Deadline, letter.Overdue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(ExtendDeadline.MostDays + 1)]
    [InlineData(int.MaxValue)]
    public async Task A_deadline_moves_by_one_to_thirty_days(int days)
    {
        var filed = await Town.AssignAsync();
        Assert.Equal(Refusal.DeadlineNotLater, await Town.Get<ExtendDeadline>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, days, "等待配件", None));
    }

    [Theory]
    [InlineData("UPDATE matters SET deadline = '2027-01-01'")]
    [InlineData("UPDATE matters SET deadline_at = deadline_at + 1")]
    [InlineData("INSERT INTO deadline_changes (letter_id, deadline, account, reason, at) SELECT letter_id, '2027-01-01', 'urban-1', ' ', 0 FROM matters")]
    public async Task The_store_itself_refuses_a_deadline_moved_without_person_and_reason(string sql)
    {
        await Town.AssignAsync();
        await RefusedByStoreAsync(sql);
    }

    [Fact]
    public async Task A_taken_alert_is_off_the_pages_and_the_writer_sees_it()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Fire));
        var duty = await Town.StaffAsync("water-duty");
        Assert.Null(await Town.Get<DutyAlerts>().AcknowledgeAsync(duty, filed.Number, None));
        Assert.Null(await Town.Get<DutyAlerts>().AcknowledgeAsync(duty, filed.Number, None));
        Assert.Empty(await Town.Get<DutyAlerts>().ForAsync(duty, None));
        Assert.Single(await Town.HistoryAsync(filed), kind => kind == HistoryKind.AlertAcknowledged);
    }

    [Fact]
    public async Task A_false_alarm_ends_the_alert_and_danger_found_later_raises_it_again()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Fire));
        var (duty, alerts) = (await Town.StaffAsync("water-duty"), Town.Get<DutyAlerts>());
        Assert.Single(await alerts.ForAsync(duty, None));
        Assert.Null(await Town.Get<CorrectSubject>().HandleAsync(await Town.StaffAsync("intake-1"), filed.Number, "urban.parks", Need.Complaint, None));
        Assert.Empty(await alerts.ForAsync(duty, None));
        Assert.Equal(0, await Town.CountAsync("SELECT urgent FROM matters"));

        Assert.Null(await Town.Get<AddToLetter>().HandleAsync(filed.Id, Town.Fire, None));
        Assert.Equal(filed.Number, Assert.Single(await alerts.ForAsync(duty, None)).Number);
        Assert.Equal(2, (await Town.HistoryAsync(filed)).Count(kind => kind == HistoryKind.AlertRaised));
    }

    [Fact]
    public async Task A_correction_that_leaves_the_danger_as_it_is_does_not_raise_a_taken_alert_again()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Fire));
        var (duty, alerts) = (await Town.StaffAsync("water-duty"), Town.Get<DutyAlerts>());
        Assert.Null(await alerts.AcknowledgeAsync(duty, filed.Number, None));
        Assert.Null(await Town.Get<CorrectSubject>().HandleAsync(duty, filed.Number, "urban.parks", Need.UrgentDanger, None));
        Assert.Empty(await alerts.ForAsync(duty, None));
    }

    [Fact]
    public async Task An_answer_ends_the_alert()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Fire));
        var duty = await Town.StaffAsync("water-duty");
        Assert.Null(await Town.Get<CorrectSubject>().HandleAsync(duty, filed.Number, "urban.parks", null, None));
        Assert.Null(await Casework.All["answer"](Town, duty, filed.Number));
        Assert.Empty(await Town.Get<DutyAlerts>().ForAsync(duty, None));
    }

    [Theory]
    [InlineData("UPDATE matter_events SET at = 0")]
    [InlineData("UPDATE matter_events SET kind = 'note'")]
    [InlineData("UPDATE matter_events SET text = '改写'")]
    [InlineData("DELETE FROM matter_events")]
    [InlineData("UPDATE matters SET state = 'closed'")]
    [InlineData("UPDATE matters SET department = 'nowhere'")]
    public async Task The_store_itself_refuses_to_rewrite_history_or_close_without_an_outcome(string sql)
    {
        await Town.AssignAsync();
        await RefusedByStoreAsync(sql);
    }

    [Fact]
    public async Task Words_of_history_can_be_erased_but_nothing_else_of_it()
    {
        var filed = await Town.AssignAsync();
        await Casework.All["reply"](Town, await Town.StaffAsync("urban-1"), filed.Number);
        Assert.Equal(1, await Town.ExecuteAsync("UPDATE matter_events SET text = NULL WHERE text IS NOT NULL"));
        Assert.Equal(4, (await Town.HistoryAsync(filed)).Count);
    }

    private async Task RefusedByStoreAsync(string sql)
    {
        await using var session = await Town.Store.WriteAsync(None);
#pragma warning disable CA1857 // The statements come from the lists above.
        await Assert.ThrowsAnyAsync<DbException>(() => session.ExecuteAsync(sql, None));
#pragma warning restore CA1857
    }

    [Theory]
    [InlineData("UPDATE matters SET deadline_at = deadline_at + 86400000")]
    [InlineData("UPDATE matters SET deadline = '2030-01-01'")]
    [InlineData("UPDATE deadline_changes SET reason = 'x'")]
    [InlineData("DELETE FROM deadline_changes")]
    [InlineData("UPDATE letters SET about_department = 'urban'")]
    public async Task The_schema_refuses_what_no_use_case_does(string statement)
    {
        var filed = await Town.AssignAsync();
        Assert.Null(await Town.Get<ExtendDeadline>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, 3, "等待配件", None));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM deadline_changes"));
#pragma warning disable CA1857 // The constants stand in the rows above.
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Town.ExecuteAsync(statement));
#pragma warning restore CA1857
    }

    [Theory]
    [MemberData(nameof(Casework.NamesWithWords), MemberType = typeof(Casework))]
    public async Task Contact_data_that_staff_type_is_hidden_wherever_it_goes(string deed)
    {
        var filed = await Town.AssignAsync();
        Assert.Null(await Casework.WithWords[deed].Do(Town, await Town.StaffAsync("urban-1"), filed.Number, "\u6253\u7ed913700001111"));
        // The words were kept, and the number in none of the places others read and no erasure reaches.
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM matter_events WHERE text LIKE '\u6253\u7ed9%'"));
        Assert.Equal(0, await Town.CountAsync(
            """
            SELECT (SELECT COUNT(*) FROM matter_events WHERE text LIKE '%13700001111%') + (SELECT COUNT(*) FROM audit_log WHERE reason LIKE '%13700001111%')
                 + (SELECT COUNT(*) FROM deadline_changes WHERE reason LIKE '%13700001111%') + (SELECT COUNT(*) FROM answers WHERE text LIKE '%13700001111%')
            """));
    }
}
