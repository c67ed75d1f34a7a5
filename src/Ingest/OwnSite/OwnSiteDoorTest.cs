using Opinion.Desk.Boards;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;

namespace Opinion.Ingest.OwnSite;

/// <summary>Tries the boards that are switched on as a run would ask for them: opt-in, robots.txt, the list and its first post. Nothing is stored.</summary>
public sealed class OwnSiteDoorTest(BoardDirectory boards, TryBoard trial) : IDoorTest
{
    /// <inheritdoc/>
    public Channel Channel => Channel.OwnSite;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DoorCheck>> TestAsync(CancellationToken cancel)
    {
        var checks = new List<DoorCheck>(await SetUpAsync(cancel));
        foreach (var board in await boards.ListAsync(cancel))
        {
            if (!board.Active) continue;
            var found = await trial.HandleAsync(board.Draft, cancel);
            var passed = found is { Halt: null, Post.Outcome: not PostOutcome.Refused } or { Halt: null, Post: null, Delay: not null };
            var why = found.Halt?.InWords ?? found.Post?.Outcome.ToString() ?? "";
            checks.Add(new DoorCheck(new Name($"“{board.Draft.Title}”可以读取（{why}）", $"“{board.Draft.Title}” can be read ({why})"), passed));
        }

        return checks;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DoorCheck>> SetUpAsync(CancellationToken cancel)
    {
        var active = (await boards.ListAsync(cancel)).Count(board => board.Active);
        return [new DoorCheck(new Name($"启用的留言板：{active}", $"Boards switched on: {active}"), active > 0)];
    }
}
