using System.Globalization;
using Microsoft.Extensions.Logging;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Runs;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Scheduling;

/// <summary>
/// Takes in the sheets that an office's hotline lays into <c>DIR/inbox/hotline</c>, or a folder in it, beside a <c>map.json</c>
/// that says which column is what. A sheet is taken once it has lain still, and then moved to <c>done/</c>, or to <c>set-aside/</c> with its
/// reason beside it. Killed at any moment, the next round takes the sheet again and adds nothing twice. Whoever can should
/// write a sheet under a name that does not end in .csv or .xlsx and rename it at the end.
/// </summary>
public sealed partial class WatchFolders(HotlineMaps maps, ImportHotline import, DoorSwitch doors, DoorRuns doorRuns, TimeProvider clock, ILogger<WatchFolders> log)
{
    /// <summary>How long a sheet must lie unchanged before it is taken.</summary>
    public static readonly TimeSpan Still = TimeSpan.FromSeconds(5);

    /// <summary>How many rounds a sheet may fail for a reason that is not its own before it is set aside.</summary>
    public const int Tries = 3;

    private static readonly string[] Endings = [".csv", ".xlsx"];
    private readonly Dictionary<string, int> _failed = new(StringComparer.Ordinal);

    /// <summary>The watched folder of the hotline.</summary>
    public string Folder => maps.Inbox;

    /// <summary>Takes in what lies there. Without the folder or its map there is nothing to do.</summary>
    /// <exception cref="InputFileException">A map cannot be used; its sheets wait, those of the other maps were taken in.</exception>
    public async Task HandleAsync(RunningJob run, CancellationToken cancel)
    {
        // Behind a closed door sheets wait where they are.
        var before = maps.Folders().Select(folder => (Folder: folder, Sheets: Sheets(folder.Folder))).Where(place => place.Sheets.Count > 0).ToList();
        if (before.Count == 0 || !await doors.IsOpenAsync(Channel.Hotline, cancel)) return;
        var loaded = new List<(WatchedFolder Folder, List<Sheet> Sheets, ColumnMap Map)>();
        InputFileException? unusable = null;
        foreach (var (folder, sheets) in before)
        {
            try
            {
                loaded.Add((folder, sheets, await ColumnMap.LoadAsync(folder.MapFile, cancel)));
            }
            catch (InputFileException error)
            {
                unusable ??= error;
            }
        }

        if (loaded.Count > 0) await Task.Delay(Still, clock, cancel);
        foreach (var (folder, sheets, map) in loaded)
        {
            var after = Sheets(folder.Folder).ToHashSet();
            foreach (var sheet in sheets.Where(after.Contains).Order()) await TakeAsync(folder.Folder, sheet.Name, map, run, cancel);
        }

        if (unusable is not null) throw unusable;
    }

    private static List<Sheet> Sheets(string place) => Directory.Exists(place)
        ? [.. new DirectoryInfo(place).EnumerateFiles().Where(IsSheet).Select(file => new Sheet(file.Name, file.Length, file.LastWriteTimeUtc))]
        : [];

    // A link could lead out of the folder; ~$ is what a spreadsheet program locks an open workbook with.
    private static bool IsSheet(FileInfo file) =>
        Endings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase) && file.LinkTarget is null && file.Name[0] is not ('.' or '~');

    private async Task TakeAsync(string place, string name, ColumnMap map, RunningJob run, CancellationToken cancel)
    {
        var path = Path.Combine(place, name);
        var from = run.Counts;
        var began = clock.GetUtcNow();
        try
        {
            var checkedAt = Sheets(place).Find(sheet => sheet.Name == name);
            var sheet = HotlineSheet.Check(path, map, cancel);
            var result = await import.HandleAsync(sheet, byHand: false, counts => run.AdvanceAsync(from + new RunCounts(counts.Done, counts.Added, counts.Rejected), cancel).GetAwaiter().GetResult(), cancel);
            await run.AdvanceAsync(from + new RunCounts(result.Counts.Done, result.Counts.Added, result.Counts.Rejected), cancel);
            // Paused: it waits here until a person lets it go on.
            if (result.Paused) return;
            // Somebody may still have been writing: then the next round takes the rest.
            if (Sheets(place).Find(other => other.Name == name) == checkedAt) Move(place, name, HotlineMaps.Done, result.Run);
            _failed.Remove(path);
        }
        catch (InputFileException error)
        {
            await run.AdvanceAsync(run.Counts + new RunCounts(0, 0, 1), cancel);
            await SetAsideAsync(place, name, error.Told, began, cancel);
        }
        catch (Exception error) when (error is not (OperationCanceledException or RunStaleException or DoorClosedException))
        {
            await run.AdvanceAsync(run.Counts + new RunCounts(0, 0, 1), cancel);
            var failed = _failed[path] = _failed.GetValueOrDefault(path) + 1;
            LogFailed(log, name, failed, error.GetType().Name);
            // The store was away, or the sheet does something to this program that nobody foresaw: the others go on.
            var reason = string.Create(CultureInfo.InvariantCulture, $"{name}: failed {failed} times: {error.GetType().Name}");
            if (failed >= Tries) await SetAsideAsync(place, name, reason, began, cancel);
        }
    }

    private async Task SetAsideAsync(string place, string name, string told, DateTimeOffset began, CancellationToken cancel)
    {
        _failed.Remove(Path.Combine(place, name));
        File.WriteAllText(Move(place, name, HotlineMaps.Aside, clock.GetUtcNow().ToUnixTimeSeconds()) + ".reason.txt", told + "\n");
        await doorRuns.RecordAsync(new DoorRun(Channel.Hotline, name, began, null, default, told), cancel);
    }

    private static string Move(string place, string name, string folder, long number)
    {
        var target = Directory.CreateDirectory(Path.Combine(place, folder)).FullName;
        var path = Path.Combine(target, name);
        // A hotline may use the same name every week.
        if (File.Exists(path)) path = Path.Combine(target, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(name)}.{number}{Path.GetExtension(name)}"));
        File.Move(Path.Combine(place, name), path, overwrite: false);
        return path;
    }

    private readonly record struct Sheet(string Name, long Length, DateTime Changed) : IComparable<Sheet>
    {
        public int CompareTo(Sheet other) => string.CompareOrdinal(Name, other.Name);
    }

    [LoggerMessage(1, LogLevel.Error, "The sheet {Sheet} could not be taken in (try {Try}): {Error}")]
    private static partial void LogFailed(ILogger log, string sheet, int @try, string error);
}
