using System.Globalization;
using System.Text;
using Opinion.Desk;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Hotline;

/// <summary>
/// The list of the rows of one import that were set aside, as CSV in <c>DIR/imports/</c>, readable by this user only: row,
/// column and reason, and nothing of what they say. That lies sealed in the store (<see cref="Desk.Doors.SetAsideRows"/>),
/// and the row's number leads back to it in the office's own sheet. The file is made with the first such row and is on
/// disk before the run says that its rows are done.
/// </summary>
internal sealed class RejectedRows(string dataFolder, long run, string source) : IDisposable
{
    private FileStream? _file;

    /// <summary>Where the file is, or would be.</summary>
    public string Location { get; } = System.IO.Path.Combine(dataFolder, "imports", string.Create(CultureInfo.InvariantCulture, $"{run}-{SafeName(source)}.rejected.csv"));

    /// <summary>Whether a row was set aside.</summary>
    public bool Any => _file is not null;

    /// <summary>Lists a row.</summary>
    public void Add(TableRow row, RowRefusal refusal)
    {
        _file ??= Create();
        Write(_file, [row.Number.ToString(CultureInfo.InvariantCulture), refusal.Column, refusal.Reason]);
    }

    /// <summary>Brings what was set aside to the disk.</summary>
    public void Flush() => _file?.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>One cell of a CSV file that a spreadsheet will open: quoted, and no formula.</summary>
    internal static string Cell(string text) =>
        "\"" + FormulaCells.Defused(text).Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private FileStream Create()
    {
        var folder = System.IO.Path.GetDirectoryName(Location)!;
        // A run that goes on after a pause goes on with its list.
        var goesOn = File.Exists(Location);
        var options = new FileStreamOptions { Mode = goesOn ? FileMode.Append : FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(Location, options);
        if (goesOn) return file;
        file.Write(Encoding.UTF8.Preamble);
        Write(file, ["row", "column", "reason"]);
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
