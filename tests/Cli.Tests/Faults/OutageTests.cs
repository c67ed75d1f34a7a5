using Opinion.Dashboard.Tests.Fixture;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Faults;
using Opinion.Desk.Tests.Fixture;
using Opinion.Running;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Cli.Tests.Faults;

/// <summary>The fault "PostgreSQL restarts, a backend is killed", while people write: no receipt for a lost letter, and none twice.</summary>
public sealed class OutageTests(ITestOutputHelper output)
{
    private const int Seed = 20261124;
    private const string Terminate = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'opinion' AND random() < 0.7";

    [Fact]
    public async Task Letters_posted_while_postgres_restarts_and_backends_die_are_there_once_with_their_receipt()
    {
        var rounds = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? 40 : 4;
        output.WriteLine($"seed {Seed}, {rounds} rounds");
        var random = new Random(Seed);
        await using var cluster = await PostgresCluster.StartOwnAsync();
        var connection = await cluster.CreateDatabaseAsync();
        await using var node = await ServedDesk.StartAsync(null, "--store", connection);
        using var store = DeskStore.OnPostgres(connection);
        var held = await Invariants.RememberAsync(store);

        var writers = new Writers();
        var written = 0;
        using var enough = new CancellationTokenSource();
        var people = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref written);
                await writers.WriteAsync(node, $"第{number}封信：小区门口的路灯不亮，请派人维修。");
            }
        })).ToList();
        for (var round = 0; round < rounds; round++)
        {
            await Task.Delay(random.Next(500, 2500));
            if (round % 2 == 0) await cluster.RestartAsync();
            else output.WriteLine($"round {round}: {await cluster.ExecuteAsync(Terminate)} backends ended");
        }

        await Task.Delay(1000);
        await enough.CancelAsync();
        await Task.WhenAll(people);
        Assert.False(node.HasExited);
        output.WriteLine($"{written} letters, {writers.NotTaken} times a writer was told to send it again");
        Assert.InRange(written, rounds, 100_000);
        // The connections of the test's own store broke too.
        using var after = DeskStore.OnPostgres(connection);
        await held.HoldAsync(after, writers.Receipts, written);
        Assert.Equal(written, writers.Receipts.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task While_postgres_is_away_pages_say_so_and_the_same_form_sent_again_is_one_letter()
    {
        await using var cluster = await PostgresCluster.StartOwnAsync();
        var connection = await cluster.CreateDatabaseAsync();
        await using var node = await ServedDesk.StartAsync(null, "--store", connection);
        using var store = DeskStore.OnPostgres(connection);
        var held = await Invariants.RememberAsync(store);
        var writers = new Writers();
        using var staff = writers.Come(node);
        var (login, password) = node.Accounts.First();
        await staff.SubmitAsync(await staff.GetAsync("/staff/sign-in"), "form.narrow", ("login", login), ("password", password));
        var accounts = await staff.GetAsync("/staff/admin/accounts");
        Assert.Equal(200, accounts.Status);
        using var writer = writers.Come(node);
        var form = await writer.GetAsync("/write");
        const string Words = "停电时写的信：路灯不亮，请维修。";

        await cluster.StopAsync();
        var page = await staff.GetAsync("/staff/admin/accounts");
        Writers.AssertClear(page);
        Assert.Equal(503, page.Status);
        Assert.Contains("存放内容的服务器暂时没有回应", page.Problem, StringComparison.Ordinal);
        // What changes something is not promised to have failed, for nobody knows.
        var work = await staff.SubmitOnlyAsync(accounts, "form:not(.inline)");
        Writers.AssertClear(work);
        Assert.Contains("可能没有办成", work.Problem, StringComparison.Ordinal);
        staff.InEnglish();
        Assert.Contains("does not answer just now", (await staff.GetAsync("/staff/admin/accounts")).Problem, StringComparison.Ordinal);
        var refused = await writer.SubmitOnlyAsync(form, "form.stack", ("Body", Words));
        Writers.AssertNotTaken(refused, Words);
        Assert.Equal(Field(form), Field(refused));
        Writers.AssertNotTaken(await writer.SubmitOnlyAsync(refused, "form.stack"), Words);

        await cluster.StartAsync();
        var taken = await writer.SubmitOnlyAsync(refused, "form.stack");
        Assert.Equal(200, taken.Status);
        var again = await writer.SubmitOnlyAsync(form, "form.stack", ("Body", Words));
        Assert.Equal(taken.Receipt, again.Receipt);
        Assert.Equal(200, (await staff.GetAsync("/staff/admin/accounts")).Status);
        using var after = DeskStore.OnPostgres(connection);
        await held.HoldAsync(after, [taken.Receipt], 1);

        static string Field(Page page) => page.Document.QuerySelector("input[name=Token]")!.GetAttribute("value")!;
    }
}
