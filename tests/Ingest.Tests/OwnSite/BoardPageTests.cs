using System.Text;
using NodaTime;
using Opinion.Desk.Boards;
using Opinion.Desk.Deadlines;
using Opinion.Desk.Offices;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.OwnSite;
using Opinion.Ingest.Tests.Offices;
using Xunit.Abstractions;

namespace Opinion.Ingest.Tests.OwnSite;

public class BoardPageTests(ITestOutputHelper output)
{
    private const int Seed = 20261126;

    private static readonly WorkingCalendar Calendar = new(DateTimeZoneProviders.Tzdb["Asia/Shanghai"], new Dictionary<DateOnly, DayKind>());

    [Fact]
    public void A_map_has_exactly_these_fields_and_none_for_whoever_wrote()
    {
        Assert.Equal(["Body", "Day", "Heading", "LeaveOut", "Number", "Older", "Posts", "Submitted", "SubmittedWords"], typeof(BoardMap).GetProperties().Select(field => field.Name).Where(name => name != "EqualityContract").Order(StringComparer.Ordinal));
        Assert.Equal(["Address", "Body", "Day", "Heading", "LeaveOut", "Number", "Older", "Posts", "Since", "Submitted", "SubmittedWords", "Title"], typeof(TypedBoard).GetProperties().Select(field => field.Name).Where(name => name != "EqualityContract").Order(StringComparer.Ordinal));
        Assert.Equal([PostField.Submitted, PostField.Heading, PostField.Body, PostField.Day, PostField.Number], Enum.GetValues<PostField>());
    }

    [Theory]
    [InlineData("2026-11-02 09:15", "2026-11-02 01:15:00")]
    [InlineData("发布时间：2026/11/2 9:05:07 浏览：35", "2026-11-02 01:05:07")]
    [InlineData("2026年11月2日", "2026-11-01 16:00:00")]
    [InlineData("２０２６年１１月２日　９时１５分", "2026-11-02 01:15:00")]
    [InlineData("2026.1.2", "2026-01-01 16:00:00")]
    [InlineData("2026-11-02T09:15:00Z", "2026-11-02 09:15:00")]
    [InlineData("2026-11-02T09:15:00.123+08:00", "2026-11-02 01:15:00")]
    [InlineData("2026-11-02T09:15-0330", "2026-11-02 12:45:00")]
    [InlineData("昨天", null)]
    [InlineData("2026-02-30", null)]
    [InlineData("2026-13-01", null)]
    [InlineData("2026-11-02 25:00", null)]
    [InlineData("1969-11-02", null)]
    [InlineData("2026-11-02 至 2026-11-05", null)]
    [InlineData("编号 202611021", null)]
    [InlineData("2026-11-02T09:15+15:00", null)]
    [InlineData("", null)]
    public void Days_are_read_as_boards_write_them(string words, string? utc) =>
        Assert.Equal(utc, PostDay.Read(words, Calendar)?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("utf-8", "text/html; charset=UTF-8", "", "utf-8", false)]
    [InlineData("utf-8", null, "", "utf-8", true)]
    [InlineData("utf-8", "text/html; charset=gbk-wrong", "<meta charset=\"utf-8\">", "utf-8", false)]
    [InlineData("gb18030", "text/html;charset=\"gb2312\"", "", "gb18030", false)]
    [InlineData("gb18030", "text/html", "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=gbk'>", "gb18030", false)]
    // The header is wrong, as many are: the bytes do not fit it.
    [InlineData("gb18030", "text/html; charset=utf-8", "<meta charset=gb2312>", "gb18030", false)]
    [InlineData("gb18030", "text/html; charset=utf-8", "", "gb18030", true)]
    [InlineData("gb18030", null, "", "gb18030", true)]
    [InlineData("big5", "text/html; charset=big5", "", "big5", false)]
    [InlineData("big5", null, "", "big5", true)]
    [InlineData("utf-16", null, "", "utf-16le", false)]
    public void Pages_are_read_in_the_encoding_they_are_in(string real, string? header, string meta, string charset, bool guessed)
    {
        var words = real == "big5" ? meta + "社區門口的路燈壞了，晚上看不見路，請你們派人來修。" : meta + "小区门口的路灯坏了，晚上看不见路，请你们派人来修。";
        var encoding = real switch { "utf-8" => new UTF8Encoding(false), "utf-16" => Encoding.Unicode, _ => CodePagesEncodingProvider.Instance.GetEncoding(real)! };
        var page = PageText.Read([.. encoding.Preamble.ToArray(), .. encoding.GetBytes(words)], header);
        Assert.Equal((words, charset, guessed, true), (page.Text, page.Charset, page.Guessed, page.Whole));
    }

    [Theory]
    [InlineData("#post .text", true)]
    [InlineData("div > p:nth-child(2)", true)]
    [InlineData("a[href^='/post']", true)]
    [InlineData("", false)]
    [InlineData("div >", false)]
    [InlineData("p[", false)]
    [InlineData("{}", false)]
    public void A_selector_is_told_from_what_is_none(string text, bool selector) => Assert.Equal(selector, BoardPage.IsSelector(text));

    [Fact]
    public void What_an_administrator_typed_is_refused_with_its_field()
    {
        using var client = new OutgoingClient(OutgoingRule.Office, new StoppedClock(TempOffice.Now));
        var good = new TypedBoard("留言板", "https://www.example.gov.cn/board?c=1#x", new DateOnly(2026, 11, 1), "ul a", null, " ", ".text", null, ".day", null, ".state", null);
        var (draft, _, problem) = good.Check(client);
        Assert.Null(problem);
        Assert.Equal(("https://www.example.gov.cn/board?c=1", null, null), (draft!.Address.AbsoluteUri, draft.Map.Heading, draft.Map.Older));
        foreach (var (typed, field, wrong) in new[]
        {
            (good with { Title = " " }, "Title", DraftProblem.Empty), (good with { Title = new string('x', 101) }, "Title", DraftProblem.TooLong), (good with { Address = null }, "Address", DraftProblem.Empty),
            (good with { Address = "board" }, "Address", DraftProblem.NoAddress), (good with { Address = "ftp://x/" }, "Address", DraftProblem.NoAddress), (good with { Address = "http://10.0.0.1/" }, "Address", DraftProblem.NoAddress),
            (good with { Address = "http://[::1]/" }, "Address", DraftProblem.NoAddress), (good with { Address = "http://x:8080/" }, "Address", DraftProblem.NoAddress), (good with { Since = null }, "Since", DraftProblem.NoDay),
            (good with { Posts = "" }, "Posts", DraftProblem.Empty), (good with { Body = null }, "Body", DraftProblem.Empty), (good with { Day = null }, "Day", DraftProblem.Empty), (good with { Submitted = null }, "Submitted", DraftProblem.Empty),
            (good with { Older = "a[" }, "Older", DraftProblem.NoSelector), (good with { Number = new string('a', 301) }, "Number", DraftProblem.TooLong), (good with { SubmittedWords = new string('a', 101) }, "SubmittedWords", DraftProblem.TooLong),
        }) Assert.Equal((null, field, wrong), typed.Check(client));
    }

    [Fact]
    public void Words_are_read_as_they_are_seen()
    {
        var page = Parse("<div id=x>  one\n two<br><br>three<p>four</p><ul><li>five<li>six</ul><script>no</script><style>no</style><textarea>no</textarea><span>sev</span>en <i class=q>no</i></div>");
        var element = Assert.Single(page.Find("#x"));
        Assert.Equal("one two\n\nthree\nfour\nfive\nsix\nseven", BoardPage.WordsOf(element, [.. element.QuerySelectorAll(".q")]));
    }

    [Fact]
    public void Deep_and_multiplying_pages_end_in_time_and_do_not_bring_the_program_down()
    {
        var deep = Parse(string.Concat(Enumerable.Repeat("<div>", 15_000)) + "words");
        Assert.Contains("words", BoardPage.WordsOf(deep.Find("body")[0], []), StringComparison.Ordinal);
        Assert.NotEmpty(deep.Find("div div div"));
        Assert.Throws<BoardPageException>(() => Parse(string.Concat(Enumerable.Repeat("<div>", 300_000))));
        // Formatting that is never closed is opened again in every paragraph.
        Assert.Throws<BoardPageException>(() => Parse("<p>" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"<b id={i}>")) + string.Concat(Enumerable.Repeat("</p><p>x", 20_000))));
    }

    [Fact]
    public void Changed_pages_are_read_or_refused_and_never_give_what_was_not_submitted()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var valid = InventedBoard.Post(1, "小区门口的路灯坏了。");
        string[] pieces = ["<", ">", "\"", "</div>", "<div class=text>", "<div id=post>", "<table>", "<template>", "<svg>", "<math>", "</p>", "<!--", "-->", "<![CDATA[", "&#0;", "&#xD800;", "\0", "\uFFFD", "<script>", "<base href=//x>", "<span class=state>已提交</span>", "<select>", "<plaintext>", "<frameset>", "路"];
        var office = new Office(new OfficeSettings(new Name("", ""), "Asia/Shanghai", "here", 0.5, 10, 24, 24), [], [], new SubjectScheme([]), Calendar);
        var draft = new BoardDraft("x", new Uri("http://board.test/"), new DateOnly(2026, 11, 1), InventedBoard.Map);
        var outcomes = new Dictionary<PostOutcome, int>();
        for (var round = 0; round < Rounds(1_500); round++)
        {
            var text = new StringBuilder(valid);
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0) text.Insert(at, pieces[random.Next(pieces.Length)]);
                else text.Remove(at, Math.Min(random.Next(1, 60), text.Length - at));
            }

            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            if (random.Next(4) == 0) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            PostReading reading;
            try
            {
                reading = BoardPost.Read(BoardPage.Parse(bytes, random.Next(2) == 0 ? "text/html; charset=utf-8" : null, draft.Address), draft.Address, "b", draft, office, TempOffice.Now);
            }
            catch (BoardPageException)
            {
                continue;
            }

            outcomes[reading.Outcome] = outcomes.GetValueOrDefault(reading.Outcome) + 1;
            if (reading.Outcome == PostOutcome.NotSubmitted) Assert.Equal((null, ""), (reading.Letter, reading.Content));
            if (reading.Outcome != PostOutcome.Letter) continue;
            Assert.Null(reading.Letter!.Problem());
            Assert.Null(reading.Letter.Contact);
            Assert.DoesNotContain('\uFFFD', reading.Letter.Body);
            // The script was outside of what is read, and stays there unless a change moved the borders.
            Assert.True(reading.Letter.Body.Length <= text.Length);
        }

        output.WriteLine(string.Join(' ', outcomes));
        Assert.True(outcomes[PostOutcome.Letter] > 300 && outcomes[PostOutcome.Refused] > 100 && outcomes[PostOutcome.NotSubmitted] > 10);
    }

    private static int Rounds(int usual) => Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1" ? usual * 50 : usual;

    private static BoardPage Parse(string html) => BoardPage.Parse(Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8", new Uri("http://board.test/"));
}
