namespace Opinion.Ingest.Tables;

/// <summary>One cell as it stands in the file. A formula is the value the office's spreadsheet saved with it, never evaluated here.</summary>
/// <param name="Text">Its text, unchanged; empty where there is none.</param>
/// <param name="WallClock">The date and time where the cell is a date of a workbook; without a zone.</param>
public readonly record struct TableCell(string Text, DateTime? WallClock = null)
{
    /// <summary>Whether there is nothing in it but white space.</summary>
    public bool IsEmpty => WallClock is null && string.IsNullOrWhiteSpace(Text);
}

/// <summary>One row below the header.</summary>
/// <param name="Number">The row as a spreadsheet counts it: the header is row 1.</param>
/// <param name="Cells">Its cells. In a sound row as many as the table has columns; other rows are for the reader to refuse.</param>
public sealed record TableRow(long Number, IReadOnlyList<TableCell> Cells);
