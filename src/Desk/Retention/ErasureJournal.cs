using System.Text;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Retention;

/// <summary>
/// What was erased, kept twice: in the store's table, and in <c>DIR/erasures/erasures.log</c> outside the database, which
/// is all that knows of it when the database is lost and an older backup is restored. A line of the file is on disk
/// before the transaction that erases commits; what the file says and the store does not is therefore at most an erasure
/// that was asked for and failed in its last moment, and restoring erases that too. The file only grows. Nodes that share
/// a database have a file each; the table is their union.
/// </summary>
public sealed class ErasureJournal(string dataFolder)
{
    private const string Head = "opinion-erasures 1 ";
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);
    private const int Tries = 500;

    /// <summary>Where the file of a data folder is.</summary>
    public static string PathIn(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), "erasures", "erasures.log");

    /// <summary>Writes erasures down, in the file durably and in the session's transaction.</summary>
    /// <exception cref="StoreException">The file cannot be written; then nothing may be erased.</exception>
    internal async Task RecordAsync(StoreSession session, IReadOnlyList<Erasure> erasures, CancellationToken cancel)
    {
        if (erasures.Count == 0) return;
        await PutAsync(session, erasures, cancel);
        await AppendAsync(await OfficeAsync(session, cancel), erasures, cancel);
    }

    /// <summary>Writes erasures into the store's table alone.</summary>
    internal static async Task PutAsync(StoreSession session, IReadOnlyList<Erasure> erasures, CancellationToken cancel)
    {
        foreach (var erasure in erasures)
        {
            await session.ExecuteAsync("INSERT INTO erasures (letter_id, what, at) VALUES (@letter, @what, @at)", cancel,
                ("letter", erasure.LetterId), ("what", Erasure.NameOf(erasure.What)), ("at", erasure.At.ToUnixTimeMilliseconds()));
        }
    }

    /// <summary>All erasures the store knows of, oldest first.</summary>
    internal static Task<List<Erasure>> ReadAsync(StoreSession session, CancellationToken cancel) => session.QueryAsync("SELECT letter_id, what, at FROM erasures ORDER BY id",
        row => new Erasure(row.GetString(0), Erasure.PartOf(row.GetString(1))!.Value, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))), cancel);

    /// <summary>Reads a journal file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="office">The installation it must belong to.</param>
    /// <exception cref="StoreException">It cannot be read, or is another office's; the message names file and line.</exception>
    public static IReadOnlyList<Erasure> ReadFile(string file, string office)
    {
        string text;
        try
        {
            text = File.ReadAllText(file, Encoding.UTF8);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{file}: {error.Message}", error);
        }

        var lines = text.Split('\n');
        if (!lines[0].StartsWith(Head, StringComparison.Ordinal)) throw new StoreException($"{file}, line 1: this is no journal of erasures.");
        if (lines[0][Head.Length..] != office) throw new StoreException($"{file}, line 1: this journal is of another office.");
        var found = new List<Erasure>();
        // What stands behind the last line end was being written when the machine stopped; its transaction did not commit.
        for (var i = 1; i < lines.Length - 1; i++)
            found.Add(Erasure.Parse(lines[i]) ?? throw new StoreException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file}, line {i + 1}: this is no line of a journal of erasures.")));
        return found;
    }

    /// <summary>Writes a journal file of its own, for a backup.</summary>
    internal static byte[] FileOf(string office, IEnumerable<Erasure> erasures) => Encoding.UTF8.GetBytes(string.Concat([Head + office + "\n", .. erasures.Select(erasure => erasure.Line() + "\n")]));

    /// <summary>The installation's id, by which a journal knows its office.</summary>
    internal static async Task<string> OfficeAsync(StoreSession session, CancellationToken cancel) =>
        await session.TextAsync("SELECT value FROM office_settings WHERE name = 'installation-id'", cancel) ?? throw new StoreException("The store holds no office yet.");

    private async Task AppendAsync(string office, IReadOnlyList<Erasure> erasures, CancellationToken cancel)
    {
        var path = PathIn(dataFolder);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            else Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await using var file = await OpenAloneAsync(path, cancel);
            if (file.Length == 0) file.Write(Encoding.UTF8.GetBytes(Head + office + "\n"));
            else file.SetLength(EndOfLastLine(file));
            file.Seek(0, SeekOrigin.End);
            file.Write(Encoding.UTF8.GetBytes(string.Concat(erasures.Select(erasure => erasure.Line() + "\n"))));
            file.Flush(flushToDisk: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The journal of erasures {path} cannot be written, so nothing is erased: {error.Message}", error);
        }
    }

    // Another process on this folder may be writing at this moment; each has the file to itself for one flush.
    private static async Task<FileStream> OpenAloneAsync(string path, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var i = 1; ; i++)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (i < Tries && File.Exists(path))
            {
                await Task.Delay(Between, cancel);
            }
        }
    }

    private static long EndOfLastLine(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n') return end;
        }

        return 0;
    }
}
