using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>What the page shows of one door.</summary>
/// <param name="Channel">The door.</param>
/// <param name="Open">Whether it is open.</param>
/// <param name="SetUp">Which settings are there.</param>
/// <param name="HasTest">Whether it can be tried.</param>
/// <param name="Runs">Its newest runs.</param>
/// <param name="Counts">What came one by one in the last days.</param>
/// <param name="Aside">Where the newest rows that were set aside stand, and why.</param>
/// <param name="AsideCount">How many there are.</param>
public sealed record DoorView(
    Channel Channel, bool Open, IReadOnlyList<DoorCheck> SetUp, bool HasTest, IReadOnlyList<DoorRun> Runs, IReadOnlyList<DoorCount> Counts, IReadOnlyList<SetAsideRow> Aside, long AsideCount)
{
    /// <summary>When anything last came through, as far as it is known here.</summary>
    public DateTimeOffset? Last => Runs.Select(run => (DateTimeOffset?)run.Started).Concat(Counts.Select(count => (DateTimeOffset?)count.Last)).Max();
}

/// <summary>The doors of the office: open or closed, what came, what went wrong and where. No word of a letter; what was set aside lies sealed for officers.</summary>
public sealed class DoorsModel(DoorSwitch doors, DoorRuns runs, DoorTally tally, SetAsideRows rows, IEnumerable<IDoorTest> tests, PageLanguage texts) : StaffPage
{
    /// <summary>The days that are counted.</summary>
    public const int Days = 7;

    private const int MostRuns = 5;
    private const int MostRows = 20;

    /// <summary>The doors.</summary>
    public IReadOnlyList<DoorView> Doors { get; private set; } = [];

    /// <summary>The door that was tried.</summary>
    public Channel? Tried { get; private set; }

    /// <summary>What the test found.</summary>
    public IReadOnlyList<DoorCheck> Found { get; private set; } = [];

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>How an outcome is called.</summary>
    public string NameOf(DoorOutcome outcome) => outcome switch
    {
        DoorOutcome.New => texts["新收"],
        DoorOutcome.Repeated => texts["重复"],
        DoorOutcome.Answered => texts["当场答复"],
        DoorOutcome.SetAside => texts["搁置"],
        _ => texts["拒收"],
    };

    /// <summary>Shows the doors.</summary>
    public Task OnGetAsync(CancellationToken cancel) => ReadAsync(cancel);

    /// <summary>Opens or closes a door.</summary>
    public async Task<IActionResult> OnPostSetAsync(string? door, bool open, CancellationToken cancel)
    {
        if (!ModelState.IsValid || ChannelNames.Find(door ?? "") is not { } channel) return NotFound();
        if (await doors.SetAsync(channel, open, Staff, cancel) is { } refusal) return Refused(refusal);
        Done = open ? texts["“{0}”已开启。", texts.Channel(channel.NameOf())] : texts["“{0}”已关闭，来的人会被告知，不收下任何内容。", texts.Channel(channel.NameOf())];
        return RedirectToPage();
    }

    /// <summary>Tries a door.</summary>
    public async Task<IActionResult> OnPostTestAsync(string? door, CancellationToken cancel)
    {
        if (ChannelNames.Find(door ?? "") is not { } channel || tests.FirstOrDefault(test => test.Channel == channel) is not { } test) return NotFound();
        Found = await test.TestAsync(cancel);
        Tried = channel;
        await ReadAsync(cancel);
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        var open = await doors.AllAsync(cancel);
        var counts = await tally.ReadAsync(Days, cancel);
        var views = new List<DoorView>();
        foreach (var channel in Enum.GetValues<Channel>())
        {
            var test = tests.FirstOrDefault(test => test.Channel == channel);
            views.Add(new DoorView(channel, open[channel], test is null ? [] : await test.SetUpAsync(cancel), test is not null, await runs.NewestAsync(channel, MostRuns, cancel),
                [.. counts.Where(count => count.Channel == channel)], await rows.NewestAsync(channel, MostRows, cancel), await rows.CountAsync(channel, cancel)));
        }

        Doors = views;
    }
}
