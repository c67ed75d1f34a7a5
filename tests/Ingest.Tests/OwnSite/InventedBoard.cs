using System.Globalization;
using System.Text;
using Opinion.Desk.Accounts;
using Opinion.Desk.Boards;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Ingest.OwnSite;
using Opinion.Ingest.Tests.Offices;

namespace Opinion.Ingest.Tests.OwnSite;

/// <summary>A message board that was written for these tests, as office sites have them: list pages, posts with writers, replies and comments.</summary>
internal static class InventedBoard
{
    public const string Writer = "canary-writer-郝春生";
    public const string Comment = "canary-comment-跟帖说的话";

    public static readonly BoardMap Map = new("ul.posts a", "#post .text", "#post .posted", "#post .state")
    {
        Older = "a.next",
        Heading = "#post h1",
        LeaveOut = ".quote",
        Number = "#post .no",
        SubmittedWords = "已提交",
    };

    public static readonly StaffMember Administrator = new("admin", "admin", new Opinion.Desk.Offices.Name("管理员", "Administrator"), Role.Administrator, null, false);

    /// <summary>Lets boards be read fast.</summary>
    public static BoardLimits Fast { get; } = new() { Between = TimeSpan.Zero, Call = TimeSpan.FromSeconds(2) };

    public static string List(IEnumerable<int> posts, string? next = null) =>
        "<html><head><meta charset=utf-8><title>x</title></head><body><ul class=posts>" + string.Concat(posts.Select(post => $"<li><a href=\"/post/{post}#top\">帖子 {post}</a> <span>{Writer}</span></li>"))
        + "<li><a href=\"http://elsewhere.example/post/9\">别处</a></li><li><a href=\"javascript:x()\">脚本</a></li></ul>" + (next is null ? "" : $"<a class=next href=\"{next}\">下一页</a>") + "</body></html>";

    public static string Post(int number, string text, string state = "已提交本单位", string day = "2026-11-18 09:15", string charset = "<meta charset=utf-8>") =>
        $"""
        <!doctype html><html><head>{charset}<title>帖子</title><script>var x = "canary-script";</script></head><body>
        <div id="post"><h1>路灯 {number} 不亮</h1><p class="by">{Writer}</p><span class="posted">发布时间：{day}</span><span class="no">LY-2026-{number:0000}</span><span class="state">{state}</span>
        <div class="text"><p>　　{text}</p><div class="quote">{Comment}</div><p>请尽快维修路灯。<br>谢谢！</p></div></div>
        <div class="replies"><div class="text">{Comment}</div></div></body></html>
        """;

    /// <summary>Serves a list page and posts.</summary>
    public static void Put(LocalSite site, string path, IReadOnlyList<int> posts, string? next = null)
    {
        site.Put(path, List(posts, next));
        foreach (var post in posts) site.Put("/post/" + post.ToString(CultureInfo.InvariantCulture), Post(post, $"第 {post} 盏路灯坏了三天。"));
    }

    /// <summary>Sets the board up in an office and opens the door.</summary>
    public static async Task<Board> AddAsync(TempOffice office, LocalSite site, BoardMap? map = null, DateOnly? since = null, string path = "/board")
    {
        var boards = office.Get<BoardDirectory>();
        var id = await boards.AddAsync(Administrator, new BoardDraft("测试留言板", new Uri(site.Address, path), since ?? new DateOnly(2026, 11, 1), map ?? Map), default);
        Assert.True(await boards.SwitchAsync(Administrator, id, true, default));
        Assert.Null(await office.Get<DoorSwitch>().SetAsync(Channel.OwnSite, true, Administrator, default));
        return (await boards.FindAsync(id, default))!;
    }

    public static async Task<BoardRun> RunAsync(TempOffice office, string? id = null, CancellationToken cancel = default)
    {
        var board = (await office.Get<BoardDirectory>().ListAsync(default)).First(one => id is null || one.Id == id);
        return await office.Get<ReadBoard>().HandleAsync(board, null, cancel);
    }

    public static Task<long> LettersAsync(TempOffice office) => office.CountAsync("SELECT COUNT(*) FROM letters");

    public static byte[] Encode(string text, string charset) => CodePagesEncodingProvider.Instance.GetEncoding(charset)!.GetBytes(text);
}
