using System.CommandLine;

namespace Opinion.Cli.Analysis;

/// <summary>The options that name a CSV file of letters and its columns, shared by the commands that read one.</summary>
internal sealed class LettersOptions
{
    internal Option<string> Input { get; } = new("--input") { Description = "A CSV file with a header, UTF-8.", Required = true };

    internal Option<string> Text { get; } = new("--text") { Description = "Columns with the text, joined by commas; the first is the title.", Required = true };

    internal Option<string> Label { get; } = new("--label") { Description = "The column with the right label." };

    internal Option<string> Id { get; } = new("--id") { Description = "The column with the letter's id.", DefaultValueFactory = _ => "id" };

    internal Option<string> Model { get; } = new("--model") { Description = "A model file.", Required = true };

    /// <summary>The text columns named on the command line.</summary>
    /// <exception cref="UsageException">A name is empty.</exception>
    internal string[] TextColumns(ParseResult result)
    {
        string[] columns = (result.GetValue(Text) ?? "").Split(',');
        return columns.Any(string.IsNullOrWhiteSpace) ? throw new UsageException("--text: a column name is empty") : columns;
    }
}
