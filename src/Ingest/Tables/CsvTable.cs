using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Opinion.Ingest.Tables;

/// <summary>A CSV file after RFC 4180: cells parted by commas, quoted where they hold a comma, a quote or a line break.</summary>
internal sealed class CsvTable : Table
{
    private readonly Stream _stream;
    private readonly StrictTextReader _text;
    private readonly CsvParser _parser;
    private readonly string _encoding;
    private long _row;
    private bool _badCell;

    public CsvTable(Stream stream, string name, TableOptions options)
        : base(name)
    {
        _stream = stream;
        _encoding = options.Encoding;
        _text = new StrictTextReader(stream, options.Encoding);
        _parser = new CsvParser(_text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ",",
            Mode = CsvMode.RFC4180,
            IgnoreBlankLines = false,
            MaxFieldSize = CellLimit,
            BadDataFound = _ => _badCell = true,
        });
        Columns = Header(name, (Read() ?? throw new InputFileException(name, "the file is empty")).Select(cell => cell.Text));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public override IEnumerable<TableRow> ReadRows(CancellationToken cancel)
    {
        while (Read() is { } cells)
        {
            cancel.ThrowIfCancellationRequested();
            if (Array.TrueForAll(cells, cell => cell.IsEmpty)) continue;
            // The header's nameless columns at the end were left out; the same cells of a row are, where they are empty.
            var count = cells.Length;
            while (count > Columns.Count && cells[count - 1].IsEmpty) count--;
            yield return new TableRow(_row, count == cells.Length ? cells : cells[..count]);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _parser.Dispose();
        _text.Dispose();
        _stream.Dispose();
    }

    private TableCell[]? Read()
    {
        try
        {
            if (!_parser.Read()) return null;
            _row++;
            var cells = new TableCell[_parser.Count];
            for (var i = 0; i < cells.Length; i++) cells[i] = new TableCell(_parser[i]);
            // A quote that is never closed swallows the rest of the file; CsvHelper lets some of these pass.
            if (_badCell || _parser.RawRecord.AsSpan().Count('"') % 2 != 0)
                throw new InputFileException(Name, "a quotation mark is opened and not closed, or stands inside a cell without being doubled", _row);
            return cells;
        }
        catch (DecoderFallbackException error)
        {
            var hint = string.Equals(_encoding, Encodings[0], StringComparison.Ordinal) ? "; if the file is in GBK or GB18030, the map must say so: \"encoding\": \"gb18030\"" : "";
            throw new InputFileException(Name, $"the bytes are not valid {_encoding.ToUpperInvariant()}{hint}", _row + 1, inner: error);
        }
        catch (MaxFieldSizeException error)
        {
            throw new InputFileException(Name, $"a cell is longer than {CellLimit} characters; most likely a quotation mark is never closed", _row + 1, inner: error);
        }
        catch (CsvHelperException error)
        {
            throw new InputFileException(Name, "the row cannot be read as CSV", _row + 1, inner: error);
        }
        catch (IOException error)
        {
            throw new InputFileException(Name, "the file cannot be read: " + error.Message, _row + 1, inner: error);
        }
    }
}
