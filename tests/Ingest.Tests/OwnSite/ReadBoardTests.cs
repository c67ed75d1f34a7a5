using System.Text;
using Opinion.Desk.Accounts;
using Opinion.Desk.Boards;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Runs;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.OwnSite;
using Opinion.Ingest.Scheduling;
using Opinion.Ingest.Tests.Offices;

namespace Opinion.Ingest.Tests.OwnSite;

/// <summary>Reading a board on a real HTTP server into a real office, on both engines.</summary>
public abstract class ReadBoardTests(bool postgres) : IAsyncLifetime
{
    private readonly SettableClock _clock = new(TempOffice.Now);
    private LocalSite _site = null!;
    private TempOffice _office = null!;

    public async Task InitializeAsync()
    {
        _site = await LocalSite.StartAsync();
        _office = await OpenAsync(InventedBoard.Fast);
    }

    public async Task DisposeAsync()
    {
        await _office.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Submitted_posts_become_letters_once_and_nothing_of_writers_and_comments_is_read()
    {
        InventedBoard.Put(_site, "/board", [3, 2, 1]);
        _site.Put("/post/2", InventedBoard.Post(2, "没有提交的闲聊。", state: "普通发帖"));
        await InventedBoard.AddAsync(_office, _site);
        var run = await InventedBoard.RunAsync(_office);
        Assert.Equal((new BoardCounts(3, 2, 0, 0, 1), null), (run.Counts, run.Halt));
        Assert.Equal([OptIn.Path, "/robots.txt", "/board", "/post/3", "/post/2", "/post/1"], _site.Paths);
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM letters WHERE channel = 'own-site' AND publish = 0 AND arrived_at = 1794964500000"));
        Assert.Equal(0, await _office.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
        await _office.Get<LetterWay>().CarryOnAsync(default);
        var texts = await _office.TextsAsync("SELECT title || '|' || body FROM letters ORDER BY title");
        Assert.Equal(["路灯 1 不亮|第 1 盏路灯坏了三天。\n请尽快维修路灯。\n谢谢！", "路灯 3 不亮|第 3 盏路灯坏了三天。\n请尽快维修路灯。\n谢谢！"], texts);
        Assert.Empty(await CanariesAsync());

        // Again: nothing is new, what is a letter is not asked for, what waits is asked for another day with its tag.
        _site.Log.Clear();
        _site.Put("/post/1", InventedBoard.Post(1, "改过的文字。"));
        run = await InventedBoard.RunAsync(_office);
        Assert.Equal((default(BoardCounts), null), (run.Counts, run.Halt));
        Assert.Equal([OptIn.Path, "/robots.txt", "/board"], _site.Paths);
        _clock.Advance(TimeSpan.FromDays(2));
        run = await InventedBoard.RunAsync(_office);
        Assert.Equal(new BoardCounts(1, 0, 0, 0, 1), run.Counts);
        Assert.NotNull(_site.Log.Single(asked => asked.Path == "/post/2").IfNoneMatch);

        // Submitted meanwhile: it is a letter, and then the unchanged list is enough.
        _site.Put("/post/2", InventedBoard.Post(2, "现在提交了。"));
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(new BoardCounts(1, 1, 0, 0, 0), (await InventedBoard.RunAsync(_office)).Counts);
        _site.Log.Clear();
        Assert.Equal(default, (await InventedBoard.RunAsync(_office)).Counts);
        Assert.NotNull(_site.Log.Single(asked => asked.Path == "/board").IfNoneMatch);
        Assert.Equal(3, await InventedBoard.LettersAsync(_office));
    }

    [Fact]
    public async Task The_same_number_under_another_address_is_one_letter()
    {
        _site.Put("/board", InventedBoard.List([1, 2]));
        _site.Put("/post/1", InventedBoard.Post(7, "路灯坏了。"));
        _site.Put("/post/2", InventedBoard.Post(7, "路灯坏了。"));
        await InventedBoard.AddAsync(_office, _site);
        Assert.Equal(new BoardCounts(2, 1, 1, 0, 0), (await InventedBoard.RunAsync(_office)).Counts);
        Assert.Equal(1, await InventedBoard.LettersAsync(_office));
    }

    [Fact]
    public async Task When_the_opt_in_goes_in_the_middle_of_a_run_reading_stops_and_says_so()
    {
        await using var office = await OpenAsync(InventedBoard.Fast with { PostsPerOptIn = 2 });
        await _site.OptInAsync(office);
        InventedBoard.Put(_site, "/board", [.. Enumerable.Range(1, 9)]);
        var third = _site.Pages["/post/3"];
        _site.Pages["/post/3"] = http =>
        {
            _site.Pages.TryRemove(OptIn.Path, out _);
            return third(http);
        };
        await InventedBoard.AddAsync(office, _site);
        var run = await InventedBoard.RunAsync(office);
        Assert.Equal(new BoardHalt(BoardHalts.OptIn, "Missing 404"), run.Halt);
        Assert.Equal(4, await InventedBoard.LettersAsync(office));
        Assert.Equal(run.Halt, (await office.Get<BoardDirectory>().ListAsync(default))[0].Last!.Halt);
        _site.Log.Clear();
        Assert.Equal(BoardHalts.OptIn, (await InventedBoard.RunAsync(office)).Halt?.Reason);
        Assert.Equal([OptIn.Path], _site.Paths);
        foreach (var (until, detail) in new[] { ("2026-11-19", "Passed 2026-11-19"), ("later", "Unreadable") })
        {
            await _site.OptInAsync(office, until);
            Assert.Equal(detail, (await InventedBoard.RunAsync(office)).Halt?.Detail);
        }

        await _site.OptInAsync(office, "2026-11-20");
        Assert.Equal((5, null), ((await InventedBoard.RunAsync(office)) is var last ? (last.Counts.Added, last.Halt) : default));
        Assert.Equal(9, await InventedBoard.LettersAsync(office));
    }

    [Fact]
    public async Task A_run_that_is_killed_at_any_moment_is_gone_on_with_and_takes_nothing_twice()
    {
        var random = new Random(20261125);
        for (var page = 0; page < 4; page++) InventedBoard.Put(_site, page == 0 ? "/board" : "/board?p=" + page, [.. Enumerable.Range((page * 5) + 1, 5)], page == 3 ? null : "/board?p=" + (page + 1));
        await InventedBoard.AddAsync(_office, _site);
        var board = async () => (await _office.Get<BoardDirectory>().ListAsync(default))[0];
        var kills = 0;
        while (kills < 60)
        {
            using var kill = new CancellationTokenSource();
            var left = random.Next(0, 12);
            var rule = _site.Pages.ToArray();
            // Any request may be the last one.
            foreach (var (path, serve) in rule)
            {
                _site.Pages[path] = http =>
                {
                    if (Interlocked.Decrement(ref left) < 0) kill.Cancel();
                    return serve(http);
                };
            }

            var stopped = false;
            try
            {
                await _office.Get<ReadBoard>().HandleAsync(await board(), null, kill.Token);
            }
            catch (OperationCanceledException)
            {
                stopped = true;
                kills++;
            }

            foreach (var (path, serve) in rule) _site.Pages[path] = serve;
            if (!stopped) break;
        }

        Assert.True(kills > 2);
        await InventedBoard.RunAsync(_office);
        Assert.Equal(20, await InventedBoard.LettersAsync(_office));
        Assert.Null((await board()).Resume);
        Assert.Equal(default, (await InventedBoard.RunAsync(_office)).Counts);
    }

    [Fact]
    public async Task A_long_board_is_read_in_shares_and_new_posts_meanwhile_come_too()
    {
        await using var office = await OpenAsync(InventedBoard.Fast with { Posts = 4 });
        await _site.OptInAsync(office);
        for (var page = 0; page < 3; page++) InventedBoard.Put(_site, page == 0 ? "/board" : "/board?p=" + page, [.. Enumerable.Range((page * 5) + 1, 5)], page == 2 ? null : "/board?p=" + (page + 1));
        await InventedBoard.AddAsync(office, _site);
        Assert.Equal((4, BoardHalts.Share), ((await InventedBoard.RunAsync(office)) is var first ? (first.Counts.Added, first.Halt?.Reason) : default));
        InventedBoard.Put(_site, "/board", [100, 1, 2, 3, 4], "/board?p=1");
        InventedBoard.Put(_site, "/board?p=1", [5, 6, 7, 8, 9], "/board?p=2");
        InventedBoard.Put(_site, "/board?p=2", [10, 11, 12, 13, 14, 15]);
        for (var i = 0; i < 3; i++) await InventedBoard.RunAsync(office);
        Assert.Equal(16, await InventedBoard.LettersAsync(office));
        Assert.Null((await InventedBoard.RunAsync(office)).Halt);
        Assert.Equal(16, await InventedBoard.LettersAsync(office));
    }

    [Fact]
    public async Task Posts_from_before_the_first_day_are_left_and_older_pages_are_not_asked_for()
    {
        InventedBoard.Put(_site, "/board", [1, 2], "/board?p=1");
        InventedBoard.Put(_site, "/board?p=1", [3, 4], "/board?p=2");
        InventedBoard.Put(_site, "/board?p=2", [5]);
        foreach (var old in new[] { 3, 4, 5 }) _site.Put("/post/" + old, InventedBoard.Post(old, "老帖子。", day: "2025年1月2日"));
        await InventedBoard.AddAsync(_office, _site);
        Assert.Equal(new BoardCounts(4, 2, 0, 0, 0), (await InventedBoard.RunAsync(_office)).Counts);
        Assert.DoesNotContain("/board?p=2", _site.Paths);
        Assert.Equal(2, await InventedBoard.LettersAsync(_office));
    }

    [Fact]
    public async Task Robots_are_obeyed()
    {
        InventedBoard.Put(_site, "/board", [1, 2]);
        await InventedBoard.AddAsync(_office, _site);
        foreach (var (status, detail) in new[] { (500, "500"), (503, "503"), (429, "429") })
        {
            _site.PutStatus("/robots.txt", status);
            Assert.Equal(new BoardHalt(BoardHalts.RobotsUnreadable, detail), (await InventedBoard.RunAsync(_office)).Halt);
        }

        _site.PutRedirect("/robots.txt", "http://169.254.169.254/robots.txt");
        Assert.Equal(new BoardHalt(BoardHalts.RobotsUnreadable, "Address"), (await InventedBoard.RunAsync(_office)).Halt);
        _site.Put("/robots.txt", "User-agent: opinionintake\nDisallow: /board", "text/plain");
        Assert.Equal(BoardHalts.RobotsForbids, (await InventedBoard.RunAsync(_office)).Halt?.Reason);
        Assert.DoesNotContain("/board", _site.Paths);
        _site.Put("/robots.txt", "User-agent: *\nDisallow: /post/2", "text/plain");
        Assert.Equal((new BoardCounts(2, 1, 0, 0, 0), null), ((await InventedBoard.RunAsync(_office)) is var run ? (run.Counts, run.Halt) : default));
        Assert.DoesNotContain("/post/2", _site.Paths);
        _site.PutStatus("/robots.txt", 403);
        Assert.Equal(1, (await InventedBoard.RunAsync(_office)).Counts.Added);
    }

    [Fact]
    public async Task The_site_is_asked_no_faster_than_it_wants()
    {
        InventedBoard.Put(_site, "/board", [1, 2, 3]);
        _site.Put("/robots.txt", "User-agent: *\nCrawl-delay: 0.2", "text/plain");
        await InventedBoard.AddAsync(_office, _site);
        Assert.Equal(3, (await InventedBoard.RunAsync(_office)).Counts.Added);
        var times = _site.Log.Where(asked => asked.Path is "/board" || asked.Path.StartsWith("/post", StringComparison.Ordinal)).Select(asked => asked.At).ToList();
        Assert.Equal(4, times.Count);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First > TimeSpan.FromMilliseconds(180), (pair.Second - pair.First).ToString()));
    }

    [Fact]
    public async Task Pages_in_old_encodings_become_the_same_words_declared_or_not()
    {
        _site.Put("/board", InventedBoard.List([1, 2, 3, 4]));
        var simple = InventedBoard.Post(1, "小区门口的路灯坏了，晚上看不见路，老人和孩子都不敢出门。", charset: "");
        _site.Put("/post/1", InventedBoard.Encode(simple, "gb18030"), "text/html; charset=gb2312");
        _site.Put("/post/2", InventedBoard.Encode(InventedBoard.Post(2, "堃镕㐂𠮷路灯坏了。", charset: "<meta http-equiv=Content-Type content='text/html; charset=GBK'>"), "gb18030"), "text/html");
        _site.Put("/post/3", InventedBoard.Encode(simple.Replace("LY-2026-0001", "LY-2026-0003", StringComparison.Ordinal), "gb18030"), null);
        // The reading of Big5 looks for its own mark: what is not in Big5 is not in the page.
        _site.Put("/post/4", InventedBoard.Encode("<div id=post><h1>路燈不亮</h1><span class=posted>2026-11-18 09:15</span><span class=no>B5</span><span class=state>提交了</span><div class=text>社區門口的路燈壞了，晚上看不見路，請你們派人來修。</div></div>", "big5"), "text/html");
        await InventedBoard.AddAsync(_office, _site, InventedBoard.Map with { SubmittedWords = null });
        Assert.Equal(new BoardCounts(4, 4, 0, 0, 0), (await InventedBoard.RunAsync(_office)).Counts);
        await _office.Get<LetterWay>().CarryOnAsync(default);
        var bodies = await _office.TextsAsync("SELECT body FROM letters");
        Assert.Equal(2, bodies.Count(body => body.StartsWith("小区门口的路灯坏了，晚上看不见路", StringComparison.Ordinal)));
        Assert.Contains(bodies, body => body.StartsWith("堃镕㐂𠮷路灯坏了。", StringComparison.Ordinal));
        Assert.Contains(bodies, body => body.StartsWith("社區門口的路燈壞了，晚上看不見路", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hostile_and_broken_pages_are_set_aside_sealed_and_the_others_are_taken()
    {
        await using var office = await OpenAsync(InventedBoard.Fast with { Call = TimeSpan.FromMilliseconds(700), Failures = 10 });
        await _site.OptInAsync(office);
        _site.Put("/board", InventedBoard.List(Enumerable.Range(1, 16)));
        _site.Put("/post/1", InventedBoard.Post(1, "好的。"));
        _site.PutEndless("/post/2", 64 * 1024, 0);
        _site.PutEndless("/post/3", 1, 30);
        _site.PutRedirect("/post/4", "http://127.0.0.1:1/secret");
        _site.PutRedirect("/post/5", "http://169.254.169.254/latest/meta-data/");
        _site.PutRedirect("/post/6", $"http://other.test:{_site.Port}/post/1");
        _site.PutStatus("/post/7", 500);
        _site.Put("/post/8", InventedBoard.Post(8, "canary-twice").Replace("<div class=\"replies\">", "<div id=post><div class=text>x</div></div><div>", StringComparison.Ordinal));
        _site.Put("/post/9", InventedBoard.Post(9, "canary-day", day: "昨天"));
        _site.Put("/post/10", InventedBoard.Post(10, "canary-future", day: "2027-11-18"));
        _site.Put("/post/11", InventedBoard.Post(11, "canary-long" + new string('长', 20_001)));
        _site.Put("/post/12", [.. Encoding.Latin1.GetBytes("<div id=post><h1>x</h1><span class=posted>2026-11-18</span><span class=no>12</span><span class=state>"), .. "已提交</span><div class=text>canary-broken "u8, 0xFF, .. "</div></div>"u8], "text/html; charset=utf-8");
        _site.Put("/post/13", string.Concat(Enumerable.Repeat("<b><i><div>", 200_000)));
        _site.Put("/post/14", InventedBoard.Post(14, "canary-lost\uFFFD"));
        _site.PutStatus("/post/15", 404);
        _site.Put("/post/16", InventedBoard.Post(16, "也好的。"));
        await InventedBoard.AddAsync(office, _site);
        var run = await InventedBoard.RunAsync(office);
        Assert.Null(run.Halt);
        Assert.Equal((16, 2, 0), (run.Counts.Looked, run.Counts.Added, run.Counts.Repeated));
        Assert.DoesNotContain("/secret", _site.Paths);
        Assert.Equal(2, await InventedBoard.LettersAsync(office));
        var aside = await office.TextsAsync("SELECT source || ' ' || reason || ' ' || COALESCE(field, '') FROM set_aside_rows ORDER BY source");
        Assert.Contains("测试留言板 /post/9 no-date Day", aside);
        Assert.Contains("测试留言板 /post/10 date-in-future Day", aside);
        Assert.Contains("测试留言板 /post/11 too-long Body", aside);
        Assert.Contains("测试留言板 /post/12 unreadable Body", aside);
        Assert.Contains("测试留言板 /post/14 unreadable Body", aside);
        Assert.Contains(aside, line => line.StartsWith("测试留言板 /post/8 unreadable", StringComparison.Ordinal));
        Assert.DoesNotContain(aside, line => line.Contains("canary", StringComparison.Ordinal));
        Assert.Equal(aside.Count, await office.CountAsync("SELECT COUNT(*) FROM set_aside_rows"));
    }

    [Fact]
    public async Task A_site_that_is_unwell_is_left_alone()
    {
        _site.Put("/board", InventedBoard.List(Enumerable.Range(1, 9)));
        for (var post = 1; post < 10; post++) _site.PutStatus("/post/" + post, 503);
        await InventedBoard.AddAsync(_office, _site);
        Assert.Equal(new BoardHalt(BoardHalts.SiteUnwell, "503"), (await InventedBoard.RunAsync(_office)).Halt);
        Assert.Equal(3, _site.Paths.Count(path => path.StartsWith("/post", StringComparison.Ordinal)));
        InventedBoard.Put(_site, "/board", [.. Enumerable.Range(1, 9)]);
        Assert.Equal(9, (await InventedBoard.RunAsync(_office)).Counts.Added);
    }

    [Fact]
    public async Task The_scheduled_job_reads_open_doors_and_boards_that_are_on_and_records_its_runs()
    {
        InventedBoard.Put(_site, "/board", [1, 2]);
        var board = await InventedBoard.AddAsync(_office, _site);
        await _office.Get<DoorSwitch>().SetAsync(Channel.OwnSite, false, InventedBoard.Administrator, default);
        Assert.Equal((RunOutcome.Done, default(RunCounts)), await JobAsync());
        Assert.Empty(_site.Log);
        await _office.Get<DoorSwitch>().SetAsync(Channel.OwnSite, true, InventedBoard.Administrator, default);
        await _office.Get<BoardDirectory>().SwitchAsync(InventedBoard.Administrator, board.Id, false, default);
        Assert.Equal((RunOutcome.Done, default(RunCounts)), await JobAsync());
        Assert.Empty(_site.Log);
        await _office.Get<BoardDirectory>().SwitchAsync(InventedBoard.Administrator, board.Id, true, default);
        Assert.Equal((RunOutcome.Done, new RunCounts(2, 2, 0)), await JobAsync());
        Assert.Equal(2, await _office.CountAsync("SELECT COUNT(*) FROM matters"));
        _site.Pages.TryRemove(OptIn.Path, out _);
        Assert.Equal((RunOutcome.Done, new RunCounts(0, 0, 1)), await JobAsync());
        var runs = await _office.Get<DoorRuns>().NewestAsync(Channel.OwnSite, 10, default);
        Assert.Equal([("测试留言板", 2L)], runs.Where(run => run.Error is null).Select(run => (run.Source, run.Counts.New)));
        Assert.Equal(["opt-in: Missing 404"], runs.Select(run => run.Error).OfType<string>());
        Assert.Equal(2, await InventedBoard.LettersAsync(_office));
    }

    [Fact]
    public async Task Only_an_administrator_changes_boards_and_every_change_is_audited()
    {
        var boards = _office.Get<BoardDirectory>();
        var board = await InventedBoard.AddAsync(_office, _site);
        Assert.True(await boards.ChangeAsync(InventedBoard.Administrator, board.Id, board.Draft with { Title = "新名字" }, default));
        Assert.Equal("新名字", (await boards.FindAsync(board.Id, default))!.Draft.Title);
        Assert.False(await boards.ChangeAsync(InventedBoard.Administrator, "none", board.Draft, default));
        Assert.False(await boards.SwitchAsync(InventedBoard.Administrator, "none", true, default));
        var officer = InventedBoard.Administrator with { Role = Role.Editor };
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => boards.AddAsync(officer, board.Draft, default));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => boards.ChangeAsync(officer, board.Id, board.Draft, default));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => boards.SwitchAsync(officer, board.Id, false, default));
        Assert.Equal(["board-added", "board-on", "board-changed"], (await _office.TextsAsync("SELECT action FROM audit_log ORDER BY id")).Where(action => action.StartsWith("board", StringComparison.Ordinal)));
    }

    private async Task<(RunOutcome?, RunCounts)> JobAsync()
    {
        var runs = _office.Get<JobRuns>();
        await runs.RunAsync(DeskJobs.Boards, "test", RunCause.Due, keepIdle: true, (run, cancel) => DeskJobs.Find(DeskJobs.Boards)!.Work(_office.Services, run, cancel), default);
        var last = (await runs.NewestAsync(1, default))[0];
        return (last.Outcome, last.Counts);
    }

    private async Task<TempOffice> OpenAsync(BoardLimits limits)
    {
        var office = await TempOffice.OpenAsync(postgres ? await (await PostgresCluster.Running).CreateDatabaseAsync() : null, _site.Rule, _clock, limits);
        await _site.OptInAsync(office);
        return office;
    }

    // What is plain in the store: twins, histories, tokens, boards.
    private async Task<List<string>> CanariesAsync()
    {
        List<string> texts =
        [
            .. await _office.TextsAsync("SELECT title || body || place FROM letters"), .. await _office.TextsAsync("SELECT text FROM matter_events"),
            .. await _office.TextsAsync("SELECT title || list_url || COALESCE(resume_url, '') || COALESCE(halt_detail, '') FROM boards"),
        ];
        Assert.NotEmpty(texts);
        return [.. texts.Where(text => text.Contains("canary", StringComparison.Ordinal))];
    }
}

public sealed class ReadBoardOnSqlite() : ReadBoardTests(postgres: false);

public sealed class ReadBoardOnPostgres() : ReadBoardTests(postgres: true);
