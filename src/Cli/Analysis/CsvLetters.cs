using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Opinion.Cli.Analysis;

/// <summary>A row of a CSV file: its number, its text (the text columns joined by line ends) and one more value.</summary>
/// <param name="Row">Counted from 1, the header being row 1.</param>
/// <param name="Text">The text columns, joined by U+000A.</param>
/// <param name="Value">The label or the id.</param>
internal readonly record struct CsvLetter(int Row, string Text, string Value);

/// <summary>
/// Strict reading of letters from CSV (RFC 4180): UTF-8, a header, the same number of fields in every row, quotes
/// that end. Anything else is refused with file, row, column and reason.
/// </summary>
internal static class CsvLetters
{
    /// <summary>Reads all letters of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="textColumns">Columns joined into the text.</param>
    /// <param name="valueColumn">One more column.</param>
    /// <param name="valueOptional">Whether the row's place, counted from 0, stands in when the file lacks that column.</param>
    /// <exception cref="UsageException">The file cannot be read as asked.</exception>
    internal static List<CsvLetter> Read(string path, string[] textColumns, string valueColumn, bool valueOptional = false)
    {
        string content = Content(path);
        string? lastField = null;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Mode = CsvMode.RFC4180,
            DetectDelimiter = false,
            BadDataFound = bad => lastField = bad.Field,
        };
        using var reader = new CsvReader(new StringReader(content), configuration);
        var letters = new List<CsvLetter>();
        int[] places = [];
        int valuePlace = -1;
        int width = 0;
        while (reader.Read())
        {
            int row = reader.Parser.Row;
            // Fields are parsed when they are asked for, and only then is bad data found.
            string[] fields = reader.Parser.Record ?? [];
            if (lastField is not null) throw new UsageException($"{path}, row {row}, column {Column(reader.HeaderRecord, fields, lastField)}: broken quote");
            if (width == 0)
            {
                reader.ReadHeader();
                string[] header = reader.HeaderRecord!;
                width = header.Length;
                places = Array.ConvertAll(textColumns, column => Place(path, header, column));
                valuePlace = valueOptional && !header.Contains(valueColumn, StringComparer.Ordinal) ? -1 : Place(path, header, valueColumn);
                continue;
            }

            if (fields.Length != width) throw new UsageException($"{path}, row {row}: {fields.Length} fields where the header has {width}");
            string text = string.Join('\n', places.Select(place => fields[place]));
            string value = valuePlace < 0 ? letters.Count.ToString(CultureInfo.InvariantCulture) : fields[valuePlace];
            letters.Add(new CsvLetter(row, text, value));
        }

        if (letters.Count == 0) throw new UsageException($"{path}: no rows after the header");
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

    private static string Content(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{path}: {(File.Exists(path) ? e.Message : "the file does not exist")}");
        }

        ReadOnlySpan<byte> content = bytes;
        // Spreadsheets write a byte order mark before UTF-8.
        if (content.StartsWith("\uFEFF"u8)) content = content[3..];
        if (content.IsEmpty) throw new UsageException($"{path}: the file is empty");
        RefuseOpenQuote(path, content);
        try
        {
            return CommandStreams.Utf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            throw InvalidUtf8(path, content);
        }
    }

    // CsvHelper takes the rest of the file as one field when a quote is not closed.
    private static void RefuseOpenQuote(string path, ReadOnlySpan<byte> content)
    {
        bool quoted = false;
        int row = 1;
        int opened = 0;
        foreach (byte b in content)
        {
            if (b == (byte)'"')
            {
                quoted = !quoted;
                if (quoted) opened = row;
            }
            else if (b == (byte)'\n' && !quoted)
            {
                row++;
            }
        }

        if (quoted) throw new UsageException($"{path}, row {opened}: broken quote: it is opened and never closed");
    }

    private static UsageException InvalidUtf8(string path, ReadOnlySpan<byte> content)
    {
        int row = 1;
        bool quoted = false;
        while (!content.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(content, out Rune rune, out int length) != System.Buffers.OperationStatus.Done) break;
            if (rune.Value == '"') quoted = !quoted;
            if (rune.Value == '\n' && !quoted) row++;
            content = content[length..];
        }

        return new UsageException($"{path}, row {row}: not valid UTF-8");
    }

    private static int Place(string path, string[] header, string column)
    {
        int place = Array.IndexOf(header, column);
        if (place < 0) throw new UsageException($"{path}, row 1: no column \"{column}\" (there are {string.Join(", ", header)})");
        if (Array.LastIndexOf(header, column) != place) throw new UsageException($"{path}, row 1: two columns \"{column}\"");
        return place;
    }

    private static string Column(string[]? header, string[] fields, string field)
    {
        int place = Array.IndexOf(fields, field);
        if (place < 0) return "unknown";
        return header is not null && place < header.Length ? $"\"{header[place]}\"" : (place + 1).ToString(CultureInfo.InvariantCulture);
    }
}
