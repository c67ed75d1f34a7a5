namespace Opinion.Cli.Analysis;

/// <summary>A row of a CSV file: its number, its text (the text columns joined by line ends) and one more value.</summary>
/// <param name="Row">Counted from 1, the header being row 1.</param>
/// <param name="Text">The text columns, joined by U+000A.</param>
/// <param name="Value">The label or the id.</param>
internal readonly record struct CsvLetter(int Row, string Text, string Value)
{
    /// <summary>The further columns asked for, in their order; null where none were.</summary>
    internal string[]? Further { get; init; }
}

/// <summary>Reading all letters of a CSV file at once, as strictly as <see cref="CsvRows"/> does.</summary>
internal static class CsvLetters
{
    /// <summary>Reads all letters of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="textColumns">Columns joined into the text.</param>
    /// <param name="valueColumn">One more column.</param>
    /// <param name="valueOptional">Whether the row's place, counted from 0, stands in when the file lacks that column.</param>
    /// <param name="furtherColumns">Columns kept apart, if any.</param>
    /// <exception cref="UsageException">The file cannot be read as asked.</exception>
    internal static List<CsvLetter> Read(string path, string[] textColumns, string valueColumn, bool valueOptional = false, string[]? furtherColumns = null)
    {
        using CsvLetterRows rows = CsvLetterRows.Open(path, textColumns, valueColumn, valueOptional, furtherColumns);
        var letters = new List<CsvLetter>();
        while (rows.Read()) letters.Add(new CsvLetter(rows.Row, rows.Text.ToString(), rows.Value.ToString()) { Further = furtherColumns is null ? null : rows.Further() });
        return letters;
    }

    /// <summary>Reads all letters of a file, each of which must have a label.</summary>
    /// <exception cref="UsageException">The file cannot be read as asked, or a label is empty.</exception>
    internal static List<CsvLetter> ReadLabelled(string path, string[] textColumns, string labelColumn)
    {
        List<CsvLetter> letters = Read(path, textColumns, labelColumn);
        foreach (CsvLetter letter in letters)
        {
            if (string.IsNullOrWhiteSpace(letter.Value)) throw new UsageException($"{path}, row {letter.Row}, column \"{labelColumn}\": no label");
        }

        return letters;
    }
}
