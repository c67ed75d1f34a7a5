using System.Globalization;
using System.Text;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Hotline;

/// <summary>
/// The rows of one import that were set aside, as CSV in <c>DIR/imports/</c>, readable by this user only: row, column and
/// reason, then the row's own cells. Cells that a spreadsheet would run as a formula begin with an apostrophe. Cells with
/// contact data, and those of columns the map does not take in, are left out: contact data is kept nowhere in the clear,
/// and the row's number leads back to it in the office's own sheet. The file is made with the first such row and is on
/// disk before the run says that its rows are done.
/// </summary>
internal sealed class RejectedRows : IDisposable
{
    /// <summary>What stands in place of a cell that is left out.</summary>
    public const string LeftOut = "(left out)";

    private readonly IReadOnlyList<string> _columns;
    private readonly bool[] _kept;
    private FileStream? _file;

    public RejectedRows(string dataFolder, long run, HotlineSheet sheet)
    {
        Location = System.IO.Path.Combine(dataFolder, "imports", string.Create(CultureInfo.InvariantCulture, $"{run}-{SafeName(sheet.Source)}.rejected.csv"));
        _columns = sheet.Columns;
        var kept = sheet.Map.Mapped().Where(pair => !pair.Member.StartsWith("contact.", StringComparison.Ordinal)).Select(pair => pair.Column).ToHashSet(StringComparer.Ordinal);
        _kept = [.. _columns.Select(kept.Contains)];
    }

    /// <summary>Where the file is, or would be.</summary>
    public string Location { get; }

    /// <summary>Whether a row was set aside.</summary>
    public bool Any => _file is not null;

    /// <summary>Sets a row aside.</summary>
    public void Add(TableRow row, RowRefusal refusal)
    {
        _file ??= Create();
        List<string> cells = [row.Number.ToString(CultureInfo.InvariantCulture), refusal.Column, refusal.Reason];
        // In a row of another width nobody knows which cell is the telephone number.
        var aligned = row.Cells.Count == _kept.Length || Array.TrueForAll(_kept, kept => kept);
        cells.AddRange(row.Cells.Select((cell, i) => cell.IsEmpty ? "" : aligned && (i >= _kept.Length || _kept[i]) ? cell.Text : LeftOut));
        Write(_file, cells);
    }

    /// <summary>Brings what was set aside to the disk.</summary>
    public void Flush() => _file?.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>One cell of a CSV file that a spreadsheet will open: quoted, and no formula.</summary>
    internal static string Cell(string text) =>
        "\"" + (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" : "") + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private FileStream Create()
    {
        var folder = System.IO.Path.GetDirectoryName(Location)!;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(Location, options);
        file.Write(Encoding.UTF8.Preamble);
        Write(file, ["row", "column", "reason", .. _columns]);
        return file;
    }

    private static void Write(FileStream file, IReadOnlyList<string> cells) => file.Write(Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Cell)) + "\r\n"));

    // The name comes from outside: letters, digits, point, hyphen and underscore of any script remain.
    private static string SafeName(string source)
    {
        var safe = new string([.. source.Take(80).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' || (c > '\u007F' && char.IsLetterOrDigit(c)) ? c : '_')]);
        return safe.Length == 0 ? "sheet" : safe;
    }
}
