using Opinion.Desk.Answers;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Answers;

public abstract class ReviewTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task Only_answers_whose_writer_agreed_come_before_the_editor()
    {
        await Town.AnswerAsync();
        var agreed = await Town.AnswerAsync(Town.Letter() with { Publish = true });
        var line = Assert.Single(await WaitingAsync());
        Assert.Equal(("urban", "urban.streetlight.fault"), (line.Department, line.Subject));
        Assert.Equal(2, await Town.CountAsync("SELECT COUNT(*) FROM answers"));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM answers WHERE letter_id = @id AND review = 'waiting'", ("id", agreed.Id)));
    }

    [Theory]
    [InlineData("urban-1")]
    [InlineData("analyst-1")]
    [InlineData("admin-1")]
    public async Task Nobody_but_the_editor_reviews(string staff)
    {
        await Town.AnswerAsync(Town.Letter() with { Publish = true });
        var id = Assert.Single(await WaitingAsync()).AnswerId;
        var member = await Town.StaffAsync(staff);
        var review = Town.Get<ReviewAnswers>();
        Assert.Empty(await review.ListAsync(member, None));
        Assert.Equal((null, Refusal.NotYourRole), await review.OpenAsync(member, id, None));
        Assert.Equal(Refusal.NotYourRole, await review.PublishAsync(member, id, "标题", "问题", "回答", None));
        Assert.Equal(Refusal.NotYourRole, await review.ReturnAsync(member, id, "原因", None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM published_answers"));
    }

    [Fact]
    public async Task The_editor_sees_the_twin_and_the_redacted_answer_and_nothing_else()
    {
        await Town.AnswerAsync(Town.Letter(Town.Streetlight + "电话13900001111") with { Publish = true }, "已修复，详询13900003333。");
        var (view, _) = await Town.Get<ReviewAnswers>().OpenAsync(await Town.StaffAsync("editor-1"), Assert.Single(await WaitingAsync()).AnswerId, None);
        Assert.DoesNotContain("13900001111", view!.Question, StringComparison.Ordinal);
        Assert.DoesNotContain("13900003333", view.RedactedAnswer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_published_is_redacted_once_more_and_carries_no_number_of_the_letter()
    {
        var filed = await Town.AnswerAsync(Town.Letter() with { Publish = true });
        await PublishAsync("致电13900001111", "我的电话13900002222，路灯不亮", "请打13900003333");
        var answer = Assert.Single((await SearchAsync(null)).Answers);
        Assert.All([answer.Title, answer.Question, answer.Answer], text => Assert.DoesNotContain("1390000", text, StringComparison.Ordinal));
        Assert.Equal(new DateOnly(2026, 11, 16), answer.PublishedOn);
        Assert.NotEqual(filed.Number, answer.Number);
        Assert.Equal(answer, await Town.Get<PublishedAnswers>().FindAsync(answer.Number, None));
        Assert.Null(await Town.Get<PublishedAnswers>().FindAsync(filed.Number, None));
        Assert.Equal(answer.Number, (await Town.FollowAsync(filed)).PublishedAs);
        Assert.Equal((HistoryKind.Published, answer.Number), ((await Town.FollowAsync(filed)).History[^1].Entry.Kind, (await Town.FollowAsync(filed)).History[^1].Entry.Detail));
        Assert.Empty(await WaitingAsync());
        Assert.Empty((await SearchAsync("13900003333")).Answers);
    }

    [Fact]
    public async Task An_answer_is_published_once()
    {
        await Town.AnswerAsync(Town.Letter() with { Publish = true });
        var id = Assert.Single(await WaitingAsync()).AnswerId;
        var editor = await Town.StaffAsync("editor-1");
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Town.Get<ReviewAnswers>().PublishAsync(editor, id, "题", "问题", "回答", None))));
        Assert.Equal(1, results.Count(result => result is null));
        Assert.Equal(4, results.Count(result => result == Refusal.NotWaiting));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM published_search"));
    }

    [Fact]
    public async Task Without_a_redactor_nothing_is_published()
    {
        var town = await Town.OpenAsync(Engine);
        await town.AnswerAsync(town.Letter() with { Publish = true });
        await using var blind = await Town.OpenAsync(Engine, Readers.WithoutRedactor, folder: await town.StopAsync());
        var editor = await blind.StaffAsync("editor-1");
        var waiting = Assert.Single(await blind.Get<ReviewAnswers>().ListAsync(editor, None));
        Assert.NotNull(await blind.Get<ReviewAnswers>().PublishAsync(editor, waiting.AnswerId, "题", "问题", "回答", None));
        Assert.Equal(0, await blind.CountAsync("SELECT COUNT(*) FROM published_answers"));
        var (view, _) = await blind.Get<ReviewAnswers>().OpenAsync(editor, waiting.AnswerId, None);
        Assert.Equal("", view!.RedactedAnswer);
    }

    [Fact]
    public async Task Words_that_cannot_be_published_are_refused()
    {
        await Town.AnswerAsync(Town.Letter() with { Publish = true });
        var id = Assert.Single(await WaitingAsync()).AnswerId;
        var (editor, review) = (await Town.StaffAsync("editor-1"), Town.Get<ReviewAnswers>());
        Assert.Equal(Refusal.Empty, await review.PublishAsync(editor, id, "", "问题", "回答", None));
        Assert.Equal(Refusal.Empty, await review.PublishAsync(editor, id, "题", null, "回答", None));
        Assert.Equal(Refusal.NullCharacter, await review.PublishAsync(editor, id, "题", "问题", "\0", None));
        Assert.Equal(Refusal.TooLong, await review.PublishAsync(editor, id, new string('长', LetterText.TitleLimit + 1), "问题", "回答", None));
        Assert.Equal(Refusal.Empty, await review.ReturnAsync(editor, id, " ", None));
        Assert.Equal(Refusal.NotWaiting, await review.PublishAsync(editor, id + 1, "题", "问题", "回答", None));
        Assert.Equal(Refusal.NotWaiting, await review.ReturnAsync(editor, id + 1, "原因", None));
        Assert.Equal((null, Refusal.NotWaiting), await review.OpenAsync(editor, id + 1, None));
    }

    [Fact]
    public async Task A_returned_answer_opens_the_matter_and_the_writer_does_not_read_the_editors_reason()
    {
        var filed = await Town.AnswerAsync(Town.Letter() with { Publish = true });
        var editor = await Town.StaffAsync("editor-1");
        Assert.Null(await Town.Get<ReviewAnswers>().ReturnAsync(editor, Assert.Single(await WaitingAsync()).AnswerId, "请补充依据", None));
        var letter = await Town.FollowAsync(filed);
        Assert.Equal((LetterStage.Open, HistoryKind.Returned), (letter.Stage, letter.History[^1].Entry.Kind));
        Assert.DoesNotContain(letter.History, line => line.Entry.Text == "请补充依据");
        var officer = await Town.StaffAsync("urban-1");
        var (view, _) = await Town.Get<ViewMatter>().HandleAsync(officer, filed.Number, None);
        Assert.Equal("请补充依据", view!.History[^1].Entry.Text);
        Assert.Empty(await WaitingAsync());
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(officer, filed.Number, Disposition.Solved, "依据某条例，已修复。", None));
        Assert.Single(await WaitingAsync());
    }

    [Fact]
    public async Task Consent_given_later_brings_the_answer_before_the_editor_and_taken_back_takes_it_away()
    {
        var filed = await Town.AnswerAsync();
        Assert.Empty(await WaitingAsync());
        Assert.Null(await Town.Get<ChoosePublication>().HandleAsync(filed.Id, true, None));
        var id = Assert.Single(await WaitingAsync()).AnswerId;
        Assert.Null(await Town.Get<ChoosePublication>().HandleAsync(filed.Id, true, None));
        Assert.Null(await Town.Get<ChoosePublication>().HandleAsync(filed.Id, false, None));
        Assert.Empty(await WaitingAsync());
        Assert.Equal(Refusal.NotWaiting, await Town.Get<ReviewAnswers>().PublishAsync(await Town.StaffAsync("editor-1"), id, "题", "问题", "回答", None));
        Assert.Equal(["yes", "no"], (await Town.FollowAsync(filed)).History.Where(line => line.Entry.Kind == HistoryKind.PublicationChosen).Select(line => line.Entry.Detail));
    }

    [Fact]
    public async Task Consent_to_an_open_matter_brings_no_old_answer_before_the_editor()
    {
        var filed = await Town.AnswerAsync();
        Assert.Null(await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, "不满意", None));
        Assert.Null(await Town.Get<ChoosePublication>().HandleAsync(filed.Id, true, None));
        Assert.Empty(await WaitingAsync());
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, Disposition.Solved, "这次已修复", None));
        Assert.Single(await WaitingAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_published_answer_goes_when_the_writer_revokes_or_withdraws(bool withdraw)
    {
        var filed = await Town.AnswerAsync(Town.Letter() with { Publish = true });
        await PublishAsync("题", Town.Streetlight, "已修复");
        var number = Assert.Single((await SearchAsync("路灯")).Answers).Number;
        Assert.Null(withdraw ? await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None) : await Town.Get<ChoosePublication>().HandleAsync(filed.Id, false, None));
        Assert.Null(await Town.Get<PublishedAnswers>().FindAsync(number, None));
        Assert.Empty((await SearchAsync("路灯")).Answers);
        Assert.Empty((await SearchAsync(null)).Answers);
        Assert.Empty(await WaitingAsync());
        Assert.Null((await Town.FollowAsync(filed)).PublishedAs);
        Assert.Contains(HistoryKind.Unpublished, await Town.HistoryAsync(filed));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM published_search"));
    }

    [Fact]
    public async Task A_disputed_answer_under_review_is_taken_back_from_the_editor()
    {
        var filed = await Town.AnswerAsync(Town.Letter() with { Publish = true });
        var id = Assert.Single(await WaitingAsync()).AnswerId;
        Assert.Null(await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, "不满意", None));
        Assert.Empty(await WaitingAsync());
        Assert.Equal(Refusal.NotWaiting, await Town.Get<ReviewAnswers>().PublishAsync(await Town.StaffAsync("editor-1"), id, "题", "问题", "回答", None));
    }

    [Fact]
    public async Task The_day_of_publication_is_the_offices_own()
    {
        await Town.AnswerAsync(Town.Letter() with { Publish = true });
        Town.Clock.Now = new DateTimeOffset(2026, 11, 17, 16, 30, 0, TimeSpan.Zero);
        await PublishAsync("题", "问题", "回答");
        Assert.Equal(new DateOnly(2026, 11, 18), Assert.Single((await SearchAsync(null)).Answers).PublishedOn);
    }

    private async Task PublishAsync(string title, string question, string answer) => Assert.Null(
        await Town.Get<ReviewAnswers>().PublishAsync(await Town.StaffAsync("editor-1"), Assert.Single(await WaitingAsync()).AnswerId, title, question, answer, None));

    private async Task<IReadOnlyList<ReviewLine>> WaitingAsync() => await Town.Get<ReviewAnswers>().ListAsync(await Town.StaffAsync("editor-1"), None);

    private Task<PublishedPage> SearchAsync(string? words) => Town.Get<PublishedAnswers>().SearchAsync(words, null, 0, None);

    [Fact]
    public async Task A_published_answer_that_its_writer_disputes_is_taken_back_and_the_new_one_takes_its_place()
    {
        var filed = await Town.AnswerAsync(Town.Letter() with { Publish = true });
        var editor = await Town.StaffAsync("editor-1");
        var review = Town.Get<ReviewAnswers>();
        Assert.Null(await review.PublishAsync(editor, Assert.Single(await review.ListAsync(editor, None)).AnswerId, "路灯", "路灯坏了", "已修复", None));
        Assert.Single((await Town.Get<PublishedAnswers>().SearchAsync("路灯", null, 0, None)).Answers);
        Assert.Null(await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, "还是不亮", None));
        Assert.Empty((await Town.Get<PublishedAnswers>().SearchAsync("路灯", null, 0, None)).Answers);
        Assert.Contains(HistoryKind.Unpublished, await Town.HistoryAsync(filed));
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, Disposition.Solved, "换了灯具，现在亮了。", None));
        Assert.Null(await review.PublishAsync(editor, Assert.Single(await review.ListAsync(editor, None)).AnswerId, "路灯", "路灯坏了", "换了灯具", None));
        Assert.Equal("换了灯具", Assert.Single((await Town.Get<PublishedAnswers>().SearchAsync("路灯", null, 0, None)).Answers).Answer);
    }
}
