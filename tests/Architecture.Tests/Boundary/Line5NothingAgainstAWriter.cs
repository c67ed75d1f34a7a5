using Opinion.Architecture.Tests.Sources;
using Opinion.Desk.Matters;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>Line 5: nothing is removed, reported or forwarded against a writer.</summary>
public class Line5NothingAgainstAWriter
{
    private static readonly string[] Against =
    [
        "takedown", "takedowns", "blacklist", "blacklists", "blocklist", "denylist", "greylist", "suspect", "suspects", "offender", "offenders", "culprit", "punish", "punishment", "sanction", "prosecute",
        "handover", "deanonymize", "deanonymise", "unmask", "reportuser", "reportwriter", "banwriter", "banuser", "troublemaker", "stability", "dossier", "dossiers", "黑名单", "删帖", "维稳", "重点人员", "移交公安",
    ];

    [Fact]
    public void There_is_no_table_and_no_code_for_it()
    {
        using var schema = new Schema();
        Assert.InRange(schema.Tables.Count, 20, 1000);
        Assert.Empty(ForbiddenWords.InSchema(schema, Against));
        Assert.InRange(Repository.Sources.Count, 80, 10_000);
        Assert.Empty(Repository.Sources.SelectMany(file => ForbiddenWords.InSource(file, Against)));
    }

    [Theory]
    [InlineData("CREATE TABLE blacklist (letter_id TEXT)")]
    [InlineData("ALTER TABLE letters ADD COLUMN takedown INTEGER")]
    [InlineData("CREATE TABLE dossiers (id TEXT)")]
    public void A_table_for_it_is_noticed(string broken)
    {
        using var schema = new Schema(broken);
        Assert.NotEmpty(ForbiddenWords.InSchema(schema, Against));
    }

    [Theory]
    [InlineData("Task HandOverContact(string letter)")]
    [InlineData("class TakeDownRequest { }")]
    [InlineData("enum Refusal { BlackListed, BlackList }")]
    [InlineData("var state = \"black-list\";")]
    [InlineData("var label = \"列入黑名单\";")]
    public void Code_for_it_is_noticed(string text) => Assert.NotEmpty(ForbiddenWords.InSource(new SourceFile("src/Desk/Bad.cs", text), Against));

    [Fact]
    public void A_matter_ends_in_one_of_five_ways_and_none_is_against_its_writer()
    {
        string[] ends = ["solved", "partly-solved", "declined", "transferred", "withdrawn"];
        Assert.Equal(ends, Enum.GetValues<Disposition>().Select(disposition => disposition.NameOf()));
        using var schema = new Schema().WithLetter();
        foreach (var end in ends.Concat(["removed", "reported", "forwarded", "prosecuted", ""]))
            Assert.Equal(ends.Contains(end), schema.Takes($"UPDATE matters SET state = 'closed', closed_at = 2, disposition = '{end}' WHERE letter_id = 'a'"));
    }

    [Fact]
    public void A_matter_never_stands_with_the_department_complained_about()
    {
        using var schema = new Schema().WithLetter();
        Assert.Empty(Partial(schema));
    }

    [Theory]
    [InlineData("DROP TRIGGER matters_impartial_update")]
    [InlineData("DROP TRIGGER matters_impartial_insert")]
    public void A_schema_without_that_guard_is_noticed(string broken)
    {
        using var schema = new Schema(broken).WithLetter();
        Assert.Single(Partial(schema));
    }

    [Fact]
    public void Every_transfer_and_every_opened_contact_is_a_kind_of_history()
    {
        using var schema = new Schema().WithLetter();
        foreach (var kind in new[] { "transferred", "original-opened", "contact-erased", "withdrawn" })
            Assert.True(schema.Takes($"INSERT INTO matter_events (letter_id, at, kind, actor, visible) VALUES ('a', 1, '{kind}', 'x', 1)"));
        foreach (var kind in new[] { "handed-over", "reported", "taken-down", "flagged" })
            Assert.False(schema.Takes($"INSERT INTO matter_events (letter_id, at, kind, actor, visible) VALUES ('a', 1, '{kind}', 'x', 1)"));
    }

    [Fact]
    public void Contact_data_has_one_way_to_a_person_and_it_is_audited_first()
    {
        Assert.Empty(OpensContacts(Repository.Sources));
        Assert.NotEmpty(OpensContacts([new SourceFile("src/Desk/Reports/Bad.cs", "await sealedLetters.OpenContactAsync(session, id, cancel);")]));
    }

    private static IEnumerable<string> OpensContacts(IEnumerable<SourceFile> files) => files
        .Where(file => file.Path is not ("src/Desk/Sealing/SealedLetters.cs" or "src/Desk/Sealing/OpenOriginal.cs" or "src/Desk/Sealing/OpenReplyAddress.cs"))
        .Where(file => CSharpTokens.Of(file.Text).Any(token => token is { Kind: TokenKind.Word, Value: "OpenContactAsync" })).Select(file => file.Path);

    private static IEnumerable<string> Partial(Schema schema)
    {
        schema.Run("UPDATE letters SET about_department = 'water' WHERE id = 'a'");
        if (schema.Takes("UPDATE matters SET department = 'water' WHERE letter_id = 'a'")) yield return "transferred to it";
        schema.Run(
            """
            INSERT INTO letters (id, receipt_hash, number, channel, arrived_at, registered_at, state, title, place, body, about_department)
            VALUES ('b', x'02', 'N2', 'form', 1, 1, 'redacted', '', '', '', 'water');
            """);
        if (schema.Takes("INSERT INTO matters (letter_id, department, state, deadline, deadline_at, opened_at) VALUES ('b', 'water', 'open', '2026-11-23', 1, 1)")) yield return "assigned to it";
    }
}
