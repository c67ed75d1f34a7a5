using System.Text;

namespace Opinion.Ingest.Tables;

/// <summary>How a table is to be read, as far as its bytes do not say.</summary>
/// <param name="Encoding">The name of a CSV file's encoding: one of <see cref="Table.Encodings"/>.</param>
/// <param name="Sheet">The sheet of a workbook; null for the first.</param>
public sealed record TableOptions(string Encoding = "utf-8", string? Sheet = null);

/// <summary>
/// A table from outside, read as a stream of rows. Its first row names the columns. The bytes decide whether it is a
/// workbook (XLSX) or CSV, never the file's name. Not thread-safe.
/// </summary>
public abstract class Table : IDisposable
{
    /// <summary>The longest cell that is read at all, in UTF-16 code units. What is longer is a broken file, not a letter.</summary>
    public const int CellLimit = 1 << 20;

    /// <summary>The most columns a table may have, as in a spreadsheet.</summary>
    public const int ColumnLimit = 16_384;

    /// <summary>The last row a workbook may have, as in a spreadsheet.</summary>
    public const int RowLimit = 1_048_576;

    private static readonly byte[] ZipMagic = [(byte)'P', (byte)'K', 3, 4];
    private static readonly byte[] EmptyZipMagic = [(byte)'P', (byte)'K', 5, 6];
    private static readonly byte[] CompoundMagic = [0xD0, 0xCF, 0x11, 0xE0];

    // GBK and GB18030 are no part of .NET's base; ExcelDataReader asks for a Windows code page even where it needs none.
    static Table() => System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private protected Table(string name) => Name = name;

    /// <summary>The encodings a CSV file may be in; UTF-8 unless another is asked for.</summary>
    public static IReadOnlyList<string> Encodings { get; } = ["utf-8", "gbk", "gb18030"];

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>The names of the columns, trimmed, each once.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputFileException">It cannot be opened, is empty, is no table, or its header cannot be used.</exception>
    public static Table Open(string path, TableOptions options, CancellationToken cancel)
    {
        var name = Path.GetFileName(path);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException(path, Directory.Exists(path) ? "this is a folder, not a file" : File.Exists(path) ? "the file cannot be opened: " + error.Message : "there is no such file", inner: error);
        }

        return Open(stream, name, options, cancel);
    }

    /// <summary>Opens a table from a stream that can seek, at its beginning. The table owns the stream.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="cancel">Cancels the opening.</param>
    /// <exception cref="InputFileException">It is empty, is no table, or its header cannot be used.</exception>
    public static Table Open(Stream stream, string name, TableOptions options, CancellationToken cancel)
    {
        try
        {
            Span<byte> start = stackalloc byte[4];
            var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            if (read == 0) throw new InputFileException(name, "the file is empty");
            if (start.SequenceEqual(CompoundMagic)) throw new InputFileException(name, "this is an old or an encrypted Excel workbook; save it as .xlsx without a password, or as CSV");
            return start.SequenceEqual(ZipMagic) || start.SequenceEqual(EmptyZipMagic) ? new XlsxTable(stream, name, options, cancel) : new CsvTable(stream, name, options);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads the rows below the header, in order, without those that are wholly empty. Can be read once.</summary>
    /// <exception cref="InputFileException">The file is broken; the message names the row.</exception>
    public abstract IEnumerable<TableRow> ReadRows(CancellationToken cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Makes column names of the first row: trimmed; columns without a name at the end are left out.</summary>
    private protected static IReadOnlyList<string> Header(string file, IEnumerable<string> cells)
    {
        var names = cells.Select(cell => cell.Trim()).ToList();
        while (names.Count > 0 && names[^1].Length == 0) names.RemoveAt(names.Count - 1);
        if (names.Count == 0) throw new InputFileException(file, "the first row has no column names", 1);
        if (names.Count > ColumnLimit) throw new InputFileException(file, $"there are more than {ColumnLimit} columns", 1);
        var nameless = names.Index().Where(pair => pair.Item.Length == 0).Select(pair => pair.Index + 1).ToList();
        if (nameless.Count > 0) throw new InputFileException(file, "these columns have no name (counted from 1): " + string.Join(", ", nameless), 1);
        var twice = names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        if (twice.Count > 0) throw new InputFileException(file, "these column names stand more than once: " + string.Join(", ", twice), 1);
        return names;
    }
}
