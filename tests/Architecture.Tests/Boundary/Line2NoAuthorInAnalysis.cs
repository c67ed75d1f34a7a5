using Opinion.Architecture.Tests.Sources;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>Line 2: no author in analysis.</summary>
public class Line2NoAuthorInAnalysis
{
    private static readonly string[] Person =
    [
        "author", "sender", "writer", "openid", "unionid", "device", "fingerprint", "cookie", "session", "phone", "mobile", "tel", "email", "mail", "contact", "person", "people", "citizen", "resident",
        "ip", "useragent", "agent", "address", "nick", "nickname", "name", "surname", "user", "account", "wechat", "qq", "idcard", "identity", "birth", "birthday", "gender", "sex", "age", "ethnicity",
        "reporter", "caller", "customer", "profile", "household",
    ];

    // Names of things and of staff. Each must exist, so that the list does not outlive its reasons.
    private static readonly string[] NotOfWriters =
    [
        "office_settings.name", "departments.name_zh", "departments.name_en", "districts.name_zh", "districts.name_en", "subjects.name_zh", "subjects.name_en",
        "calendar_days.name_zh", "calendar_days.name_en", "deadline_changes.account", "role_grants.account_id", "matters.contact_hold_until",
    ];

    private static readonly string[] Hoards = ["saved", "watch", "watchlist", "subscription", "subscriptions", "keyword", "keywords", "query", "queries", "searches", "bookmark", "profiles", "persons", "people", "citizens"];

    private static readonly string[] FinePlaces = ["lat", "lon", "lng", "latitude", "longitude", "geo", "gps", "coordinate", "coordinates", "street", "building", "postcode", "zip", "neighbourhood", "grid"];

    [Fact]
    public void No_column_outside_the_sealed_tables_and_the_staffs_accounts_is_about_a_person()
    {
        using var schema = new Schema();
        Assert.InRange(schema.Columns.Count, 80, 10_000);
        Assert.Empty(PersonColumns(schema));
        Assert.Empty(NotOfWriters.Except(schema.Columns.Select(column => column.ToString())));
    }

    [Theory]
    [InlineData("ALTER TABLE letters ADD COLUMN sender_openid TEXT")]
    [InlineData("ALTER TABLE letters ADD COLUMN device TEXT")]
    [InlineData("ALTER TABLE training_examples ADD COLUMN author TEXT")]
    [InlineData("ALTER TABLE published_answers ADD COLUMN name_of_asker TEXT")]
    [InlineData("ALTER TABLE import_runs ADD COLUMN caller_phone TEXT")]
    [InlineData("CREATE TABLE visits (id INTEGER PRIMARY KEY, ip TEXT)")]
    [InlineData("CREATE VIEW writers AS SELECT letter_id, key_id AS email FROM sealed_contacts")]
    public void A_column_about_a_person_is_noticed(string broken)
    {
        using var schema = new Schema(broken);
        Assert.Single(PersonColumns(schema));
    }

    [Fact]
    public void No_key_links_one_persons_letters()
    {
        using var schema = new Schema();
        Assert.Contains(schema.Columns, column => column.ToString() == "letters.receipt_hash");
        Assert.Empty(LinkingKeys(schema));
    }

    [Theory]
    [InlineData("ALTER TABLE letters ADD COLUMN writer_hash BLOB")]
    [InlineData("ALTER TABLE letters ADD COLUMN contact_hmac TEXT")]
    [InlineData("ALTER TABLE matters ADD COLUMN visitor_token TEXT")]
    [InlineData("ALTER TABLE letters ADD COLUMN anything BLOB")]
    public void A_key_that_could_stand_on_two_letters_is_noticed(string broken)
    {
        using var schema = new Schema(broken);
        Assert.Single(LinkingKeys(schema));
    }

    [Fact]
    public void Channel_keys_hold_nothing_but_the_keyed_hash_of_one_letter()
    {
        using var schema = new Schema();
        var column = Assert.Single(schema.Columns, column => column.Table == "channel_keys");
        Assert.Equal(("key_hmac", "BLOB", true), (column.Name, column.Type, column.Unique));
    }

    [Fact]
    public void There_is_no_saved_search_no_word_alert_and_no_place_finer_than_a_district()
    {
        using var schema = new Schema();
        Assert.Empty(ForbiddenWords.InSchema(schema, Hoards));
        Assert.Empty(ForbiddenWords.InSchema(schema, FinePlaces));
    }

    [Theory]
    [InlineData("CREATE TABLE saved_searches (id INTEGER PRIMARY KEY, text TEXT)")]
    [InlineData("CREATE TABLE word_alerts (id INTEGER PRIMARY KEY, keyword TEXT)")]
    [InlineData("CREATE TABLE profiles (id INTEGER PRIMARY KEY)")]
    [InlineData("ALTER TABLE letters ADD COLUMN lat REAL")]
    [InlineData("ALTER TABLE letters ADD COLUMN street_code TEXT")]
    public void Such_a_table_or_column_is_noticed(string broken)
    {
        using var schema = new Schema(broken);
        Assert.NotEmpty(ForbiddenWords.InSchema(schema, [.. Hoards, .. FinePlaces]));
    }

    [Fact]
    public void The_analysis_knows_neither_store_nor_contact()
    {
        var analysis = Repository.Sources.Where(file => file.Path.StartsWith("src/Analysis/", StringComparison.Ordinal)).ToList();
        Assert.InRange(analysis.Count, 20, 10_000);
        Assert.Empty(analysis.SelectMany(file => ForbiddenWords.InSource(file, ["contact", "sqlite", "author", "sender"])));
        Assert.NotEmpty(ForbiddenWords.InSource(new SourceFile("src/Analysis/Bad.cs", "record Letter(string Body, string SenderId);"), ["contact", "sqlite", "author", "sender"]));
    }

    private static IEnumerable<string> PersonColumns(Schema schema) => schema.Columns
        .Where(column => column.Table is not ("sealed_contacts" or "sealed_texts" or "sealed_rows" or "sealed_questions" or "accounts" or "account_claims" or "account_logins" or "account_tokens"))
        .Where(column => column.Words.Any(Person.Contains)).Select(column => column.ToString()).Except(NotOfWriters);

    // Bytes, hashes and tokens that are not unique could be the same on two letters, and so link them.
    private static IEnumerable<Column> LinkingKeys(Schema schema) => schema.Columns
        .Where(column => !column.Unique && column.Table is not ("sealed_contacts" or "sealed_texts" or "sealed_rows" or "sealed_questions") && !column.Table.StartsWith("account", StringComparison.Ordinal))
        .Where(column => column.Type == "BLOB" || column.Words.Any(word => word is "hash" or "hmac" or "token" or "fingerprint" or "visitor" or "sha256"));
}
