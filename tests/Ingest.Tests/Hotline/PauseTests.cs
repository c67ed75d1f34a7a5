using Opinion.Desk.Accounts;
using Opinion.Desk.Imports;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tests.Offices;

namespace Opinion.Ingest.Tests.Hotline;

/// <summary>An import is paused, goes on at its cursor, and never skips rows of another sheet; on both engines.</summary>
public sealed class PauseTests
{
    private const int Rows = 900;
    private static readonly ColumnMap Map = new("test", "id", "body", new ReceivedColumn("time", ["yyyy-MM-dd"]));
    private static readonly StaffMember Administrator = new("admin", "admin", new Name("", ""), Role.Administrator, null, false);

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_paused_run_goes_on_at_its_cursor_and_takes_no_row_twice(string engine)
    {
        await using var office = await OpenAsync(engine);
        var sheet = Check(office, Sheet());
        var paused = await office.Import.HandleAsync(sheet, counts => SteerAsync(office, pause: true, once: counts.Done == 2 * ImportHotline.BatchSize).GetAwaiter().GetResult(), CancellationToken.None);
        Assert.Equal((true, 3 * ImportHotline.BatchSize), (paused.Paused, paused.Counts.Done));
        var run = Assert.Single(await office.Runs.ListAsync(CancellationToken.None));
        Assert.Equal((ImportHold.Paused, null), (run.Hold, run.Finished));
        // The watched folder leaves it, a person brings it on.
        var left = await office.Import.HandleAsync(sheet, byHand: false, null, CancellationToken.None);
        Assert.Equal((true, run.Id, 3 * ImportHotline.BatchSize), (left.Paused, left.Run, left.Counts.Done));
        var whole = await office.Import.HandleAsync(sheet, null, CancellationToken.None);
        Assert.Equal((false, run.Id, new ImportCounts(Rows, Rows - 2, 0, 2)), (whole.Paused, whole.Run, whole.Counts));
        Assert.Equal(Rows - 2, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal(0, await office.CountAsync("SELECT COUNT(*) FROM import_runs WHERE hold IS NOT NULL OR sheet_mark IS NOT NULL OR finished_at IS NULL"));
        // One list of rows set aside, of before and after the pause.
        Assert.Equal(3, (await File.ReadAllLinesAsync(whole.RejectedFile!)).Length);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(whole.RejectedFile!)!));
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Only_the_very_same_sheet_and_map_go_on(string engine)
    {
        await using var office = await OpenAsync(engine);
        var sheet = Check(office, Sheet());
        Assert.True((await office.Import.HandleAsync(sheet, _ => SteerAsync(office, pause: true).GetAwaiter().GetResult(), CancellationToken.None)).Paused);
        var done = (await office.Runs.ListAsync(CancellationToken.None))[0].Counts;
        var other = await office.Import.HandleAsync(Check(office, Sheet() + "z,最后一行，路灯又坏了。,2026-11-02\n"), null, CancellationToken.None);
        Assert.Equal((Rows + 1, done.Added), (other.Counts.Done, other.Counts.Repeated));
        var again = await office.Import.HandleAsync(Check(office, Sheet(), Map with { Name = "another" }), null, CancellationToken.None);
        Assert.Equal((Rows, Rows - 2), (again.Counts.Done, again.Counts.Repeated));
        Assert.Equal(3, (await office.Runs.ListAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Asking_is_for_administrators_and_for_runs_that_go_on_and_stands_in_the_audit_log()
    {
        await using var office = await OpenAsync("SQLite");
        var run = await office.Runs.StartAsync(Channel.Hotline, "calls.csv", "mark", CancellationToken.None);
        Assert.Equal(Refusal.NotYourRole, await office.Runs.SteerAsync(Administrator with { Role = Role.Officer, Department = "intake" }, run, true, CancellationToken.None));
        Assert.Equal(Refusal.NotFound, await office.Runs.SteerAsync(Administrator, run + 1, true, CancellationToken.None));
        Assert.Equal(Refusal.NotOpen, await office.Runs.SteerAsync(Administrator, run, false, CancellationToken.None));
        Assert.Null(await office.Runs.SteerAsync(Administrator, run, true, CancellationToken.None));
        Assert.True(await office.Runs.AdvanceAsync(run, default, CancellationToken.None));
        // Asked and killed before the next batch: it is paused all the same.
        Assert.Equal(ImportHold.Paused, (await office.Runs.TakeUpAsync(Channel.Hotline, "mark", byHand: false, CancellationToken.None))!.Hold);
        Assert.Null(await office.Runs.SteerAsync(Administrator, run, false, CancellationToken.None));
        Assert.Null((await office.Runs.TakeUpAsync(Channel.Hotline, "mark", byHand: false, CancellationToken.None))!.Hold);
        await office.Runs.FinishAsync(run, default, null, CancellationToken.None);
        Assert.Equal(Refusal.NotOpen, await office.Runs.SteerAsync(Administrator, run, true, CancellationToken.None));
        Assert.Equal(["import-paused calls.csv", "import-resumed calls.csv"], await office.TextsAsync("SELECT action || ' ' || target FROM audit_log ORDER BY id"));
    }

    /// <summary>Asks for a pause of the run there is, or lets it go on.</summary>
    internal static async Task SteerAsync(TempOffice office, bool pause, bool once = true)
    {
        if (!once) return;
        var run = (await office.Runs.ListAsync(CancellationToken.None))[0];
        if (pause && run.Hold is not null) return;
        Assert.Null(await office.Runs.SteerAsync(Administrator, run.Id, pause, CancellationToken.None));
    }

    private static async Task<TempOffice> OpenAsync(string engine) => await TempOffice.OpenAsync(engine == "PostgreSQL" ? await (await PostgresCluster.Running).CreateDatabaseAsync() : null);

    private static HotlineSheet Check(TempOffice office, string sheet, ColumnMap? map = null) => HotlineSheet.Check(office.Write("calls.csv", sheet), map ?? Map, CancellationToken.None);

    // Two rows cannot be taken, one near the beginning and one near the end.
    private static string Sheet() => "id,body,time\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => i is 10 or 890 ? $"{i},,2026-11-02\n" : $"{i},路灯不亮已经三天，请尽快维修路灯。,2026-11-02\n"));
}
