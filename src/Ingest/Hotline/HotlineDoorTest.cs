using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;
using Opinion.Ingest.Tables;

namespace Opinion.Ingest.Hotline;

/// <summary>
/// Tries what a hotline's sheet needs: the watched folder is there and can be read, sheets can be moved out of it (a file
/// is made in <c>done/</c> and <c>set-aside/</c> and taken away again), the map can be used, and the store takes a row.
/// </summary>
public sealed class HotlineDoorTest(HotlineMaps maps, DeskStore store) : IDoorTest
{
    /// <inheritdoc/>
    public Channel Channel => Channel.Hotline;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DoorCheck>> TestAsync(CancellationToken cancel)
    {
        var checks = new List<DoorCheck>(await SetUpAsync(cancel));
        if (Directory.Exists(maps.Inbox))
        {
            checks.Add(new DoorCheck(new Name("监看文件夹可以读取", "The watched folder can be read"), Try(() => _ = Directory.GetFileSystemEntries(maps.Inbox))));
            foreach (var folder in new[] { HotlineMaps.Done, HotlineMaps.Aside })
                checks.Add(new DoorCheck(new Name($"表格可以移到 {folder}/", $"Sheets can be moved to {folder}/"), Try(() => Leave(Path.Combine(maps.Inbox, folder)))));
            checks.Add(new DoorCheck(new Name("表格可以从监看文件夹移走", "Sheets can be taken out of the watched folder"), Try(() => Leave(maps.Inbox))));
        }

        foreach (var folder in maps.Folders()) checks.Add(await MapAsync(folder.MapFile, cancel));
        checks.Add(new DoorCheck(new Name("存储可以写入", "The store can be written to"), await FormDoorTest.TakesAsync(store, cancel)));
        return checks;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DoorCheck>> SetUpAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<DoorCheck>>(
    [
        new(new Name("监看文件夹 inbox/hotline 已建立", "The watched folder inbox/hotline is there"), Directory.Exists(maps.Inbox)),
        new(new Name("栏目对照表 map.json 已放入", "The column map map.json is there"), maps.Folders().Count > 0),
    ]);

    private async Task<DoorCheck> MapAsync(string map, CancellationToken cancel)
    {
        var path = Path.GetRelativePath(maps.Inbox, map);
        var what = new Name($"栏目对照表 {path} 可以使用", $"The column map {path} can be used");
        try
        {
            await ColumnMap.LoadAsync(map, cancel);
            return new DoorCheck(what, true);
        }
        catch (InputFileException error)
        {
            return new DoorCheck(new Name(what.Zh + "：" + error.Reason, what.En + ": " + error.Reason), false);
        }
    }

    // A hidden file, which the watched folder never takes for a sheet. A folder that was not there is not left behind.
    private static void Leave(string folder)
    {
        var made = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        try
        {
            using var file = new FileStream(Path.Combine(folder, ".door-test-" + Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
        }
        finally
        {
            if (made) Directory.Delete(folder);
        }
    }

    private static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
