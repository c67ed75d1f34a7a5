using System.Globalization;
using ExcelDataReader;

namespace Opinion.Ingest.Tables;

/// <summary>
/// One sheet of an Excel workbook (XLSX). Formulas give the value saved with them; cells formatted as dates give dates;
/// numbers give their shortest exact text.
/// </summary>
internal sealed class XlsxTable : Table
{
    private const long GridLimit = 1 << 26;

    private readonly Stream _stream;
    private readonly IExcelDataReader _reader;
    private long _row;

    public XlsxTable(Stream stream, string name, TableOptions options, CancellationToken cancel)
        : base(name)
    {
        _stream = stream;
        _reader = Guard(() =>
        {
            UnpackedSize.Check(stream, cancel);
            return ExcelReaderFactory.CreateOpenXmlReader(stream, new ExcelReaderConfiguration { LeaveOpen = true });
        });
        try
        {
            GoTo(options.Sheet);
            Columns = Header(name, (Read(ColumnLimit) ?? throw new InputFileException(name, "the sheet is empty")).Select(cell => cell.Text));
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public override IEnumerable<TableRow> ReadRows(CancellationToken cancel)
    {
        while (Read(Columns.Count) is { } cells)
        {
            cancel.ThrowIfCancellationRequested();
            if (!cells.TrueForAll(cell => cell.IsEmpty)) yield return new TableRow(_row, cells);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private void GoTo(string? sheet)
    {
        var names = new List<string>();
        while (sheet is not null && !string.Equals(_reader.Name, sheet, StringComparison.Ordinal))
        {
            names.Add(_reader.Name);
            if (!Guard(_reader.NextResult)) throw new InputFileException(Name, $"there is no sheet named {sheet}; the sheets are: {string.Join(", ", names)}");
        }

        if (_reader.FieldCount > ColumnLimit) throw new InputFileException(Name, $"there are more than {ColumnLimit} columns", 1);
        if (_reader.RowCount > RowLimit) throw new InputFileException(Name, $"there are more than {RowLimit} rows");
        // Two cells far apart make a small file with a huge grid of nothing between them.
        if ((long)_reader.RowCount * _reader.FieldCount > GridLimit) throw new InputFileException(Name, $"the sheet's grid of {_reader.RowCount} rows and {_reader.FieldCount} columns is larger than {GridLimit} cells");
    }

    /// <summary>Reads the next row: at least <paramref name="width"/> cells or as many as there are, more only where something stands in them.</summary>
    private List<TableCell>? Read(int width)
    {
        if (!Guard(_reader.Read)) return null;
        _row = _reader.Depth + 1L;
        if (_row > RowLimit) throw new InputFileException(Name, $"there are more than {RowLimit} rows");
        var cells = new List<TableCell>(_reader.FieldCount);
        for (var i = 0; i < _reader.FieldCount; i++) cells.Add(CellOf(_reader.GetValue(i)));
        while (cells.Count < width && width < ColumnLimit) cells.Add(new TableCell(""));
        while (cells.Count > width && cells[^1].IsEmpty) cells.RemoveAt(cells.Count - 1);
        return cells;
    }

    private static TableCell CellOf(object? value) => value switch
    {
        null => new TableCell(""),
        string text => new TableCell(text),
        DateTime moment => new TableCell(moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), moment),
        // Ticket and telephone numbers are often saved as numbers: written out, never as 1.38E+10.
        double number when Math.Abs(number) < 1e15 && number == Math.Floor(number) => new TableCell(((long)number).ToString(CultureInfo.InvariantCulture)),
        IFormattable other => new TableCell(other.ToString(null, CultureInfo.InvariantCulture)),
        _ => new TableCell(value.ToString() ?? ""),
    };

    private T Guard<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception error) when (error is not (OperationCanceledException or InputFileException or InsufficientMemoryException))
        {
            // The library documents no exceptions; a damaged workbook makes it throw whatever its parts run into. Only
            // messages about the packing are repeated: others may quote a cell.
            throw new InputFileException(Name, "the workbook is broken: " + (error is InvalidDataException ? error.Message : error.GetType().Name), _row == 0 ? null : _row + 1, inner: error);
        }
    }
}
