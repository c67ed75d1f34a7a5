using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Opinion.Cli.Analysis;

/// <summary>
/// Strict reading of CSV (RFC 4180), one row in memory at a time: UTF-8 with or without a byte order mark, a header, the same
/// number of fields in every row, quotes that end. Empty lines are passed over. Anything else is refused with file, row,
/// column and reason. Rows are counted from 1, the header being row 1, as a spreadsheet counts them.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    private const int FirstBuffer = 1 << 16;
    private static readonly SearchValues<byte> EndsPlainField = SearchValues.Create(",\r\n\""u8);

    private readonly string _path;
    private readonly Stream _stream;
    private readonly List<(int Start, int Length, bool Escaped)> _fields = [];
    private byte[] _buffer = new byte[FirstBuffer];
    private int _begin;
    private int _end;
    private bool _ended;

    private CsvRows(string path, Stream stream)
    {
        _path = path;
        _stream = stream;
        Rewind();
    }

    /// <summary>The column names.</summary>
    internal string[] Header { get; private set; } = [];

    /// <summary>The number of the row read last.</summary>
    internal int Row { get; private set; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="UsageException">The file cannot be read, is empty, or its header is broken.</exception>
    internal static CsvRows Open(string path)
    {
        Stream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            // A pipe can be read only once, and a file is read twice: first to check it.
            if (!stream.CanSeek)
            {
                using Stream pipe = stream;
                stream = new MemoryStream();
                pipe.CopyTo(stream);
            }

            return new CsvRows(path, stream);
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (FileFault.Is(e)) throw FileFault.Reading(path, e);
            throw;
        }
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="UsageException">There is none of that name, or two.</exception>
    internal int Place(string column)
    {
        int place = Array.IndexOf(Header, column);
        if (place < 0) throw new UsageException($"{_path}, row 1: no column \"{column}\" (there are {string.Join(", ", Header)})");
        if (Array.LastIndexOf(Header, column) != place) throw new UsageException($"{_path}, row 1: two columns \"{column}\"");
        return place;
    }

    /// <summary>Goes back to before the first row after the header.</summary>
    internal void Rewind()
    {
        _stream.Position = 0;
        (_begin, _end, _ended, Row) = (0, 0, false, 0);
        Fill();
        // Spreadsheets write a byte order mark before UTF-8.
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8)) _begin = 3;
        if (_begin == _end) throw new UsageException($"{_path}: the file is empty");
        Header = [];
        if (!Parse()) throw new UsageException($"{_path}: no header");
        string[] header = new string[_fields.Count];
        for (int i = 0; i < header.Length; i++)
        {
            char[] text = [];
            int length = Append(i, ref text, 0);
            header[i] = new string(text, 0, length);
        }

        Header = header;
    }

    /// <summary>Reads the next row.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="UsageException">The row is broken.</exception>
    internal bool Read()
    {
        if (!Parse()) return false;
        return _fields.Count == Header.Length ? true : throw new UsageException($"{_path}, row {Row}: {_fields.Count} fields where the header has {Header.Length}");
    }

    /// <summary>Appends a field of the row, without its quotes.</summary>
    /// <param name="place">The column's place.</param>
    /// <param name="text">Replaced by a longer one where it is too short.</param>
    /// <param name="at">Where in <paramref name="text"/>.</param>
    /// <returns>Where the field ends in <paramref name="text"/>.</returns>
    internal int Append(int place, ref char[] text, int at)
    {
        (int start, int length, bool escaped) = _fields[place];
        if (text.Length - at < length) Array.Resize(ref text, Math.Max(at + length, 2 * text.Length));
        ReadOnlySpan<byte> field = _buffer.AsSpan(start, length);
        int end = at + CommandStreams.Utf8.GetChars(field, text.AsSpan(at));
        return escaped ? Unescape(text, at, end) : end;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static int Unescape(char[] text, int at, int end)
    {
        int written = at;
        for (int i = at; i < end; i++)
        {
            text[written++] = text[i];
            if (text[i] == '"') i++;
        }

        return written;
    }

    private bool Parse()
    {
        while (true)
        {
            Row++;
            _fields.Clear();
            if (_begin == _end && !Fill()) return false;
            int start = _begin;
            int next = ParseFields();
            // An empty line; a row of one quoted empty field has two quotes.
            bool empty = _fields.Count == 1 && _fields[0].Length == 0 && _fields[0].Start == _begin;
            start = _begin;
            _begin = next;
            if (empty) continue;
            if (!Utf8.IsValid(_buffer.AsSpan(start, next - start))) throw InvalidUtf8();
            return true;
        }
    }

    /// <summary>Finds the fields of the row that begins at <see cref="_begin"/>.</summary>
    /// <returns>Where the next row begins.</returns>
    private int ParseFields()
    {
        int at = _begin;
        while (true)
        {
            bool quoted = Has(ref at) && _buffer[at] == (byte)'"';
            at = quoted ? ParseQuoted(at) : ParsePlain(at);
            if (!Has(ref at)) return at;
            byte end = _buffer[at++];
            if (end == (byte)',') continue;
            if (end == (byte)'\r' && Has(ref at) && _buffer[at] == (byte)'\n') at++;
            return at;
        }
    }

    private int ParsePlain(int start)
    {
        for (int at = start; ;)
        {
            int found = _buffer.AsSpan(at, _end - at).IndexOfAny(EndsPlainField);
            at = found < 0 ? _end : at + found;
            if (found < 0)
            {
                int before = _begin;
                if (Fill())
                {
                    start -= before - _begin;
                    at -= before - _begin;
                    continue;
                }
            }
            else if (_buffer[at] == (byte)'"')
            {
                throw Broken("a quote inside a field that does not begin with one");
            }

            _fields.Add((start, at - start, false));
            return at;
        }
    }

    private int ParseQuoted(int start)
    {
        start++;
        bool escaped = false;
        for (int at = start; ;)
        {
            int found = _buffer.AsSpan(at, _end - at).IndexOf((byte)'"');
            at = found < 0 ? _end : at + found;
            int before = _begin;
            // The character after a quote says what the quote was.
            if (found < 0 || at + 1 == _end)
            {
                bool more = Fill();
                start -= before - _begin;
                at -= before - _begin;
                if (more) continue;
                if (found < 0) throw Broken("it is opened and never closed");
            }

            if (at + 1 < _end && _buffer[at + 1] == (byte)'"')
            {
                escaped = true;
                at += 2;
                continue;
            }

            if (at + 1 < _end && _buffer[at + 1] is not ((byte)',' or (byte)'\r' or (byte)'\n')) throw Broken("text follows the closing quote");
            _fields.Add((start, at - start, escaped));
            return at + 1;
        }
    }

    /// <summary>Whether there is a byte at a place, reading on where needed; the place moves with the row.</summary>
    private bool Has(ref int at)
    {
        if (at < _end) return true;
        int before = _begin;
        bool more = Fill();
        at -= before - _begin;
        return more;
    }

    /// <summary>Reads on. The row being read moves to the beginning of the buffer, and its fields with it.</summary>
    /// <returns>Whether there was more.</returns>
    private bool Fill()
    {
        if (_ended) return false;
        int moved = _begin;
        _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
        (_begin, _end) = (0, _end - _begin);
        for (int i = 0; i < _fields.Count && moved > 0; i++) _fields[i] = _fields[i] with { Start = _fields[i].Start - moved };
        if (_end == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
        return read > 0;
    }

    private UsageException Broken(string reason) => new($"{_path}, row {Row}, column {Column(_fields.Count)}: broken quote: {reason}");

    private UsageException InvalidUtf8()
    {
        int place = _fields.FindIndex(field => !Utf8.IsValid(_buffer.AsSpan(field.Start, field.Length)));
        return new UsageException($"{_path}, row {Row}, column {Column(place)}: not valid UTF-8");
    }

    private string Column(int place) => place < Header.Length ? $"\"{Header[place]}\"" : (place + 1).ToString(CultureInfo.InvariantCulture);
}
