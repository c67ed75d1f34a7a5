using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Hotline;

/// <summary>The head of a sheet and its first rows, for the person who chooses its columns. Lives as long as the answer it is shown in.</summary>
/// <param name="Columns">The columns' names.</param>
/// <param name="Rows">The first rows, a cell for each column, long ones cut.</param>
public sealed record SheetPreview(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>How many rows are shown.</summary>
    public const int Most = 8;

    private const int CellLimit = 60;

    /// <summary>Reads it.</summary>
    /// <param name="content">The file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="cancel">Cancels it.</param>
    /// <exception cref="InputFileException">It is no table, or is broken within its first rows.</exception>
    public static SheetPreview Read(Stream content, string name, TableOptions options, CancellationToken cancel)
    {
        using var table = Table.Open(content, name, options, cancel);
        var rows = table.ReadRows(cancel).Take(Most).Select(row => (IReadOnlyList<string>)[.. Enumerable.Range(0, table.Columns.Count).Select(i => i < row.Cells.Count ? Cut(row.Cells[i].Text.Trim()) : "")]).ToList();
        return new SheetPreview(table.Columns, rows);
    }

    /// <summary>The cells of one column.</summary>
    public IEnumerable<string> Of(string column) => Columns.ToList().IndexOf(column) is >= 0 and var at ? Rows.Select(row => row[at]).Where(cell => cell.Length > 0) : [];

    private static string Cut(string text) => text.Length <= CellLimit ? text : LetterText.Cut(text, CellLimit) + "…";
}

/// <summary>One row that a map would set aside.</summary>
/// <param name="Row">The row as a spreadsheet counts it.</param>
/// <param name="Refusal">Its column and reason.</param>
public sealed record TriedRow(long Row, RowRefusal Refusal);

/// <summary>What a map would make of a sheet, without taking anything in.</summary>
/// <param name="Rows">Rows read.</param>
/// <param name="Good">Rows that would become letters.</param>
/// <param name="Refused">The first of those that would be set aside.</param>
public sealed record MapTrial(long Rows, long Good, IReadOnlyList<TriedRow> Refused)
{
    /// <summary>How many refused rows are named.</summary>
    public const int Most = 50;

    /// <summary>Tries a map on a sheet, from its first row to its last.</summary>
    /// <exception cref="InputFileException">The sheet cannot be read to its end, or a mapped column is not there.</exception>
    public static MapTrial Of(Stream content, string name, ColumnMap map, Office office, DateTimeOffset now, CancellationToken cancel)
    {
        using var table = Table.Open(content, name, new TableOptions(map.Encoding, map.Sheet), cancel);
        if (map.Mapped().Select(pair => pair.Column).FirstOrDefault(column => !table.Columns.Contains(column, StringComparer.Ordinal)) is { } missing)
            throw new InputFileException(name, "there is no such column", 1, missing);
        var rows = new HotlineRow(map, table.Columns, office, now);
        var (read, good, refused) = (0L, 0L, new List<TriedRow>());
        foreach (var row in table.ReadRows(cancel))
        {
            read++;
            var (letter, refusal) = rows.Read(row);
            if (letter is not null) good++;
            else if (refused.Count < Most) refused.Add(new TriedRow(row.Number, refusal!));
        }

        return new MapTrial(read, good, refused);
    }
}
