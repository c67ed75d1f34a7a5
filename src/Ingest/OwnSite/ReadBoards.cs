using Microsoft.Extensions.Logging;
using Opinion.Desk.Boards;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Runs;

namespace Opinion.Ingest.OwnSite;

/// <summary>Reads all boards that are switched on, one after the other. One that fails does not keep the others from being read.</summary>
public sealed partial class ReadBoards(BoardDirectory boards, ReadBoard read, DoorSwitch door, DoorRuns runs, LetterWay way, ILogger<ReadBoards> log)
{
    /// <summary>Reads them as a scheduled run. While the door is closed, no site is asked for anything.</summary>
    public async Task HandleAsync(RunningJob run, CancellationToken cancel)
    {
        if (!await door.IsOpenAsync(Channel.OwnSite, cancel)) return;
        foreach (var board in await boards.ListAsync(cancel))
        {
            if (!board.Active) continue;
            var from = run.Counts;
            try
            {
                var ended = await read.HandleAsync(board, counts => run.AdvanceAsync(from + Of(counts), cancel), cancel);
                await run.AdvanceAsync(from + Of(ended.Counts) + new RunCounts(0, 0, ended.Halt is null or { Reason: BoardHalts.Share } ? 0 : 1), cancel);
                var (_, added, repeated, aside, _) = ended.Counts;
                await runs.RecordAsync(new DoorRun(Channel.OwnSite, board.Draft.Title, ended.Started, ended.Ended, new DoorCounts(added + repeated + aside, added, repeated, aside), ended.Halt?.InWords), cancel);
                if (ended.Halt is { } halt) LogHalted(log, board.Id, halt.InWords);
            }
            catch (Exception error) when (error is not (OperationCanceledException or RunStaleException))
            {
                await run.AdvanceAsync(run.Counts + new RunCounts(0, 0, 1), cancel);
                LogFailed(log, board.Id, error.GetType().Name);
            }
        }

        if (run.Counts.Done > 0) await way.CarryOnAsync(cancel);
    }

    private static RunCounts Of(BoardCounts counts) => new(counts.Looked, counts.Added, counts.SetAside);

    [LoggerMessage(1, LogLevel.Warning, "The board {Board} was not read to the end: {Reason}")]
    private static partial void LogHalted(ILogger log, string board, string reason);

    [LoggerMessage(2, LogLevel.Error, "The board {Board} could not be read: {Error}")]
    private static partial void LogFailed(ILogger log, string board, string error);
}
