using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Language;
using Opinion.Desk.Boards;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.OwnSite;
using Opinion.Ingest.Scheduling;

namespace Opinion.Dashboard.Pages.Staff.Admin;

/// <summary>The message boards on the office's own sites: set up, tried, switched on and off. No word of a post but its redacted heading in a trial.</summary>
public sealed class SitesModel(BoardDirectory directory, TryBoard trial, OutgoingClient client, DoorSwitch doors, Schedule schedule, PageLanguage texts, TimeProvider clock) : StaffPage
{
    /// <summary>The boards.</summary>
    public IReadOnlyList<Board> Boards { get; private set; } = [];

    /// <summary>The board that is being changed; null where a new one is typed.</summary>
    public string? BoardId { get; private set; }

    /// <summary>What stands in the form.</summary>
    public TypedBoard Typed { get; private set; } = new(null, null, null, null, null, null, null, null, null, null, null, null);

    /// <summary>What a trial found; null where none was made.</summary>
    public BoardTrial? Trial { get; private set; }

    /// <summary>Whether the door is open.</summary>
    public bool DoorOpen { get; private set; }

    /// <summary>A day for the example of the opt-in file.</summary>
    public string NextYear { get; private set; } = "";

    /// <summary>What is wrong with what was typed.</summary>
    public string? Problem { get; private set; }

    /// <summary>What has just been done.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>How the last run of a board ended.</summary>
    public string ResultOf(Board board) => board.Last switch
    {
        null => texts["还没有读过"],
        { Ended: null } => texts["未完成"],
        { Halt: { } halt } => HaltOf(halt),
        _ => texts["完成"],
    };

    /// <summary>Why a run stopped.</summary>
    public string HaltOf(BoardHalt halt) => halt.Reason switch
    {
        BoardHalts.OptIn when FaultWords.OfUnasked(halt.Detail) is { } fault => texts["问不到网站是否同意本平台读取，所以什么都没有读（{0}）。", texts.CallFault(fault)],
        BoardHalts.OptIn => texts["网站没有同意本平台读取，已停止（{0}）。", texts.OptInFault(halt.Detail)],
        BoardHalts.RobotsForbids => texts["网站的 robots.txt 不允许读取这一页。"],
        BoardHalts.RobotsUnreadable => texts["取不到网站的 robots.txt，所以什么都没有读（{0}）。", texts.CallFault(halt.Detail)],
        BoardHalts.ListUnreadable => texts["页面取不到或读不了（{0}）。", texts.CallFault(halt.Detail)],
        BoardHalts.ListEmpty => texts["列表页上没有找到本站的帖子链接。请核对选择器。"],
        BoardHalts.SiteUnwell => texts["网站连续几次没有应答，下次再读（{0}）。", texts.CallFault(halt.Detail)],
        BoardHalts.Share => texts["这一次的份额已读完，下次接着读。"],
        BoardHalts.Stopped => texts["中途停止，下次接着读。"],
        _ => texts["读取出错（{0}）。", halt.Detail ?? ""],
    };

    /// <summary>What would become of a post.</summary>
    public string OutcomeOf(PostOutcome outcome) => outcome switch
    {
        PostOutcome.Letter => texts["会成为一封来信"],
        PostOutcome.NotSubmitted => texts["没有提交给本单位，不读"],
        PostOutcome.TooOld => texts["早于开始读取的日期，不读"],
        _ => texts["已提交，但收不下"],
    };

    /// <summary>How a field is called.</summary>
    public string FieldOf(PostField field) => field switch
    {
        PostField.Submitted => texts["已提交给本单位的标记"],
        PostField.Heading => texts["标题"],
        PostField.Body => texts["正文"],
        PostField.Day => texts["日期"],
        _ => texts["编号"],
    };

    /// <summary>What is wrong with a field.</summary>
    public string ProblemOf(PostProblem problem) => problem switch
    {
        PostProblem.NotFound => texts["没有匹配到"],
        PostProblem.NotOne => texts["匹配到不止一处"],
        PostProblem.Empty => texts["是空的"],
        PostProblem.TooLong => texts["太长"],
        PostProblem.BadCharacters => texts["有读不出的字符"],
        PostProblem.NoDay => texts["读不出一个日期"],
        _ => texts["日期过早或在将来"],
    };

    /// <summary>Shows the boards, and one of them in the form.</summary>
    public async Task<IActionResult> OnGetAsync(string? board, CancellationToken cancel)
    {
        await ShowAsync(cancel);
        if (board is null) return Page();
        if (Boards.FirstOrDefault(one => one.Id == board) is not { } found) return NotFound();
        var (draft, map) = (found.Draft, found.Draft.Map);
        BoardId = found.Id;
        Typed = new TypedBoard(draft.Title, draft.Address.AbsoluteUri, draft.Since, map.Posts, map.Older, map.Heading, map.Body, map.LeaveOut, map.Day, map.Number, map.Submitted, map.SubmittedWords);
        return Page();
    }

    /// <summary>Tries what was typed; nothing is stored.</summary>
    public async Task<IActionResult> OnPostTryAsync(string? board, TypedBoard typed, CancellationToken cancel)
    {
        var draft = await CheckAsync(board, typed, cancel);
        if (draft is not null) Trial = await trial.HandleAsync(draft, cancel);
        return Page();
    }

    /// <summary>Saves what was typed.</summary>
    public async Task<IActionResult> OnPostSaveAsync(string? board, TypedBoard typed, CancellationToken cancel)
    {
        if (await CheckAsync(board, typed, cancel) is not { } draft) return Page();
        if (board is null) await directory.AddAsync(Staff, draft, cancel);
        else if (!await directory.ChangeAsync(Staff, board, draft, cancel)) return NotFound();
        Done = board is null ? texts["留言板已保存，还没有启用。"] : texts["留言板的设置已更新。"];
        return RedirectToPage();
    }

    /// <summary>Switches a board on or off.</summary>
    public async Task<IActionResult> OnPostSwitchAsync(string? board, bool active, CancellationToken cancel)
    {
        if (!ModelState.IsValid || !await directory.SwitchAsync(Staff, board, active, cancel)) return NotFound();
        Done = active ? texts["留言板已启用。"] : texts["留言板已停用。"];
        return RedirectToPage();
    }

    /// <summary>Reads all boards that are switched on, now.</summary>
    public async Task<IActionResult> OnPostRunAsync(CancellationToken cancel)
    {
        await schedule.RunNowAsync(Staff, DeskJobs.Boards, cancel);
        Done = texts["已安排立即运行。"];
        return RedirectToPage();
    }

    private async Task<BoardDraft?> CheckAsync(string? board, TypedBoard typed, CancellationToken cancel)
    {
        await ShowAsync(cancel);
        (BoardId, Typed) = (board, typed);
        var (draft, field, problem) = typed.Check(client);
        if (problem is null) return draft;
        Response.StatusCode = 400;
        Problem = texts["{0}：{1}", NameOf(field!), problem switch
        {
            DraftProblem.Empty => texts["不能空着。"],
            DraftProblem.TooLong => texts["太长了。"],
            DraftProblem.NoSelector => texts["不是有效的 CSS 选择器。"],
            DraftProblem.NoAddress => texts["请填本单位网站的公网网址，以 http:// 或 https:// 开头，用默认端口。内网和本机地址不能读取。"],
            _ => texts["请填一个日期。"],
        }];
        return null;
    }

    private string NameOf(string field) => field switch
    {
        nameof(TypedBoard.Title) => texts["名称"],
        nameof(TypedBoard.Address) => texts["列表页网址"],
        nameof(TypedBoard.Since) => texts["从哪一天的帖子开始读"],
        nameof(TypedBoard.Posts) => texts["帖子链接"],
        nameof(TypedBoard.Older) => texts["下一页链接（可不填）"],
        nameof(TypedBoard.Heading) => texts["标题（可不填）"],
        nameof(TypedBoard.Body) => texts["正文（只能匹配一处）"],
        nameof(TypedBoard.LeaveOut) => texts["正文里不读的部分（可不填）"],
        nameof(TypedBoard.Day) => texts["日期"],
        nameof(TypedBoard.Number) => texts["官方编号（可不填，不填则以网址区分）"],
        nameof(TypedBoard.Submitted) => texts["已提交给本单位的标记"],
        _ => texts["标记里必须有的字（可不填）"],
    };

    private async Task ShowAsync(CancellationToken cancel)
    {
        Boards = await directory.ListAsync(cancel);
        DoorOpen = await doors.IsOpenAsync(Channel.OwnSite, cancel);
        NextYear = (await texts.OfficeAsync(cancel)).Calendar.DayOf(clock.GetUtcNow()).AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
