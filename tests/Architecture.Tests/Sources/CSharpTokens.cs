using System.Text;

namespace Opinion.Architecture.Tests.Sources;

public enum TokenKind
{
    /// <summary>An identifier or keyword.</summary>
    Word,

    /// <summary>The value of a string literal; holes of an interpolated one stand as U+FFFC.</summary>
    Text,

    /// <summary>Any other character that is not white space.</summary>
    Sign,

    /// <summary>A preprocessor line.</summary>
    Directive,
}

public readonly record struct Token(TokenKind Kind, string Value, int Line, bool Interpolated = false);

/// <summary>
/// Cuts C# into what the rules look at. Comments are left out. It knows every form of string literal (regular, verbatim,
/// raw, interpolated, with code in its holes) and no grammar beyond that.
/// </summary>
public static class CSharpTokens
{
    public static IReadOnlyList<Token> Of(string source)
    {
        var tokens = new List<Token>();
        var at = 0;
        Code(source, ref at, tokens, inHole: false);
        return tokens;
    }

    /// <summary>The string literals, with those joined by a plus joined: an identifier between them ends the joining.</summary>
    public static IEnumerable<Token> Texts(string source)
    {
        Token? joined = null;
        var plus = false;
        foreach (var token in Of(source))
        {
            if (token.Kind == TokenKind.Text)
            {
                if (joined is { } before && plus) joined = before with { Value = before.Value + token.Value, Interpolated = before.Interpolated || token.Interpolated };
                else
                {
                    if (joined is { } done) yield return done;
                    joined = token;
                }

                plus = false;
                continue;
            }

            if (token is { Kind: TokenKind.Sign, Value: "+" } && joined is not null)
            {
                plus = true;
                continue;
            }

            if (joined is { } ended) yield return ended;
            joined = null;
            plus = false;
        }

        if (joined is { } last) yield return last;
    }

    private static void Code(string s, ref int at, List<Token> tokens, bool inHole)
    {
        var depth = 0;
        while (at < s.Length)
        {
            var c = s[at];
            if (inHole && depth == 0 && c is '}' or ':') return;
            if (char.IsWhiteSpace(c)) at++;
            else if (Starts(s, at, "//")) SkipTo(s, ref at, "\n");
            else if (Starts(s, at, "/*")) SkipTo(s, ref at, "*/");
            else if (c == '#' && !inHole && LineIsEmptyBefore(s, at))
            {
                var start = at;
                SkipTo(s, ref at, "\n");
                tokens.Add(new Token(TokenKind.Directive, s[start..at].Trim(), LineOf(s, start)));
            }
            else if (IsString(s, at)) String(s, ref at, tokens);
            else if (c == '\'') Character(s, ref at);
            else if (char.IsLetter(c) || c is '_' or '@')
            {
                var start = at++;
                while (at < s.Length && (char.IsLetterOrDigit(s[at]) || s[at] == '_')) at++;
                tokens.Add(new Token(TokenKind.Word, s[start..at].TrimStart('@'), LineOf(s, start)));
            }
            else
            {
                if (c is '(' or '[' or '{') depth++;
                if (c is ')' or ']' or '}') depth--;
                tokens.Add(new Token(TokenKind.Sign, c.ToString(), LineOf(s, at)));
                at++;
            }
        }
    }

    private static bool IsString(string s, int at)
    {
        while (at < s.Length && s[at] is '$' or '@') at++;
        return at < s.Length && s[at] == '"';
    }

    private static void String(string s, ref int at, List<Token> tokens)
    {
        var start = at;
        int dollars = 0, quotes = 0;
        var verbatim = false;
        for (; s[at] is '$' or '@'; at++)
        {
            if (s[at] == '$') dollars++;
            else verbatim = true;
        }

        while (at < s.Length && s[at] == '"')
        {
            quotes++;
            at++;
        }

        var value = new StringBuilder();
        if (quotes == 2 || (verbatim && quotes % 2 == 0))
        {
            // An empty string; a verbatim one may hold nothing but doubled quotes.
            value.Append('"', verbatim ? (quotes / 2) - 1 : 0);
        }
        else if (quotes >= 3 && !verbatim) Raw(s, ref at, tokens, value, new string('"', quotes), dollars);
        else Quoted(s, ref at, tokens, value, verbatim, dollars > 0);
        if (at < s.Length && Starts(s, at, "u8")) at += 2;
        tokens.Add(new Token(TokenKind.Text, value.ToString(), LineOf(s, start), dollars > 0));
    }

    private static void Raw(string s, ref int at, List<Token> tokens, StringBuilder value, string end, int dollars)
    {
        while (at < s.Length && !Starts(s, at, end))
        {
            if (dollars > 0 && Starts(s, at, new string('{', dollars))) Hole(s, ref at, tokens, value, dollars);
            else value.Append(s[at++]);
        }

        at = Math.Min(s.Length, at + end.Length);
    }

    private static void Quoted(string s, ref int at, List<Token> tokens, StringBuilder value, bool verbatim, bool interpolated)
    {
        while (at < s.Length)
        {
            if (verbatim && Starts(s, at, "\"\"")) (value, at) = (value.Append('"'), at + 2);
            else if (s[at] == '"') break;
            else if (!verbatim && s[at] == '\\' && at + 1 < s.Length) (value, at) = (value.Append(s[at + 1] is 'n' or 'r' or 't' ? ' ' : s[at + 1]), at + 2);
            else if (interpolated && Starts(s, at, "{{")) (value, at) = (value.Append('{'), at + 2);
            else if (interpolated && Starts(s, at, "}}")) (value, at) = (value.Append('}'), at + 2);
            else if (interpolated && s[at] == '{') Hole(s, ref at, tokens, value, 1);
            else value.Append(s[at++]);
        }

        at++;
    }

    private static void Hole(string s, ref int at, List<Token> tokens, StringBuilder value, int braces)
    {
        at += braces;
        Code(s, ref at, tokens, inHole: true);
        // The format after a colon is no code.
        while (at < s.Length && s[at] != '}') at++;
        at = Math.Min(s.Length, at + braces);
        value.Append('\uFFFC');
    }

    private static void Character(string s, ref int at)
    {
        at++;
        while (at < s.Length && s[at] != '\'') at += s[at] == '\\' ? 2 : 1;
        at++;
    }

    private static void SkipTo(string s, ref int at, string end)
    {
        var found = s.IndexOf(end, at, StringComparison.Ordinal);
        at = found < 0 ? s.Length : found + end.Length;
    }

    private static bool LineIsEmptyBefore(string s, int at) => string.IsNullOrWhiteSpace(s[(s.LastIndexOf('\n', Math.Max(0, at - 1)) + 1)..at]);

    private static bool Starts(string s, int at, string what) => string.CompareOrdinal(s, at, what, 0, what.Length) == 0;

    private static int LineOf(string s, int at) => s.AsSpan(0, at).Count('\n') + 1;
}
