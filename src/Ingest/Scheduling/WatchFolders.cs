using System.Globalization;
using Microsoft.Extensions.Logging;
using Opinion.Desk;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Runs;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Scheduling;

/// <summary>
/// Takes in the sheets that an office's hotline lays into <c>DIR/inbox/hotline</c>, beside a <c>map.json</c> that says which
/// column is what. A sheet is taken once it has lain still, and then moved to <c>done/</c>, or to <c>set-aside/</c> with its
/// reason beside it. Killed at any moment, the next round takes the sheet again and adds nothing twice. Whoever can should
/// write a sheet under a name that does not end in .csv or .xlsx and rename it at the end.
/// </summary>
public sealed partial class WatchFolders(OpenedDesk desk, ImportHotline import, DoorSwitch doors, DoorRuns doorRuns, TimeProvider clock, ILogger<WatchFolders> log)
{
    /// <summary>The map's name in its folder.</summary>
    public const string MapFile = "map.json";

    /// <summary>How long a sheet must lie unchanged before it is taken.</summary>
    public static readonly TimeSpan Still = TimeSpan.FromSeconds(5);

    /// <summary>How many rounds a sheet may fail for a reason that is not its own before it is set aside.</summary>
    public const int Tries = 3;

    /// <summary>The folder below for sheets that were taken in.</summary>
    internal const string Done = "done";

    /// <summary>The folder below for sheets that could not be.</summary>
    internal const string Aside = "set-aside";

    private static readonly string[] Endings = [".csv", ".xlsx"];
    private readonly Dictionary<string, int> _failed = new(StringComparer.Ordinal);

    /// <summary>The watched folder of the hotline.</summary>
    public string Folder { get; } = FolderIn(desk.DataFolder);

    /// <summary>Where the watched folder of the hotline stands in a data folder.</summary>
    public static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "inbox", "hotline");

    /// <summary>Takes in what lies there. Without the folder or its map there is nothing to do.</summary>
    /// <exception cref="InputFileException">The map cannot be used; the sheets wait.</exception>
    public async Task HandleAsync(RunningJob run, CancellationToken cancel)
    {
        var mapFile = Path.Combine(Folder, MapFile);
        // Behind a closed door sheets wait where they are.
        if (!File.Exists(mapFile) || !await doors.IsOpenAsync(Channel.Hotline, cancel)) return;
        var before = Sheets();
        if (before.Count == 0) return;
        var map = await ColumnMap.LoadAsync(mapFile, cancel);
        await Task.Delay(Still, clock, cancel);
        var after = Sheets().ToHashSet();
        foreach (var sheet in before.Where(after.Contains).Order()) await TakeAsync(sheet.Name, map, run, cancel);
    }

    private List<Sheet> Sheets() => Directory.Exists(Folder)
        ? [.. new DirectoryInfo(Folder).EnumerateFiles().Where(IsSheet).Select(file => new Sheet(file.Name, file.Length, file.LastWriteTimeUtc))]
        : [];

    // A link could lead out of the folder; ~$ is what a spreadsheet program locks an open workbook with.
    private static bool IsSheet(FileInfo file) =>
        Endings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase) && file.LinkTarget is null && file.Name[0] is not ('.' or '~');

    private async Task TakeAsync(string name, ColumnMap map, RunningJob run, CancellationToken cancel)
    {
        var path = Path.Combine(Folder, name);
        var from = run.Counts;
        var began = clock.GetUtcNow();
        try
        {
            var checkedAt = Sheets().Find(sheet => sheet.Name == name);
            var sheet = HotlineSheet.Check(path, map, cancel);
            var result = await import.HandleAsync(sheet, counts => run.AdvanceAsync(from + new RunCounts(counts.Done, counts.Added, counts.Rejected), cancel).GetAwaiter().GetResult(), cancel);
            await run.AdvanceAsync(from + new RunCounts(result.Counts.Done, result.Counts.Added, result.Counts.Rejected), cancel);
            // Somebody may still have been writing: then the next round takes the rest.
            if (Sheets().Find(other => other.Name == name) == checkedAt) Move(name, Done, result.Run);
            _failed.Remove(name);
        }
        catch (InputFileException error)
        {
            await run.AdvanceAsync(run.Counts + new RunCounts(0, 0, 1), cancel);
            await SetAsideAsync(name, error.Message, error.Told, began, cancel);
        }
        catch (Exception error) when (error is not (OperationCanceledException or RunStaleException or DoorClosedException))
        {
            await run.AdvanceAsync(run.Counts + new RunCounts(0, 0, 1), cancel);
            var failed = _failed[name] = _failed.GetValueOrDefault(name) + 1;
            LogFailed(log, name, failed, error.GetType().Name);
            // The store was away, or the sheet does something to this program that nobody foresaw: the others go on.
            var reason = string.Create(CultureInfo.InvariantCulture, $"{name}: failed {failed} times: {error.GetType().Name}");
            if (failed >= Tries) await SetAsideAsync(name, reason, reason, began, cancel);
        }
    }

    private async Task SetAsideAsync(string name, string reason, string told, DateTimeOffset began, CancellationToken cancel)
    {
        _failed.Remove(name);
        File.WriteAllText(Move(name, Aside, clock.GetUtcNow().ToUnixTimeSeconds()) + ".reason.txt", reason + "\n");
        await doorRuns.RecordAsync(new DoorRun(Channel.Hotline, name, began, null, default, told), cancel);
    }

    private string Move(string name, string folder, long number)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, folder)).FullName;
        var path = Path.Combine(target, name);
        // A hotline may use the same name every week.
        if (File.Exists(path)) path = Path.Combine(target, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(name)}.{number}{Path.GetExtension(name)}"));
        File.Move(Path.Combine(Folder, name), path, overwrite: false);
        return path;
    }

    private readonly record struct Sheet(string Name, long Length, DateTime Changed) : IComparable<Sheet>
    {
        public int CompareTo(Sheet other) => string.CompareOrdinal(Name, other.Name);
    }

    [LoggerMessage(1, LogLevel.Error, "The sheet {Sheet} could not be taken in (try {Try}): {Error}")]
    private static partial void LogFailed(ILogger log, string sheet, int @try, string error);
}
