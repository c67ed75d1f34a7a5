using System.Globalization;

namespace Opinion.Cli.Analysis;

/// <summary>The letters of a CSV file, one in memory at a time.</summary>
internal sealed class CsvLetterRows : IDisposable
{
    private readonly string _path;
    private readonly CsvRows _rows;
    private readonly int[] _places;
    private readonly int[] _furtherPlaces;
    private readonly int _valuePlace;
    private char[] _text = new char[4096];
    private char[] _value = new char[64];
    private int _textLength;
    private int _valueLength;

    private CsvLetterRows(string path, CsvRows rows, string[] textColumns, string valueColumn, bool valueOptional, string[] furtherColumns)
    {
        _path = path;
        _rows = rows;
        _places = Array.ConvertAll(textColumns, rows.Place);
        _furtherPlaces = Array.ConvertAll(furtherColumns, rows.Place);
        _valuePlace = valueOptional && !rows.Header.Contains(valueColumn, StringComparer.Ordinal) ? -1 : rows.Place(valueColumn);
    }

    /// <summary>The number of the row read last; the header is row 1.</summary>
    internal int Row => _rows.Row;

    /// <summary>How many letters were read.</summary>
    internal int Count { get; private set; }

    /// <summary>The text columns joined by U+000A, until the next <see cref="Read"/>.</summary>
    internal ReadOnlySpan<char> Text => _text.AsSpan(0, _textLength);

    /// <summary>The value column, or the letter's place counted from 0, until the next <see cref="Read"/>.</summary>
    internal ReadOnlySpan<char> Value => _value.AsSpan(0, _valueLength);

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="textColumns">Columns joined into the text.</param>
    /// <param name="valueColumn">One more column.</param>
    /// <param name="valueOptional">Whether the letter's place stands in when the file lacks that column.</param>
    /// <param name="furtherColumns">Columns kept apart, if any.</param>
    /// <exception cref="UsageException">The file cannot be read or lacks a column.</exception>
    internal static CsvLetterRows Open(string path, string[] textColumns, string valueColumn, bool valueOptional = false, string[]? furtherColumns = null)
    {
        CsvRows rows = CsvRows.Open(path);
        try
        {
            return new CsvLetterRows(path, rows, textColumns, valueColumn, valueOptional, furtherColumns ?? []);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Reads the whole file once for what is wrong with it, and goes back to its beginning: a command that writes as it reads would else stop with half its output written.</summary>
    /// <exception cref="UsageException">A row cannot be read, or there is none.</exception>
    internal void Check()
    {
        bool any = false;
        while (_rows.Read()) any = true;
        if (!any) throw NoRows();
        _rows.Rewind();
    }

    /// <summary>Reads the next letter.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="UsageException">The row cannot be read, or the file has none.</exception>
    internal bool Read()
    {
        if (!_rows.Read()) return Count > 0 ? false : throw NoRows();
        _textLength = 0;
        for (int i = 0; i < _places.Length; i++)
        {
            if (i > 0)
            {
                if (_textLength == _text.Length) Array.Resize(ref _text, 2 * _text.Length);
                _text[_textLength++] = '\n';
            }

            _textLength = _rows.Append(_places[i], ref _text, _textLength);
        }

        if (_valuePlace >= 0) _valueLength = _rows.Append(_valuePlace, ref _value, 0);
        else Count.TryFormat(_value, out _valueLength, default, CultureInfo.InvariantCulture);
        Count++;
        return true;
    }

    /// <summary>The further columns of the letter read last, in the order they were asked for.</summary>
    internal string[] Further()
    {
        var buffer = new char[64];
        return Array.ConvertAll(_furtherPlaces, place =>
        {
            // The buffer may be another one afterwards.
            int length = _rows.Append(place, ref buffer, 0);
            return new string(buffer, 0, length);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    private UsageException NoRows() => new($"{_path}: no rows after the header");
}
