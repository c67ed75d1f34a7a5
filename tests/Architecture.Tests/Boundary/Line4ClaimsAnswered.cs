using System.Text.RegularExpressions;
using Opinion.Architecture.Tests.Sources;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>Line 4: a false claim is answered, not chased.</summary>
public partial class Line4ClaimsAnswered
{
    private const string ReplyJob = "src/Desk/Clarifications/PublishClarification.cs";

    [Fact]
    public void A_claim_is_its_wording_and_a_count()
    {
        using var schema = new Schema();
        Assert.Empty(MoreThanAClaim(schema));
        Assert.Equal(["claims.id", "claims.wording", "claims.questions"], schema.Columns.Where(column => column.Table == "claims").Select(column => column.ToString()));
    }

    [Theory]
    [InlineData("ALTER TABLE claims ADD COLUMN first_seen INTEGER")]
    [InlineData("ALTER TABLE claims ADD COLUMN channel TEXT")]
    [InlineData("ALTER TABLE claims ADD COLUMN district TEXT")]
    [InlineData("ALTER TABLE clarifications ADD COLUMN speaker TEXT")]
    [InlineData("ALTER TABLE clarifications ADD COLUMN letter_id TEXT")]
    [InlineData("CREATE TABLE claim_days (claim_id TEXT, day TEXT, questions INTEGER)")]
    [InlineData("CREATE TABLE askers (claim_id TEXT, letter_id TEXT)")]
    [InlineData("ALTER TABLE letters ADD COLUMN claim_id TEXT")]
    [InlineData("CREATE INDEX matters_claim ON matters (claim_id, opened_at); CREATE TABLE x_claims (claim_id TEXT)")]
    public void Anything_more_about_a_claim_is_noticed(string broken)
    {
        using var schema = new Schema(broken);
        Assert.NotEmpty(MoreThanAClaim(schema));
    }

    [Fact]
    public void A_clarification_has_a_source_and_says_something()
    {
        using var schema = new Schema("INSERT INTO claims (id, wording) VALUES ('c', 'wording')");
        Assert.True(schema.Takes("INSERT INTO clarifications (id, claim_id, known, unknown, sources) VALUES ('1', 'c', 'known', '', 'https://example.org/')"));
        Assert.False(schema.Takes("INSERT INTO clarifications (id, claim_id, known, unknown, sources) VALUES ('2', 'c', 'known', '', ' ')"));
        Assert.False(schema.Takes("INSERT INTO clarifications (id, claim_id, known, unknown, sources) VALUES ('3', 'c', '', '', 'https://example.org/')"));
    }

    [Fact]
    public void Nothing_returns_matters_by_claim_but_the_job_that_replies_to_them()
    {
        Assert.Contains(Repository.Sources, file => file.Path == ReplyJob);
        var found = Repository.Sources.SelectMany(MattersByClaim).ToList();
        Assert.Equal(ReplyJob, Assert.Single(found).Path);
    }

    [Theory]
    [InlineData("var sql = \"SELECT letter_id FROM matters WHERE claim_id = @claim\";")]
    [InlineData("var sql = \"SELECT l.title FROM letters l JOIN matters m ON m.letter_id = l.id WHERE m.claim_id = @claim\";")]
    [InlineData("var sql = \"SELECT COUNT(*), district FROM letters l JOIN matters m ON m.letter_id = l.id GROUP BY m.claim_id, district\";")]
    [InlineData("var sql = \"SELECT number, claim_id FROM letters JOIN matters ON letter_id = letters.id\";")]
    [InlineData("var sql = \"SELECT m.letter_id FROM claims c JOIN matters m ON m.claim_id = c.id\";")]
    [InlineData("var sql = \"SELECT letter_id FROM matters \" + \"WHERE claim_id = @claim\";")]
    public void A_query_for_matters_by_claim_is_noticed(string text) => Assert.Single(MattersByClaim(new SourceFile("src/Desk/Clarifications/Bad.cs", text)));

    [Theory]
    [InlineData("var sql = \"UPDATE matters SET claim_id = @id WHERE letter_id = @letter\";")]
    [InlineData("var sql = \"SELECT k.id FROM clarifications k JOIN claims c ON c.id = k.claim_id\";")]
    [InlineData("var sql = \"SELECT COUNT(*) FROM matters WHERE letter_id = @letter AND claim_id IS NOT NULL\";")]
    public void Noting_a_claim_and_clarifying_it_are_let_be(string text) => Assert.Empty(MattersByClaim(new SourceFile("src/Desk/Clarifications/Fine.cs", text)));

    [Fact]
    public void A_claim_and_its_count_say_nothing_of_time_place_or_channel_in_code()
    {
        Assert.Empty(Properties(typeof(Desk.Clarifications.Claim)).Except(["Id", "Wording", "Questions", "Clarified"]));
        Assert.Empty(Properties(typeof(Desk.Clarifications.Clarification)).Except(["Id", "Claim", "Known", "Unknown", "Sources", "PublishedAt"]));
        Assert.Equal(["Day"], Properties(typeof(Chased)).Except(["Id", "Wording", "Questions", "Clarified"]));
    }

    private sealed record Chased(string Id, DateOnly Day);

    private static IEnumerable<string> Properties(Type type) => type.GetProperties().Select(property => property.Name);

    private static IEnumerable<string> MoreThanAClaim(Schema schema)
    {
        string[] known =
        [
            "claims.id", "claims.wording", "claims.questions", "matters.claim_id", "clarifications.id", "clarifications.claim_id", "clarifications.known", "clarifications.unknown", "clarifications.sources",
            "clarifications.published_at",
        ];
        return schema.Columns.Where(column => column.Table is "claims" or "clarifications" || column.Words.Contains("claim") || column.Table.Split('_').Any(word => word is "claim" or "askers"))
            .Where(column => !column.Table.StartsWith("account", StringComparison.Ordinal)).Select(column => column.ToString()).Except(known);
    }

    // A statement on matters that reads claim_id. It may be set, and it may be asked whether one letter has one.
    private static IEnumerable<(string Path, int Line)> MattersByClaim(SourceFile file) => CSharpTokens.Texts(file.Text)
        .Where(text => Matters().IsMatch(text.Value) && ClaimId().IsMatch(SetsIt().Replace(HasOne().Replace(text.Value, ""), "")))
        .Select(text => (file.Path, text.Line));

    [GeneratedRegex(@"\bmatters\b")]
    private static partial Regex Matters();

    [GeneratedRegex(@"\bclaim_id\b")]
    private static partial Regex ClaimId();

    [GeneratedRegex(@"\bSET\s+claim_id\s*=")]
    private static partial Regex SetsIt();

    [GeneratedRegex(@"WHERE letter_id = @letter AND claim_id IS (NOT )?NULL")]
    private static partial Regex HasOne();
}
