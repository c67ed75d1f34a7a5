namespace Opinion.Architecture.Tests.Sources;

public class CSharpTokensTests
{
    [Theory]
    [InlineData("""var a = "one"; // "two" """, "one")]
    [InlineData("""/* "no" */ var a = "a\"b\\";""", "a\"b\\")]
    [InlineData("var a = @\"c:\\ \"\"q\"\" \";", "c:\\ \"q\" ")]
    [InlineData("var a = \"\"\"raw \"quoted\" text\"\"\";", "raw \"quoted\" text")]
    [InlineData("var a = \"x\" + \"y\" + @\"z\";", "xyz")]
    [InlineData("char c = '\"'; var a = \"after\";", "after")]
    [InlineData("var a = \"bytes\"u8;", "bytes")]
    [InlineData("var a = \"\"; var b = \"b\";", "|b")]
    [InlineData("var a = first + \"second\";", "second")]
    [InlineData("var a = \"one\" + middle + \"two\";", "one|two")]
    public void Strings_are_found_in_every_form(string source, string expected) => Assert.Equal(expected, string.Join('|', CSharpTokens.Texts(source).Select(token => token.Value)));

    [Fact]
    public void Code_in_the_holes_of_a_string_is_code_and_its_strings_are_strings()
    {
        var tokens = CSharpTokens.Of("""var a = $"x {Map["inner"]:0.0} y {{z}} {F(new { B = 1 })}"; var after = 1;""");
        Assert.Equal(["inner", "x \uFFFC y {z} \uFFFC"], tokens.Where(token => token.Kind == TokenKind.Text).Select(token => token.Value));
        Assert.Contains(tokens, token => token is { Kind: TokenKind.Word, Value: "Map" });
        Assert.Contains(tokens, token => token is { Kind: TokenKind.Word, Value: "after" });
        Assert.DoesNotContain(tokens, token => token is { Kind: TokenKind.Word, Value: "x" });
    }

    [Fact]
    public void Holes_of_raw_strings_have_as_many_braces_as_there_are_dollars()
    {
        var text = Assert.Single(CSharpTokens.Of("var a = $$\"\"\"{\"id\": {{Id}}}\"\"\";"), token => token.Kind == TokenKind.Text);
        Assert.Equal("{\"id\": \uFFFC}", text.Value);
        Assert.True(text.Interpolated);
    }

    [Fact]
    public void Directives_words_and_lines_are_found()
    {
        var tokens = CSharpTokens.Of("#pragma warning disable X1 // why\nclass @class\n{\n}\n");
        Assert.Equal(new Token(TokenKind.Directive, "#pragma warning disable X1 // why", 1), tokens[0]);
        Assert.Equal(new Token(TokenKind.Word, "class", 2), tokens[2]);
        Assert.Equal(4, tokens[^1].Line);
    }

    [Fact]
    public void Every_source_file_is_read_to_its_end_with_its_braces_even()
    {
        Assert.InRange(Repository.Sources.Count, 80, 10_000);
        Assert.All(Repository.Sources, file =>
        {
            var signs = CSharpTokens.Of(file.Text).Where(token => token.Kind == TokenKind.Sign).ToList();
            Assert.True(signs.Count(sign => sign.Value == "{") == signs.Count(sign => sign.Value == "}"), file.Path);
        });
    }
}
