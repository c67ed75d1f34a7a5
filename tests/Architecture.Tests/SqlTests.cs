using System.Text.RegularExpressions;
using Opinion.Architecture.Tests.Sources;

namespace Opinion.Architecture.Tests;

/// <summary>Which statements may stand where.</summary>
public partial class SqlTests
{
    [Fact]
    public void Only_the_sealing_folder_names_the_sealed_tables_and_nothing_joins_channel_keys()
    {
        Assert.InRange(Repository.Sources.Count, 80, 10_000);
        Assert.Contains(Repository.Sources, file => file.Path.StartsWith("src/Desk/Sealing/", StringComparison.Ordinal) && file.Text.Contains("sealed_contacts", StringComparison.Ordinal));
        Assert.Empty(Repository.Sources.SelectMany(NamesSealedTables));
    }

    [Theory]
    [InlineData("src/Desk/Reports/Spy.cs", "var sql = \"SELECT sealed FROM sealed_contacts\";")]
    [InlineData("src/Desk/Reports/Spy.cs", "var sql = \"\"\"\n  SELECT l.subject\n  FROM letters l JOIN Sealed_Texts t ON t.letter_id = l.id\n  \"\"\";")]
    [InlineData("src/Desk/Reports/Spy.cs", "var sql = \"SELECT * FROM sealed_\" + \"contacts\";")]
    [InlineData("src/Desk/Reports/Spy.cs", "var sql = $\"SELECT * FROM sealed_contacts WHERE {x}\";")]
    [InlineData("src/Dashboard/Pages/Spy.cs", "var sql = @\"DELETE FROM sealed_texts\";")]
    [InlineData("src/Desk/Doors/Spy.cs", "var sql = \"SELECT sealed FROM sealed_rows\";")]
    [InlineData("src/Ingest/OfficialAccount/Spy.cs", "var sql = \"SELECT asked_by FROM sealed_questions\";")]
    [InlineData("src/Desk/Letters/Spy.cs", "var sql = \"SELECT COUNT(*) FROM channel_keys\";")]
    [InlineData("src/Desk/Letters/ReceiveLetter.cs", "var sql = \"SELECT k.key_hmac FROM channel_keys k JOIN letters l ON 1\";")]
    public void The_sealed_table_rule_bites(string path, string text) => Assert.NotEmpty(NamesSealedTables(new SourceFile(path, text)));

    [Theory]
    [InlineData("src/Desk/Reports/Fine.cs", "// SELECT * FROM sealed_contacts\nvar sealedLetters = 1;")]
    [InlineData("src/Desk/Sealing/Fine.cs", "var sql = \"SELECT * FROM sealed_contacts\";")]
    [InlineData("src/Desk/Letters/ReceiveLetter.cs", "var sql = \"INSERT INTO channel_keys (key_hmac) VALUES (@key) ON CONFLICT DO NOTHING\";")]
    public void The_sealed_table_rule_lets_others_be(string path, string text) => Assert.Empty(NamesSealedTables(new SourceFile(path, text)));

    [Fact]
    public void Statements_are_constants()
    {
        Assert.Contains(Repository.Sources, file => file.Text.Contains("CommandText", StringComparison.Ordinal));
        Assert.Empty(Repository.Sources.SelectMany(ComposesSql));
    }

    [Theory]
    [InlineData("src/Desk/Reports/Bad.cs", "var sql = $\"SELECT * FROM letters WHERE id = '{id}'\";")]
    [InlineData("src/Desk/Reports/Bad.cs", "var sql = $\"\"\"\n  DELETE FROM {table}\n  \"\"\";")]
    [InlineData("src/Desk/Storage/Moving/Bad.cs", "var sql = $\"SELECT * FROM {table}\";")]
    [InlineData("src/Desk/Reports/Bad.cs", "command.CommandText = text;")]
    [InlineData("src/Dashboard/Accounts/Bad.cs", "context.Database.ExecuteSqlRaw(text);")]
    [InlineData("src/Dashboard/Accounts/Bad.cs", "accounts.FromSqlRaw(text);")]
    [InlineData("src/Desk/Reports/Bad.cs", "session.ExecuteScriptAsync(text, cancel);")]
    [InlineData("src/Desk/Reports/Bad.cs", "#pragma warning disable CA1857\n")]
    public void The_constant_rule_bites(string path, string text) => Assert.NotEmpty(ComposesSql(new SourceFile(path, text)));

    private static IEnumerable<string> NamesSealedTables(SourceFile file)
    {
        foreach (var text in CSharpTokens.Texts(file.Text))
        {
            if (SealedTable().IsMatch(text.Value) && !file.Path.StartsWith("src/Desk/Sealing/", StringComparison.Ordinal)) yield return $"{file.Path}:{text.Line} names a sealed table";
            if (text.Value.Contains("channel_keys", StringComparison.OrdinalIgnoreCase)
                && !(file.Path == "src/Desk/Letters/ReceiveLetter.cs" && text.Value.StartsWith("INSERT INTO channel_keys ", StringComparison.Ordinal) && !text.Value.Contains("SELECT", StringComparison.OrdinalIgnoreCase)))
                yield return $"{file.Path}:{text.Line} reads channel_keys";
        }
    }

    private static IEnumerable<string> ComposesSql(SourceFile file)
    {
        foreach (var text in CSharpTokens.Texts(file.Text))
        {
            // Whole tables are moved by statements of the catalogues' own names; that file takes no word from outside.
            if (text.Interpolated && Statement().IsMatch(text.Value) && file.Path != "src/Desk/Storage/Moving/TableStatements.cs") yield return $"{file.Path}:{text.Line} composes a statement";
        }

        foreach (var token in CSharpTokens.Of(file.Text))
        {
            var wrong = token.Kind switch
            {
                TokenKind.Directive => token.Value.Contains("CA1857", StringComparison.Ordinal) || token.Value.Contains("CA2100", StringComparison.Ordinal),
                TokenKind.Word => token.Value switch
                {
                    "CommandText" => !file.Path.StartsWith("src/Desk/Storage/", StringComparison.Ordinal),
                    "ExecuteScriptAsync" => file.Path is not ("src/Desk/Storage/Migrator.cs" or "src/Desk/Storage/StoreSession.cs"),
                    "ExecuteSqlRaw" or "ExecuteSqlRawAsync" or "FromSqlRaw" or "SqlQueryRaw" => true,
                    _ => false,
                },
                _ => false,
            };
            if (wrong) yield return $"{file.Path}:{token.Line} {token.Value}";
        }
    }

    [GeneratedRegex(@"\bsealed_(contacts|texts|rows|questions)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SealedTable();

    [GeneratedRegex(@"\b(SELECT\s.*\bFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|CREATE\s+TABLE|DROP\s+TABLE)\b", RegexOptions.Singleline)]
    private static partial Regex Statement();
}
