using Opinion.Desk.Letters;
using Opinion.Desk.Retention;
using Opinion.Desk.Runs;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Runs;

public abstract class JobRunsTests(TestEngine engine) : DeskSuite(engine)
{
    private JobRuns Runs => Town.Get<JobRuns>();

    [Fact]
    public async Task A_run_is_on_record_with_its_node_cause_cursor_and_end()
    {
        var (outcome, error) = await Runs.RunAsync("job", "node-1", RunCause.ByHand, keepIdle: true, async (run, cancel) =>
        {
            await run.AdvanceAsync(new RunCounts(7, 5, 2), cancel);
            Assert.Null((await Runs.NewestAsync(1, cancel))[0].Outcome);
            Town.Clock.Advance(TimeSpan.FromSeconds(3));
        }, None);
        Assert.Equal((RunOutcome.Done, null), (outcome, error));
        var kept = Assert.Single(await Runs.NewestAsync(10, None));
        Assert.Equal(("job", 1L, "node-1", RunCause.ByHand, RunOutcome.Done, null), (kept.Job, kept.Fence, kept.Node, kept.Cause, kept.Outcome, kept.Error));
        Assert.Equal((new RunCounts(7, 5, 2), TimeSpan.FromSeconds(3)), (kept.Counts, kept.Finished!.Value - kept.Started));
    }

    [Fact]
    public async Task A_run_that_fails_says_why_and_quotes_nobody()
    {
        var (outcome, error) = await Runs.RunAsync("job", "n", RunCause.Due, true, (_, _) => throw new InvalidOperationException("canary@example.org wrote"), None);
        Assert.Equal(RunOutcome.Failed, outcome);
        Assert.IsType<InvalidOperationException>(error);
        Assert.Equal("InvalidOperationException", Assert.Single(await Runs.NewestAsync(10, None)).Error);
        await Runs.RunAsync("job", "n", RunCause.Due, true, (_, _) => throw new StoreException("The model folder is missing."), None);
        Assert.Equal("The model folder is missing.", (await Runs.NewestAsync(1, None))[0].Error);
    }

    [Fact]
    public async Task Whoever_was_taken_over_writes_nothing_through_any_use_case()
    {
        await Town.FileAsync();
        var late = new List<Exception>();
        var (outcome, _) = await Runs.RunAsync("job", "frozen", RunCause.Due, true, async (_, cancel) =>
        {
            // Its work is taken over by another node meanwhile. Another node's flow does not carry this run's number.
            await ElsewhereAsync(() => Runs.RunAsync("job", "other", RunCause.Due, true, (run, inner) => run.AdvanceAsync(new RunCounts(1, 1, 0), inner), None));

            foreach (var work in new Func<Task>[] { () => Town.Get<LetterWay>().CarryOnAsync(cancel), () => Town.Get<EndContacts>().HandleAsync(cancel), () => Town.Get<ReceiveLetter>().HandleAsync(Town.Letter(), cancel) })
                late.Add(await Assert.ThrowsAsync<RunStaleException>(work));
            throw late[^1];
        }, None);
        Assert.Equal((3, RunOutcome.Refused), (late.Count, outcome));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM letters WHERE state = 'received'"));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM matters"));
        var runs = await Runs.NewestAsync(10, None);
        Assert.Equal([(2L, "other", RunCause.TakenOver, RunOutcome.Done), (1L, "frozen", RunCause.Due, RunOutcome.Refused)], runs.Select(run => (run.Fence, run.Node, run.Cause, run.Outcome!.Value)));
        Assert.Contains("refused", runs[1].Error, StringComparison.Ordinal);
        // Outside of the run everything writes as ever.
        Assert.Equal(1, await Town.CarryOnAsync());
    }

    [Fact]
    public async Task A_run_of_another_job_takes_nothing_over()
    {
        var (outcome, _) = await Runs.RunAsync("one", "n", RunCause.Due, true, async (run, cancel) =>
        {
            await ElsewhereAsync(() => Runs.RunAsync("two", "n", RunCause.Due, true, (_, _) => Task.CompletedTask, None));
            await run.AdvanceAsync(new RunCounts(1, 1, 0), cancel);
            await Town.Get<ReceiveLetter>().HandleAsync(Town.Letter(), cancel);
        }, None);
        Assert.Equal(RunOutcome.Done, outcome);
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    [Fact]
    public async Task A_run_whose_node_died_is_closed_by_the_next_one()
    {
        await Town.ExecuteAsync("INSERT INTO schedule_jobs (job, fence) VALUES ('job', 4)");
        await Town.ExecuteAsync("INSERT INTO schedule_runs (job, fence, node, cause, started_at) VALUES ('job', 4, 'dead', 'due', 1)");
        await Runs.RunAsync("job", "alive", RunCause.Due, true, (_, _) => Task.CompletedTask, None);
        Assert.Equal([("alive", RunCause.TakenOver, RunOutcome.Done), ("dead", RunCause.Due, RunOutcome.TakenOver)], (await Runs.NewestAsync(10, None)).Select(run => (run.Node, run.Cause, run.Outcome!.Value)));
    }

    [Fact]
    public async Task Old_runs_go_and_looks_that_found_nothing_leave_one_line()
    {
        for (var i = 0; i < JobRuns.Kept + 20; i++) await Runs.RunAsync("hourly", "n", RunCause.Due, true, (_, _) => Task.CompletedTask, None);
        Assert.Equal(JobRuns.Kept, await Town.CountAsync("SELECT COUNT(*) FROM schedule_runs"));
        for (var i = 0; i < 5; i++) await Runs.RunAsync("often", "n", RunCause.Due, false, (_, _) => Task.CompletedTask, None);
        await Runs.RunAsync("often", "n", RunCause.Due, false, (run, cancel) => run.AdvanceAsync(new RunCounts(1, 1, 0), cancel), None);
        for (var i = 0; i < 5; i++) await Runs.RunAsync("often", "n", RunCause.Due, false, (_, _) => Task.CompletedTask, None);
        Assert.Equal([11L, 6L], (await Runs.NewestAsync(50, None)).Where(run => run.Job == "often").Select(run => run.Fence));
    }

    [Fact]
    public async Task A_stop_is_on_record_and_thrown()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Runs.RunAsync("job", "n", RunCause.Due, true, async (_, cancel) =>
        {
            await stop.CancelAsync();
            cancel.ThrowIfCancellationRequested();
        }, stop.Token));
        Assert.Equal((RunOutcome.Failed, "stopped"), (await Runs.NewestAsync(1, None)).Select(run => (run.Outcome!.Value, run.Error)).Single());
    }

    private static Task ElsewhereAsync(Func<Task> work)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Run(work);
    }
}
