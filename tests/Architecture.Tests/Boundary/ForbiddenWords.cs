using System.Text.RegularExpressions;
using Opinion.Architecture.Tests.Sources;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>Finds words a line of the boundary forbids: in the names of tables and columns, and in identifiers and texts of the code.</summary>
public static partial class ForbiddenWords
{
    /// <summary>Tables and columns whose names are made of forbidden words.</summary>
    public static IEnumerable<string> InSchema(Schema schema, IReadOnlyCollection<string> words)
    {
        foreach (var table in schema.Tables)
        {
            if (table.ToLowerInvariant().Split('_').Any(words.Contains)) yield return table;
        }

        foreach (var column in schema.Columns)
        {
            if (column.Words.Any(words.Contains)) yield return column.ToString();
        }
    }

    /// <summary>Identifiers and string literals of a source file that hold forbidden words; comments may say what is not there.</summary>
    /// <param name="file">The file.</param>
    /// <param name="words">Words in lower case; several words in a row are joined, as in <c>takedown</c>. Chinese words are looked for anywhere in a literal.</param>
    public static IEnumerable<string> InSource(SourceFile file, IReadOnlyCollection<string> words)
    {
        foreach (var token in CSharpTokens.Of(file.Text))
        {
            if (token.Kind is not (TokenKind.Word or TokenKind.Text)) continue;
            var parts = Parts().Matches(token.Value).Select(match => match.Value.ToLowerInvariant()).ToList();
            var pairs = parts.Zip(parts.Skip(1), (first, second) => first + second);
            var found = parts.Concat(pairs).FirstOrDefault(words.Contains) ?? words.FirstOrDefault(word => word[0] >= '\u2E80' && token.Value.Contains(word, StringComparison.Ordinal));
            if (found is not null) yield return $"{file.Path}:{token.Line} {found}";
        }
    }

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Parts();
}
