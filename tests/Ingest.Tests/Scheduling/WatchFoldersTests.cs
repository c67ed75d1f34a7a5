using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Runs;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Scheduling;
using Opinion.Ingest.Tests.Hotline;
using Opinion.Ingest.Tests.Offices;

namespace Opinion.Ingest.Tests.Scheduling;

/// <summary>Watched folders on a real office and a real file system.</summary>
public class WatchFoldersTests
{
    private const string Map = "{ \"name\": \"test\", \"key\": \"id\", \"body\": \"body\", \"received\": { \"column\": \"time\", \"formats\": [\"yyyy-MM-dd HH:mm\"] } }";
    private const string Good = "id,body,time\n1,路灯不亮已经三天，请尽快维修路灯。,2026-11-02 09:00\n2,小区门口积水，请疏通。,2026-11-02 10:00\n";

    [Fact]
    public async Task A_sheet_is_taken_once_and_lies_in_done()
    {
        await using var office = await TempOffice.OpenAsync();
        var inbox = Prepare(office);
        await File.WriteAllTextAsync(Path.Combine(inbox, "calls.csv"), Good);
        Assert.Equal(new RunCounts(2, 2, 0), (await RunAsync(office)).Counts);
        Assert.Equal(default, (await RunAsync(office)).Counts);
        Assert.Equal(["calls.csv"], Names(inbox, "done"));
        Assert.Equal(2, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        // The same name again, as a hotline may use every week, with one row that is new.
        await File.WriteAllTextAsync(Path.Combine(inbox, "calls.csv"), Good + "3,公交车总是晚点。,2026-11-03 09:00\n");
        Assert.Equal(new RunCounts(3, 1, 0), (await RunAsync(office)).Counts);
        Assert.Equal(2, Names(inbox, "done").Count);
        Assert.Equal(3, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task A_broken_sheet_is_set_aside_with_its_reason_and_the_next_is_taken()
    {
        await using var office = await TempOffice.OpenAsync();
        var inbox = Prepare(office);
        await File.WriteAllTextAsync(Path.Combine(inbox, "a.csv"), "id,words,time\n1,canary-words,2026-11-02 09:00\n");
        await File.WriteAllBytesAsync(Path.Combine(inbox, "b.xlsx"), [1, 2, 3]);
        await File.WriteAllTextAsync(Path.Combine(inbox, "c.csv"), Good);
        var run = await RunAsync(office);
        Assert.Equal((RunOutcome.Done, new RunCounts(2, 2, 2)), (run.Outcome, run.Counts));
        Assert.Equal(["c.csv"], Names(inbox, "done"));
        Assert.Equal(["a.csv", "a.csv.reason.txt", "b.xlsx", "b.xlsx.reason.txt"], Names(inbox, "set-aside"));
        var reason = await File.ReadAllTextAsync(Path.Combine(inbox, "set-aside", "a.csv.reason.txt"));
        Assert.Contains("a.csv, row 1", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", reason, StringComparison.Ordinal);
        // What the administrator's page tells of it names no column of the sheet: without a header a letter would stand there.
        var told = (await office.Get<DoorRuns>().NewestAsync(Channel.Hotline, 10, CancellationToken.None)).Where(door => door.Error is not null).ToDictionary(door => door.Source, door => door.Error!);
        Assert.Equal(["a.csv", "b.xlsx"], told.Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("a.csv, row 1: the map \"test\" names columns that are not there: body (body)", told["a.csv"], StringComparison.Ordinal);
        Assert.DoesNotContain("words", told["a.csv"], StringComparison.Ordinal);
        Assert.Equal(["map.json"], Names(inbox, "."));
    }

    [Fact]
    public async Task Behind_a_closed_door_sheets_wait_where_they_are()
    {
        await using var office = await TempOffice.OpenAsync();
        var inbox = Prepare(office);
        await File.WriteAllTextAsync(Path.Combine(inbox, "calls.csv"), Good);
        await office.CloseAsync(Channel.Hotline);
        Assert.Equal(default, (await RunAsync(office)).Counts);
        Assert.Equal(["calls.csv", "map.json"], Names(inbox, "."));
        await office.SetDoorAsync(Channel.Hotline, open: true);
        Assert.Equal(new RunCounts(2, 2, 0), (await RunAsync(office)).Counts);
    }

    [Fact]
    public async Task The_test_of_the_door_says_what_is_missing_and_leaves_nothing_behind()
    {
        await using var office = await TempOffice.OpenAsync();
        var test = office.Services.GetServices<IDoorTest>().Single(test => test.Channel == Channel.Hotline);
        Assert.Equal([false, false, true], (await test.TestAsync(CancellationToken.None)).Select(check => check.Passed));
        var inbox = Prepare(office);
        var checks = await test.TestAsync(CancellationToken.None);
        Assert.Equal(8, checks.Count);
        Assert.All(checks, check => Assert.True(check.Passed, check.What.En));
        Assert.Equal([Path.Combine(inbox, "map.json")], Directory.GetFileSystemEntries(inbox));
        await File.WriteAllTextAsync(Path.Combine(inbox, "map.json"), "{}");
        var broken = Assert.Single(await test.TestAsync(CancellationToken.None), check => !check.Passed);
        Assert.StartsWith("The column map map.json can be used: this is no column map", broken.What.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sheet_that_is_still_being_written_waits()
    {
        await using var office = await TempOffice.OpenAsync();
        var inbox = Prepare(office);
        var path = Path.Combine(inbox, "growing.csv");
        await File.WriteAllTextAsync(path, Good);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 100; !stop.IsCancellationRequested; i++)
            {
                await File.AppendAllTextAsync(path, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i},再来一行。,2026-11-02 09:00\n"));
                await Task.Delay(200);
            }
        });
        Assert.Equal(default, (await RunAsync(office)).Counts);
        Assert.Equal(0, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        await stop.CancelAsync();
        await writing;
        var rows = (await File.ReadAllLinesAsync(path)).Length - 1;
        Assert.True(rows > 10);
        Assert.Equal(rows, (await RunAsync(office)).Counts.Done);
        Assert.Equal(["growing.csv"], Names(inbox, "done"));
    }

    [Fact]
    public async Task What_is_no_sheet_and_what_leads_out_of_the_folder_is_left_alone()
    {
        await using var office = await TempOffice.OpenAsync();
        var inbox = Prepare(office);
        var outside = office.Write("outside.csv", Good);
        File.CreateSymbolicLink(Path.Combine(inbox, "link.csv"), outside);
        foreach (var name in new[] { "~$open.xlsx", ".hidden.csv", "calls.csv.part", "notes.txt" }) await File.WriteAllTextAsync(Path.Combine(inbox, name), Good);
        Assert.Equal(default, (await RunAsync(office)).Counts);
        Assert.Equal(6, Names(inbox, ".").Count);
    }

    [Fact]
    public async Task Without_a_map_nothing_is_taken_and_a_broken_map_is_told()
    {
        await using var office = await TempOffice.OpenAsync();
        var inbox = Prepare(office);
        await File.WriteAllTextAsync(Path.Combine(inbox, "calls.csv"), Good);
        File.Delete(Path.Combine(inbox, "map.json"));
        Assert.Equal((RunOutcome.Done, default), Both(await RunAsync(office)));
        await File.WriteAllTextAsync(Path.Combine(inbox, "map.json"), "{ \"name\": 1 }");
        var run = await RunAsync(office);
        Assert.Equal(RunOutcome.Failed, run.Outcome);
        Assert.Equal(["calls.csv", "map.json"], Names(inbox, "."));
    }

    [Fact]
    public async Task A_folder_with_a_map_of_its_own_takes_sheets_of_its_own_shape_and_a_broken_map_beside_it_hinders_nobody()
    {
        await using var office = await TempOffice.OpenAsync();
        var inbox = Prepare(office);
        await File.WriteAllTextAsync(Path.Combine(inbox, "calls.csv"), Good);
        var other = await office.Get<HotlineMaps>().SaveAsync("夜班-2", new ColumnMap("night", "no", "words", new ReceivedColumn("at", ["yyyy/M/d"])), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(other.Folder, "calls.csv"), "no,words,at\n9,夜里有人在路边烧垃圾。,2026/11/2\n");
        var broken = Directory.CreateDirectory(Path.Combine(inbox, "a-broken"));
        await File.WriteAllTextAsync(Path.Combine(broken.FullName, "map.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(broken.FullName, "x.csv"), Good);
        Directory.CreateDirectory(Path.Combine(inbox, "without-a-map"));
        Assert.Equal(["", "a-broken", "夜班-2"], office.Get<HotlineMaps>().Folders().Select(folder => folder.Name));
        var run = await RunAsync(office);
        Assert.Equal((RunOutcome.Failed, 3), (run.Outcome, run.Counts.Done));
        Assert.Equal(["calls.csv"], Names(other.Folder, "done"));
        Assert.Equal(["calls.csv"], Names(inbox, "done"));
        Assert.Equal(["map.json", "x.csv"], Names(broken.FullName, "."));
        Assert.Equal(3, await office.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task A_paused_sheet_lies_where_it_is_until_an_administrator_lets_it_go_on()
    {
        await using var office = await TempOffice.OpenAsync();
        var inbox = Prepare(office);
        await File.WriteAllTextAsync(Path.Combine(inbox, "calls.csv"), "id,body,time\n" + string.Concat(Enumerable.Range(0, 450).Select(i => $"{i},路灯不亮已经三天，请尽快维修路灯。,2026-11-02 09:00\n")));
        // Paused while it lies there: the run is known by the sheet's bytes, and was begun by hand.
        var sheet = HotlineSheet.Check(Path.Combine(inbox, "calls.csv"), await ColumnMap.LoadAsync(Path.Combine(inbox, "map.json"), CancellationToken.None), CancellationToken.None);
        Assert.True((await office.Import.HandleAsync(sheet, _ => PauseTests.SteerAsync(office, pause: true).GetAwaiter().GetResult(), CancellationToken.None)).Paused);
        foreach (var _ in new[] { 1, 2 })
        {
            Assert.Equal(default, (await RunAsync(office)).Counts with { Cursor = 0, Done = 0 });
            Assert.Equal(["calls.csv", "map.json"], Names(inbox, "."));
        }

        var stopped = await office.CountAsync("SELECT COUNT(*) FROM letters");
        Assert.InRange(stopped, ImportHotline.BatchSize, 449);
        await PauseTests.SteerAsync(office, pause: false);
        await RunAsync(office);
        Assert.Equal(["calls.csv"], Names(inbox, "done"));
        Assert.Equal(450, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Single(await office.Runs.ListAsync(CancellationToken.None));
    }

    private static (RunOutcome?, RunCounts) Both(JobRun run) => (run.Outcome, run.Counts);

    private static string Prepare(TempOffice office)
    {
        var inbox = Directory.CreateDirectory(office.Get<WatchFolders>().Folder).FullName;
        File.WriteAllText(Path.Combine(inbox, "map.json"), Map);
        return inbox;
    }

    private static async Task<JobRun> RunAsync(TempOffice office)
    {
        var runs = office.Get<JobRuns>();
        await runs.RunAsync(DeskJobs.Inbox, "test", RunCause.Due, keepIdle: true, (run, cancel) => DeskJobs.Find(DeskJobs.Inbox)!.Work(office.Services, run, cancel), CancellationToken.None);
        return (await runs.NewestAsync(1, CancellationToken.None))[0];
    }

    private static List<string> Names(string inbox, string folder) =>
        [.. Directory.GetFiles(Path.Combine(inbox, folder)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
