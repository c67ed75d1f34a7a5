using Opinion.Desk.Answers;
using Opinion.Desk.Matters;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Answers;

public abstract class AnswerBankTests(TestEngine engine) : DeskSuite(engine)
{
    private static readonly DateOnly Today = new(2026, 11, 16);

    [Fact]
    public async Task Entries_come_back_as_they_were_put_and_putting_again_replaces()
    {
        var bank = Town.Get<AnswerBank>();
        var entry = Entry("a", "urban.streetlight.fault") with { Alternatives = ["灯不亮怎么办", "路灯坏了找谁"] };
        await bank.PutAsync([entry, Entry("b", "urban")], None);
        await bank.PutAsync([entry with { Answer = "新的回答" }], None);
        var entries = await bank.ListAsync(None);
        Assert.Equal(["b", "a"], entries.Select(one => one.Id));
        Assert.Equal("新的回答", entries[1].Answer);
        Assert.Equal(entry.Alternatives, entries[1].Alternatives);
    }

    [Fact]
    public async Task Proposals_are_of_the_letters_subject_first_then_of_its_neighbours()
    {
        await Town.Get<AnswerBank>().PutAsync(
            [Entry("far", "urban.parks.trees"), Entry("beside", "urban.streetlight.new"), Entry("own", "urban.streetlight.fault"), Entry("old", "urban.streetlight.fault") with { ReviewOn = Today.AddDays(-1) }], None);
        var filed = await Town.AssignAsync();
        var (view, _) = await Town.Get<ViewMatter>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, None);
        Assert.Equal(["own", "beside"], view!.Proposals.Select(entry => entry.Id));
    }

    [Fact]
    public async Task An_entry_is_usable_through_its_day_of_review_in_the_offices_time()
    {
        await Town.Get<AnswerBank>().PutAsync([Entry("a", "urban") with { ReviewOn = Today }], None);
        Town.Clock.Now = new DateTimeOffset(2026, 11, 16, 23, 59, 0, TimeSpan.FromHours(8));
        Assert.NotNull(await Town.Get<AnswerBank>().FindUsableAsync("a", None));
        // Past midnight in the office it is still yesterday in Greenwich.
        Town.Clock.Now = new DateTimeOffset(2026, 11, 17, 0, 1, 0, TimeSpan.FromHours(8));
        Assert.Null(await Town.Get<AnswerBank>().FindUsableAsync("a", None));
        Assert.Null(await Town.Get<AnswerBank>().FindUsableAsync("b", None));
    }

    [Fact]
    public async Task An_entry_outside_the_scheme_is_refused_with_all_that_came_with_it()
    {
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Town.Get<AnswerBank>().PutAsync([Entry("a", "urban"), Entry("b", "moon")], None));
        Assert.Empty(await Town.Get<AnswerBank>().ListAsync(None));
    }

    private static BankEntry Entry(string id, string subject) => new(id, subject, "问题" + id, [], "回答", "依据", "来源", Today.AddDays(30));
}
