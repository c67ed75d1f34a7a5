using Opinion.Desk.Clarifications;
using Opinion.Desk.Matters;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Clarifications;

public abstract class ClarificationTests(TestEngine engine) : DeskSuite(engine)
{
    private const string Source = "https://example.org/notice";

    private Opinion.Desk.Clarifications.Clarifications Public => Town.Get<Opinion.Desk.Clarifications.Clarifications>();

    [Fact]
    public async Task A_claim_is_counted_once_for_each_letter_that_asks_and_shown_to_no_writer()
    {
        var (first, second) = (await Town.AssignAsync(), await Town.AssignAsync());
        Assert.Null(await AskAsync(first, null, "听说要停水三天"));
        var claim = Assert.Single(await Public.ClaimsAsync(None));
        Assert.Equal(("听说要停水三天", 1, false), (claim.Wording, claim.Questions, claim.Clarified));
        Assert.Null(await AskAsync(second, claim.Id, null));
        Assert.Null(await AskAsync(second, claim.Id, null));
        Assert.Equal(2, Assert.Single(await Public.ClaimsAsync(None)).Questions);
        Assert.DoesNotContain(HistoryKind.Note, await Town.HistoryAsync(first));
    }

    [Fact]
    public async Task Only_the_departments_officer_joins_a_letter_to_a_claim_that_is_there()
    {
        var filed = await Town.AssignAsync();
        Assert.Equal(Refusal.NotFound, await AskAsync(filed, "nothing", null));
        Assert.Equal(Refusal.Empty, await AskAsync(filed, null, " "));
        Assert.Equal(Refusal.OtherDepartment, await AskAsync(filed, null, "传言", "water-1"));
        Assert.Equal(Refusal.NotYourRole, await AskAsync(filed, null, "传言", "editor-1"));
        Assert.Empty(await Public.ClaimsAsync(None));
    }

    [Fact]
    public async Task A_clarification_replies_to_the_open_matters_that_asked_and_to_no_others()
    {
        var (asked, closed, other) = (await Town.AssignAsync(), await Town.AssignAsync(), await Town.AssignAsync());
        Assert.Null(await AskAsync(asked, null, "听说要停水三天"));
        var claim = Assert.Single(await Public.ClaimsAsync(None)).Id;
        Assert.Null(await AskAsync(closed, claim, null));
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(await Town.StaffAsync("urban-1"), closed.Number, Disposition.Solved, "已答复", None));
        Assert.Null(await PublishAsync(claim, null, "不停水。", Source));

        var published = Assert.Single(await Public.PublishedAsync(None));
        Assert.Equal(("听说要停水三天", "不停水。", Town.Clock.Now), (published.Claim, published.Known, published.PublishedAt!.Value));
        Assert.Equal([Source], published.Sources);
        var line = (await Town.FollowAsync(asked)).History[^1].Entry;
        Assert.Equal((HistoryKind.ClarificationSent, published.Id), (line.Kind, line.Detail));
        foreach (var filed in new[] { closed, other }) Assert.DoesNotContain(HistoryKind.ClarificationSent, await Town.HistoryAsync(filed));
        Assert.True(Assert.Single(await Public.ClaimsAsync(None)).Clarified);
        Assert.Equal(published.Id, (await Public.FindAsync(published.Id, None))!.Id);
        Assert.Null(await Public.FindAsync("nothing", None));
    }

    [Theory]
    [InlineData(null, Refusal.Empty)]
    [InlineData(" ", Refusal.Empty)]
    [InlineData("据说", Refusal.NoSource)]
    [InlineData("javascript:alert(1)", Refusal.NoSource)]
    [InlineData("https://example.org/ok\nfile:///etc/passwd", Refusal.NoSource)]
    [InlineData("/relative", Refusal.NoSource)]
    public async Task Without_sources_that_can_be_opened_nothing_is_published(string? sources, Refusal expected)
    {
        Assert.Equal(expected, await PublishAsync(null, "传言", "事实", sources));
        Assert.Empty(await Public.PublishedAsync(None));
        Assert.Empty(await Public.ClaimsAsync(None));
    }

    [Theory]
    [InlineData("urban-1")]
    [InlineData("analyst-1")]
    [InlineData("admin-1")]
    public async Task Nobody_but_the_editor_clarifies(string staff)
    {
        Assert.Equal(Refusal.NotYourRole, await PublishAsync(null, "传言", "事实", Source, staff));
        Assert.Empty(await Public.PublishedAsync(None));
    }

    [Fact]
    public async Task A_clarification_says_something_about_a_claim_that_is_there_and_is_audited()
    {
        Assert.Equal(Refusal.Empty, await PublishAsync(null, "传言", " ", Source));
        Assert.Equal(Refusal.Empty, await PublishAsync(null, null, "事实", Source));
        Assert.Equal(Refusal.NotFound, await PublishAsync("nothing", null, "事实", Source));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'clarification-published'"));
        Assert.Null(await PublishAsync(null, "传言", "事实", Source));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'clarification-published' AND actor = 'editor-1'"));
    }

    private async Task<Refusal?> AskAsync(Filed filed, string? claim, string? wording, string staff = "urban-1") =>
        await Town.Get<AskAboutClaim>().HandleAsync(await Town.StaffAsync(staff), filed.Number, claim, wording, None);

    private async Task<Refusal?> PublishAsync(string? claim, string? wording, string? known, string? sources, string staff = "editor-1") =>
        await Town.Get<PublishClarification>().HandleAsync(await Town.StaffAsync(staff), claim, wording, known, null, sources, None);

    [Fact]
    public async Task The_wording_of_a_claim_carries_no_personal_data()
    {
        var filed = await Town.AssignAsync();
        Assert.Null(await Town.Get<AskAboutClaim>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, null, "有人说打 13800001234 就能领补贴", None));
        Assert.Null(await Town.Get<PublishClarification>().HandleAsync(await Town.StaffAsync("editor-1"), null, "听说 13900005678 在卖学位", "查无此事", null, "https://example.org/", None));
        Assert.Equal(2, await Town.CountAsync("SELECT COUNT(*) FROM claims"));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM claims WHERE wording LIKE '%1380000%' OR wording LIKE '%1390000%'"));
    }
}
