using System.Globalization;

namespace Opinion.Ingest.Tables;

/// <summary>
/// A file from outside that cannot be taken. The message names the file and, where they are known, row, column and
/// reason. It never quotes a cell: what people wrote does not belong in an error.
/// </summary>
/// <param name="file">The file's name.</param>
/// <param name="reason">What is wrong with it, for the person who made it.</param>
/// <param name="row">The row as a spreadsheet counts it, the header being row 1; null where no row is meant.</param>
/// <param name="column">The column's name; null where no column is meant.</param>
/// <param name="inner">What led to it.</param>
/// <param name="told">What is told to people who may see no word of the file, where that is less than the reason.</param>
public sealed class InputFileException(string file, string reason, long? row = null, string? column = null, Exception? inner = null, string? told = null)
    : Exception(Describe(file, row, column, reason), inner)
{
    /// <summary>The file's name.</summary>
    public string File { get; } = file;

    /// <summary>The row as a spreadsheet counts it, or null.</summary>
    public long? Row { get; } = row;

    /// <summary>The column's name, or null.</summary>
    public string? Column { get; } = column;

    /// <summary>What is wrong.</summary>
    public string Reason { get; } = reason;

    /// <summary>The message for those who may see no word of the file: file, row, column and what is wrong. A sheet without a header has a letter where titles should be.</summary>
    public string Told { get; } = Describe(Path.GetFileName(file), row, column, told ?? reason);

    private static string Describe(string file, long? row, string? column, string reason) =>
        file + (row is { } number ? ", row " + number.ToString(CultureInfo.InvariantCulture) : "") + (column is null ? "" : ", column " + column) + ": " + reason;
}
