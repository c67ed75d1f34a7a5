using Npgsql;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Faults;

/// <summary>Faults of the store itself, each on the engine that has it.</summary>
public sealed class StoreDownTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_full_sqlite_refuses_clearly_keeps_what_it_has_and_goes_on_when_there_is_room()
    {
        await using var town = await Town.OpenAsync(TestEngine.Sqlite);
        var receipts = new List<string> { (await town.AssignAsync()).Receipt.Code.Text };
        var held = await Invariants.RememberAsync(town.Store);
        // One page is less than there are, so SQLite takes the number there are: it may not grow. The pool has this one connection.
        await PragmaAsync(town.Store, full: true);
        IncomingLetter? refused = null;
        for (var i = 0; refused is null; i++)
        {
            Assert.InRange(i, 0, 500);
            var letter = town.Letter(new string('长', 15_000));
            try
            {
                receipts.Add((await town.Get<ReceiveLetter>().HandleAsync(letter, None)).Code.Text);
            }
            catch (Exception error) when (StoreFaults.Of(error) == StoreFault.Full)
            {
                refused = letter;
            }
        }

        await held.HoldAsync(town.Store, receipts, receipts.Count);
        await PragmaAsync(town.Store, full: false);
        var receipt = await town.Get<ReceiveLetter>().HandleAsync(refused, None);
        Assert.False(receipt.Repeated);
        receipts.Add(receipt.Code.Text);
        await town.CarryOnAsync();
        await held.HoldAsync(town.Store, receipts, receipts.Count);
        Assert.Empty((await town.Get<Doctor>().ExamineAsync(None)).Findings);
    }

    [Fact]
    public async Task A_receive_whose_connection_was_ended_is_tried_once_more_and_casework_is_not()
    {
        await using var cluster = await PostgresCluster.StartOwnAsync();
        string connection = await cluster.CreateDatabaseAsync();
        string folder = Directory.CreateTempSubdirectory("opinion-desk-").FullName;
        var clock = new SettableClock(Town.MondayMorning);
        var desk = await OpenedDesk.OpenAsync(folder, connection, Town.Foundation, clock, None);
        var receive = new ReceiveLetter(desk.Store, desk.Keys, new SealedLetters(new Sealer(desk.Keys)), new SealedAttachments(new Sealer(desk.Keys), new Opinion.Desk.Attachments.AttachmentFiles(desk.DataFolder, clock)), clock);
        var receipts = new List<string>();
        var held = await Invariants.RememberAsync(desk.Store);
        for (var round = 0; round < 5; round++)
        {
            receipts.Add((await receive.HandleAsync(Letter($"before-{round}"), None)).Code.Text);
            if (round % 2 == 0) await cluster.ExecuteAsync("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'opinion'");
            else await cluster.RestartAsync();
            // The pool still holds the connections that are gone.
            receipts.Add((await receive.HandleAsync(Letter($"after-{round}"), None)).Code.Text);
        }

        // The commit came through and its answer did not: the letter sent again is the same one.
        await cluster.ExecuteAsync("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'opinion'");
        var again = await receive.HandleAsync(Letter("after-0"), None);
        Assert.True(again.Repeated);
        Assert.Contains(again.Code.Text, receipts);
        await held.HoldAsync(desk.Store, receipts, receipts.Count);

        // Casework says what happened instead of doing it a second time by itself.
        var broken = await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            await using var session = await desk.Store.WriteAsync(None);
            Assert.NotEqual(0L, await cluster.ExecuteAsync("SELECT COUNT(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = 'opinion'"));
            await session.CommitAsync(None);
        });
        Assert.Equal(StoreFault.Unavailable, StoreFaults.Of(broken));
        // A server that stays away is not waited for without end, and the pages still know the office.
        await cluster.StopAsync();
        var offices = new OfficeDirectory(desk.Store);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => offices.GetOrLastAsync(None));
        var lost = await Assert.ThrowsAnyAsync<NpgsqlException>(() => receive.HandleAsync(Letter("lost"), None).WaitAsync(TimeSpan.FromSeconds(90)));
        Assert.Equal(StoreFault.Unavailable, StoreFaults.Of(lost));
        await cluster.StartAsync();
        Assert.Equal("市民来信办公室", (await offices.GetOrLastAsync(None)).Settings.Name.Zh);
        await cluster.StopAsync();
        Assert.Equal("市民来信办公室", (await offices.GetOrLastAsync(None)).Settings.Name.Zh);
        await cluster.StartAsync();
        await held.HoldAsync(desk.Store, receipts, receipts.Count);
        desk.Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_mistake_of_the_program_is_no_state_of_the_store()
    {
        Assert.Null(StoreFaults.Of(new InvalidOperationException("x")));
        Assert.Null(StoreFaults.Of(new PostgresException("duplicate key", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation)));
        Assert.Null(StoreFaults.Of(new Microsoft.Data.Sqlite.SqliteException("constraint", 19)));
        Assert.Equal(StoreFault.Full, StoreFaults.Of(new PostgresException("could not extend file", "ERROR", "ERROR", PostgresErrorCodes.DiskFull)));
        Assert.Equal(StoreFault.Unavailable, StoreFaults.Of(new InvalidOperationException("x", new PostgresException("terminating", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown))));
        Assert.Equal(StoreFault.Unavailable, StoreFaults.Of(new NpgsqlException("x", new IOException("reset"))));
    }

    private static async Task PragmaAsync(DeskStore store, bool full)
    {
        await using var session = await store.ReadAsync(None);
        if (full) await session.ExecuteAsync("PRAGMA max_page_count = 1", None);
        else await session.ExecuteAsync("PRAGMA max_page_count = 1073741823", None);
    }

    private static IncomingLetter Letter(string key) => new(Channel.Form, key, Town.MondayMorning, "路灯", Town.Streetlight);
}
