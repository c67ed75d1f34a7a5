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
            if (lastField is not null) throw new UsageException($"{path}, row {row}, column {Column(reader, lastField)}: broken quote");
            if (width == 0)
            {
                reader.ReadHeader();
                string[] header = reader.HeaderRecord!;
                width = header.Length;
                places = Array.ConvertAll(textColumns, column => Place(path, header, column));
                valuePlace = valueOptional && !header.Contains(valueColumn, StringComparer.Ordinal) ? -1 : Place(path, header, valueColumn);
                continue;
            }

            if (reader.Parser.Count != width) throw new UsageException($"{path}, row {row}: {reader.Parser.Count} fields where the header has {width}");
            string text = string.Join('\n', places.Select(place => reader[place] ?? ""));
            string value = valuePlace < 0 ? letters.Count.ToString(CultureInfo.InvariantCulture) : reader[valuePlace] ?? "";
            letters.Add(new CsvLetter(row, text, value));
        }

        if (lastField is not null) throw new UsageException($"{path}: broken quote at the end of the file");
        if (letters.Count == 0) throw new UsageException($"{path}: no rows after the header");
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

    private static string Column(CsvReader reader, string field)
    {
        for (int i = 0; i < reader.Parser.Count; i++)
        {
            if (!string.Equals(reader.Parser[i], field, StringComparison.Ordinal)) continue;
            return reader.HeaderRecord is { } header && i < header.Length ? $"\"{header[i]}\"" : (i + 1).ToString(CultureInfo.InvariantCulture);
        }

        return "unknown";
    }
}
