using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Retention;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Retention;

public abstract class EndTextsTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task Words_end_with_the_time_of_keeping_and_what_happened_stays()
    {
        var filed = await Town.AssignAsync();
        var officer = await Town.StaffAsync("urban-1");
        Assert.Null(await Town.Get<CorrectSubject>().HandleAsync(officer, filed.Number, "urban.streetlight.new", null, None));
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(officer, filed.Number, Disposition.Solved, "已增设。", None));
        var kept = await Town.HistoryAsync(filed);
        Town.Clock.Now = Town.MondayMorning.AddMonths(36);
        Assert.Equal(0, await Town.Get<EndTexts>().HandleAsync(None));
        Town.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await Town.Get<EndTexts>().HandleAsync(None));
        Assert.Equal(0, await Town.Get<EndTexts>().HandleAsync(None));
        Assert.Equal(0, await Town.CountAsync("SELECT (SELECT COUNT(*) FROM sealed_texts) + (SELECT COUNT(*) FROM training_examples) + (SELECT COUNT(*) FROM matter_events WHERE text IS NOT NULL) + (SELECT COUNT(*) FROM answers WHERE text <> '')"));
        var letter = await Town.FollowAsync(filed);
        Assert.Equal(("", "", "", "solved", "urban.streetlight.new"), (letter.Title, letter.Place, letter.Body, letter.Disposition, letter.Subject));
        Assert.Equal(kept, await Town.HistoryAsync(filed));
    }

    [Fact]
    public async Task Words_of_open_matters_stay()
    {
        await Town.AssignAsync();
        Town.Clock.Now = Town.MondayMorning.AddMonths(100);
        Assert.Equal(0, await Town.Get<EndTexts>().HandleAsync(None));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM letters WHERE body <> ''"));
    }

    [Fact]
    public async Task A_letter_withdrawn_before_it_was_a_matter_leaves_no_words_at_all()
    {
        var filed = await Town.FileAsync();
        Assert.Null(await Town.Get<AddToLetter>().HandleAsync(filed.Id, "补充一句", None));
        Assert.Equal(1, await Town.Get<RedactLetters>().HandleAsync(10, None));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM letters WHERE body <> ''"));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM letters WHERE title IS NOT NULL OR place IS NOT NULL OR body IS NOT NULL"));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM matter_events WHERE text IS NOT NULL"));
        Assert.Equal(LetterStage.Closed, (await Town.FollowAsync(filed)).Stage);
    }
}
