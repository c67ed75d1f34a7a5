namespace Opinion.Desk.Search;

/// <summary>
/// Writes what is to match in the search language of an engine: <c>tsquery</c> on PostgreSQL, FTS5's on SQLite. Every
/// token is quoted, so nothing a reader types is an operator.
/// </summary>
internal sealed class MatchText(bool postgres)
{
    /// <summary>All of these tokens.</summary>
    public string All(IEnumerable<string> tokens) => "(" + string.Join(postgres ? " & " : " AND ", tokens.Select(Quote)) + ")";

    /// <summary>At least one of these tokens.</summary>
    public string Any(IEnumerable<string> tokens) => "(" + string.Join(postgres ? " | " : " OR ", tokens.Select(Quote)) + ")";

    /// <summary>Both.</summary>
    public string Both(string one, string other) => postgres ? $"({one} & {other})" : $"({one} AND {other})";

    /// <summary>The one without the other.</summary>
    public string Without(string one, string other) => postgres ? $"({one} & !{other})" : $"({one} NOT {other})";

    private string Quote(string token) => postgres
        ? "'" + token.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'"
        : "\"" + token.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
