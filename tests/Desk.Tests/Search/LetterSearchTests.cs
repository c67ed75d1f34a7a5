using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Retention;
using Opinion.Desk.Search;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Search;

public abstract class LetterSearchTests(TestEngine engine) : DeskSuite(engine)
{
    private const int Seed = 20261124;

    [Fact]
    public async Task A_letter_is_found_by_its_own_department_once_it_is_a_matter()
    {
        var filed = await Town.FileAsync();
        Assert.Empty(await FoundAsync("路灯"));
        Assert.Equal(1, await Town.Get<RedactLetters>().HandleAsync(10, None));
        Assert.Empty(await FoundAsync("路灯"));
        await Town.CarryOnAsync();
        Assert.Equal([filed.Number], await FoundAsync("路灯"));
        Assert.Equal([filed.Number], await FoundAsync("维修 路灯"));
        Assert.Empty(await FoundAsync("路灯 水管"));
        foreach (var other in new[] { "housing-1", "water-duty", "supervision-1", "intake-1" }) Assert.Empty(await FoundAsync("路灯", other));
    }

    [Theory]
    [InlineData("editor-1")]
    [InlineData("analyst-1")]
    [InlineData("admin-1")]
    public async Task Only_officers_search_and_a_refused_search_is_none(string who)
    {
        await Town.AssignAsync();
        Assert.Equal(Refusal.NotYourRole, (await SearchAsync(new LetterQuestion("路灯"), who)).Refusal);
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'searched'"));
    }

    [Fact]
    public async Task Every_search_is_audited_first_and_its_words_are_kept_nowhere()
    {
        await Town.AssignAsync();
        Assert.Single(await FoundAsync("路灯"));
        Assert.Empty(await FoundAsync("紫罗兰计划"));
        Assert.Equal(["urban-1||urban|", "urban-1||urban|"], await Town.QueryAsync("SELECT actor, target, department, reason FROM audit_log WHERE action = 'searched'",
            row => $"{row.GetString(0)}|{(row.IsDBNull(1) ? "" : row.GetString(1))}|{row.GetString(2)}|{(row.IsDBNull(3) ? "" : row.GetString(3))}"));
        await Town.RefuseAuditAsync();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => FoundAsync("路灯"));
    }

    [Theory]
    [InlineData("13812345678")]
    [InlineData("138 1234 5678")]
    [InlineData("11010519491231002X")]
    [InlineData("someone@example.org")]
    public async Task There_is_no_search_by_person(string person)
    {
        var filed = await Town.AssignAsync();
        Assert.Equal((0, true), await CountAsync(person));
        // The rest of the words is searched for.
        Assert.Equal((1, true), await CountAsync("路灯，" + person));
        Assert.Equal((1, false), await CountAsync("路灯"));
        Assert.NotNull(filed);

        async Task<(int, bool)> CountAsync(string words)
        {
            var page = (await SearchAsync(new LetterQuestion(words))).Page!;
            return (page.Letters.Count, page.PersonLeftOut);
        }
    }

    [Fact]
    public async Task Subject_state_and_time_narrow_the_search()
    {
        var old = await Town.AssignAsync(Town.Letter() with { Arrived = Town.Clock.Now.AddDays(-400) });
        var closed = await Town.AnswerAsync();
        var open = await Town.AssignAsync();
        Assert.Equal(Ids(open, closed, old), (await FoundAsync(new LetterQuestion("路灯"))).ToHashSet());
        Assert.Equal(Ids(open, old), (await FoundAsync(new LetterQuestion("路灯", Open: true))).ToHashSet());
        Assert.Equal(Ids(closed), (await FoundAsync(new LetterQuestion("路灯", Open: false))).ToHashSet());
        var today = new DateOnly(2026, 11, 16);
        Assert.Equal(Ids(open, closed), (await FoundAsync(new LetterQuestion("路灯", From: today))).ToHashSet());
        Assert.Equal(Ids(old), (await FoundAsync(new LetterQuestion("路灯", To: today.AddDays(-1)))).ToHashSet());
        Assert.Empty(await FoundAsync(new LetterQuestion("路灯", From: today.AddDays(1))));
        Assert.Empty(await FoundAsync(new LetterQuestion("路灯", From: today.AddDays(-399), To: today.AddDays(-1))));
        Assert.Equal(3, (await FoundAsync(new LetterQuestion("路灯", "urban"))).Count);
        Assert.Equal(3, (await FoundAsync(new LetterQuestion("路灯", "urban.streetlight"))).Count);
        Assert.Empty(await FoundAsync(new LetterQuestion("路灯", "housing")));
        Assert.Equal(Refusal.UnknownSubject, (await SearchAsync(new LetterQuestion("路灯", "no-such"))).Refusal);
    }

    [Fact]
    public async Task What_moves_or_is_corrected_moves_in_the_index()
    {
        var filed = await Town.AssignAsync();
        var officer = await Town.StaffAsync("urban-1");
        Assert.Null(await Town.Get<CorrectSubject>().HandleAsync(officer, filed.Number, "housing.property", null, None));
        Assert.Equal([filed.Number], await FoundAsync(new LetterQuestion("路灯", "housing")));
        Assert.Empty(await FoundAsync(new LetterQuestion("路灯", "urban")));
        Assert.Null(await Town.Get<TransferMatter>().HandleAsync(officer, filed.Number, "housing", "属于物业。", None));
        Assert.Empty(await FoundAsync("路灯"));
        Assert.Equal([filed.Number], await FoundAsync("路灯", "housing-1"));
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(await Town.StaffAsync("housing-1"), filed.Number, Disposition.Solved, "已修复。", None));
        Assert.Empty(await FoundAsync(new LetterQuestion("路灯", Open: true), "housing-1"));
        Assert.Null(await Town.Get<DisputeAnswer>().HandleAsync(filed.Id, "还是不亮", None));
        Assert.Equal([filed.Number], await FoundAsync(new LetterQuestion("路灯", Open: true), "housing-1"));
        Assert.Empty((await Town.Get<Doctor>().ExamineAsync(None)).Findings);
    }

    [Fact]
    public async Task A_department_complained_about_never_finds_the_letter()
    {
        await Town.AssignAsync(Town.Letter() with { AboutDepartment = "urban" });
        Assert.Empty(await FoundAsync("路灯"));
        Assert.Single(await FoundAsync("路灯", "supervision-1"));
        // Not even where the index were wrong.
        await Town.ExecuteAsync("UPDATE letters SET about_department = 'water'");
        await (Town.Store.Engine == "postgres"
            ? Town.ExecuteAsync("UPDATE letter_search SET facets = array_replace(facets, 'd:supervision', 'd:water')")
            : Town.ExecuteAsync("UPDATE letter_search_words SET facets = replace(facets, 'd:supervision', 'd:water')"));
        Assert.Empty(await FoundAsync("路灯", "water-1"));
        Assert.Contains((await Town.Get<Doctor>().ExamineAsync(None)).Findings, finding => finding.StartsWith("1 rows of the search index", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Withdrawn_and_erased_letters_leave_the_index_at_once()
    {
        var withdrawn = await Town.AssignAsync();
        var answered = await Town.AnswerAsync();
        Assert.Equal(2, (await FoundAsync("路灯")).Count);
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(withdrawn.Id, None));
        Assert.Equal([answered.Number], await FoundAsync("路灯"));
        Town.Clock.Now = Town.MondayMorning.AddMonths(36).AddMinutes(1);
        Assert.Equal(2, await Town.Get<EndTexts>().HandleAsync(None));
        Assert.Empty(await FoundAsync("路灯"));
        Assert.Equal(0, await RowsAsync());
        Assert.Equal(0, (await RebuildAsync()).Added);
    }

    [Fact]
    public async Task Whoever_erases_words_takes_them_out_of_the_index_in_the_same_transaction()
    {
        var filed = await Town.AssignAsync();
        await using (var session = await Town.Store.WriteAsync(None))
        {
            Assert.Equal(1, await session.ExecuteAsync("UPDATE letters SET body = '' WHERE id = @id", None, ("id", filed.Id)));
            Assert.Equal(0, await session.CountAsync("SELECT COUNT(*) FROM letter_search", None));
        }

        // It was not committed, so the letter is there with its index.
        Assert.Equal([filed.Number], await FoundAsync("路灯"));
        await Town.ExecuteAsync("UPDATE letters SET body = '' WHERE id = @id", ("id", filed.Id));
        Assert.Equal(0, await RowsAsync());
    }

    [Fact]
    public async Task The_newest_come_first_and_the_best_first_by_how_much_they_are_about_the_words()
    {
        var mention = await AssignAsync("路灯坏了，麻烦来修一修。顺便说一句，楼下的井盖也响。", "", 1);
        var titled = await AssignAsync("您好，东街口那一个已经松动，请派人看看。", "路灯和井盖", 2);
        var often = await AssignAsync("井盖松动，井盖很响，井盖要换，井盖边上是路灯，路灯也坏了，路灯不亮，请维修路灯。", "", 3);
        var newest = await AssignAsync("门口的路灯不亮，请维修路灯。旁边有个井盖，此外还有很多别的事情要说。", "", 0);
        string[] all = [newest.Number, mention.Number, titled.Number, often.Number];
        // Where the lexicon sends each does not matter here.
        await Town.ExecuteAsync("UPDATE matters SET department = 'urban'");
        Assert.Equal(all, await FoundAsync(new LetterQuestion("路灯 井盖")));
        Assert.Equal([titled.Number, often.Number, newest.Number, mention.Number], await FoundAsync(new LetterQuestion("路灯 井盖", Order: SearchOrder.Best)));
        Assert.Equal([titled.Number, often.Number], (await FoundAsync(new LetterQuestion("井盖", Order: SearchOrder.Best))).Take(2));

        async Task<Filed> AssignAsync(string body, string title, int daysAgo) =>
            await Town.AssignAsync(Town.Letter(body) with { Title = title, Arrived = Town.Clock.Now.AddDays(-daysAgo) });
    }

    [Theory]
    [InlineData(SearchOrder.Newest)]
    [InlineData(SearchOrder.Best)]
    public async Task Pages_follow_one_another_without_a_gap_over_years_and_within_a_second(SearchOrder order)
    {
        const int letters = (LetterSearch.PageSize * 2) + 3;
        for (var i = 0; i < letters; i++)
        {
            // Every third arrived in the same second; the others over four years.
            var arrived = i % 3 == 0 ? Town.Clock.Now.AddDays(-30) : Town.Clock.Now.AddDays(-35 * i);
            await Town.FileAsync(Town.Letter((i % 2 == 0 ? "路灯，路灯。" : "") + Town.Streetlight) with { Arrived = arrived });
        }

        await Town.CarryOnAsync();
        var found = new List<FoundLetter>();
        string? next = null;
        var pages = 0;
        do
        {
            var (page, refusal) = await SearchAsync(new LetterQuestion("路灯", Order: order, After: next));
            Assert.Null(refusal);
            found.AddRange(page!.Letters);
            next = page.Next;
            pages++;
        }
        while (next is not null && pages < 10);
        Assert.Equal((3, letters), (pages, found.Select(letter => letter.Number).Distinct().Count()));
        if (order == SearchOrder.Newest) Assert.Equal(found.Select(letter => letter.Arrived).OrderDescending(), found.Select(letter => letter.Arrived));
        foreach (var wrong in new[] { "", "x", "1", "9.9", "-1.5", "0.x", "0.99999999999999999999999" })
            Assert.Equal(LetterSearch.PageSize, (await SearchAsync(new LetterQuestion("路灯", Order: order, After: wrong))).Page!.Letters.Count);
    }

    [Fact]
    public async Task A_second_that_is_full_goes_on_in_the_next()
    {
        await Town.AssignAsync();
        var slot = Town.Clock.Now.ToUnixTimeSeconds() * 1024;
        Assert.Equal(slot, await Town.CountAsync("SELECT slot FROM letter_search"));
        await Town.ExecuteAsync("UPDATE letter_search SET slot = slot + 1023");
        if (Town.Store.Engine != "postgres") await Town.ExecuteAsync("UPDATE letter_search_words SET rowid = rowid + 1023");
        await Town.AssignAsync();
        Assert.Equal(slot + 1024, await Town.CountAsync("SELECT MAX(slot) FROM letter_search"));
        Assert.Equal(2, (await FoundAsync("路灯")).Count);
    }

    [Fact]
    public async Task Snippets_show_the_words_marked_and_nothing_but_the_twin()
    {
        var before = string.Concat(Enumerable.Repeat("这里先说一些别的事情。", 30));
        await Town.AssignAsync(Town.Letter(before + "联系电话13812345678，<b>玉兰路</b>的ＷｉＦｉ和路灯都坏了，路灯不亮。" + Town.Streetlight + before) with { Title = "路灯<script>" });
        var letter = Assert.Single((await SearchAsync(new LetterQuestion("wifi 路灯"))).Page!.Letters);
        Assert.Equal("路灯<script>", letter.Title.Text);
        Assert.Equal(["路灯"], letter.Title.Pieces.Where(piece => piece.Marked).Select(piece => piece.Text));
        Assert.Contains("ＷｉＦｉ", letter.Text.Pieces.Where(piece => piece.Marked).Select(piece => piece.Text));
        Assert.Contains("路灯", letter.Text.Pieces.Where(piece => piece.Marked).Select(piece => piece.Text));
        Assert.Equal(letter.Text.Text, string.Concat(letter.Text.Pieces.Select(piece => piece.Text)));
        Assert.DoesNotContain("13812345678", letter.Text.Text, StringComparison.Ordinal);
        Assert.InRange(letter.Text.Text.Length, 80, 110);
    }

    [Theory]
    [InlineData("NOT 路灯")]
    [InlineData("路灯 OR 水管")]
    [InlineData("tokens:路灯")]
    [InlineData("facets:urban")]
    [InlineData("d:urban")]
    [InlineData("***")]
    [InlineData("\"")]
    [InlineData("😀")]
    [InlineData("\uE000路灯门")]
    public async Task Operators_and_facets_are_only_words(string words)
    {
        await Town.AssignAsync();
        Assert.Single(await FoundAsync("路灯"));
        Assert.Empty(await FoundAsync(words));
    }

    [Theory]
    [InlineData("", Refusal.Empty)]
    [InlineData("  ", Refusal.Empty)]
    [InlineData("a\0b", Refusal.NullCharacter)]
    public async Task What_is_no_text_is_refused(string words, Refusal refusal) =>
        Assert.Equal(refusal, (await SearchAsync(new LetterQuestion(words))).Refusal);

    [Fact]
    public async Task Half_a_character_is_refused() => Assert.Equal(Refusal.LoneSurrogate, (await SearchAsync(new LetterQuestion("\ud800路灯"))).Refusal);

    [Fact]
    public async Task No_string_of_signs_and_operators_is_an_error_in_letters_or_in_a_search()
    {
        string[] parts = ["路灯", "\"", "'", "(", ")", "*", "^", ":", "-", "+", " AND ", " NOT ", "NEAR(", "{", "}", ",", "\\", "%", "&", "|", "!", "<->", "𠮷野家", "😀", "a", "１", "\n", "é", "e\u0301", "ก็", "\uE000", "\u00A0", "\u200B", "½", "ﷺ", new string('x', 80), "C++", "3.14%"];
        var random = new Random(Seed);
        string Next() => string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
        for (var i = 0; i < 40; i++) await Town.FileAsync(Town.Letter(Town.Streetlight + Next()) with { Title = "灯" + Next() });
        await Town.CarryOnAsync();
        for (var i = 0; i < 150; i++)
        {
            var words = "路灯" + Next();
            try
            {
                Assert.Null((await SearchAsync(new LetterQuestion(words, Order: i % 2 == 0 ? SearchOrder.Best : SearchOrder.Newest))).Refusal is Refusal.TooLong or null ? null : "refused");
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Seed}, round {i}: \"{words}\" gave {error.Message}");
            }
        }

        Assert.Equal(40, await RowsAsync());
        Assert.Equal((0, 0, 0), (await RebuildAsync()) is var step ? (step.Added, step.Changed, step.Removed) : default);
    }

    [Fact]
    public async Task The_index_is_made_again_from_nothing_and_goes_on_after_an_interruption()
    {
        const int letters = 25;
        for (var i = 0; i < letters; i++) await Town.FileAsync(Town.Letter() with { Arrived = Town.Clock.Now.AddDays(-i) });
        await Town.CarryOnAsync();
        await Town.ExecuteAsync("DELETE FROM letter_search");
        Assert.Empty(await FoundAsync("路灯"));
        Assert.Contains((await Town.Get<Doctor>().ExamineAsync(None)).Findings, finding => finding.StartsWith("25 letters are missing", StringComparison.Ordinal));
        var rebuild = Town.Get<RebuildLetterSearch>();
        var first = await rebuild.HandleAsync(null, 10, None);
        Assert.Equal((10, 10, 0, 0), (first.Looked, first.Added, first.Changed, first.Removed));
        // A letter that arrives between is found at once, and stands once.
        var between = await Town.AssignAsync();
        using (var stopped = new CancellationTokenSource())
        {
            await stopped.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rebuild.HandleAsync(first.Cursor, 10, stopped.Token));
        }

        Assert.Equal(11, await RowsAsync());
        Assert.Contains(between.Number, await FoundAsync("路灯"));
        var second = await rebuild.HandleAsync(first.Cursor, 10, None);
        Assert.Equal(10, second.Added);
        var third = await rebuild.HandleAsync(second.Cursor, 10, None);
        Assert.Equal((6, 5, null), (third.Looked, third.Added, third.Cursor));
        Assert.Equal(letters + 1, await RowsAsync());
        Assert.Empty((await Town.Get<Doctor>().ExamineAsync(None)).Findings);
        // What is right is left alone; what is wrong is mended.
        Assert.Equal(0, (await RebuildAsync()).Changed);
        await (Town.Store.Engine == "postgres"
            ? Town.ExecuteAsync("UPDATE letter_search SET tokens = array_to_tsvector(ARRAY['错'])")
            : Town.ExecuteAsync("UPDATE letter_search_words SET tokens = '错'"));
        Assert.Empty(await FoundAsync("路灯"));
        Assert.Equal(letters + 1, (await RebuildAsync()).Changed);
        Assert.Equal(LetterSearch.PageSize, (await FoundAsync("路灯")).Count);
    }

    private static HashSet<string> Ids(params Filed[] letters) => [.. letters.Select(letter => letter.Number)];

    private Task<long> RowsAsync() => Town.Store.Engine == "postgres"
        ? Town.CountAsync("SELECT COUNT(*) FROM letter_search")
        : Town.CountAsync("SELECT MAX((SELECT COUNT(*) FROM letter_search), (SELECT COUNT(*) FROM letter_search_words))");

    private Task<RebuildStep> RebuildAsync() => Town.Get<RebuildLetterSearch>().HandleAsync(null, 1_000, None);

    private async Task<IReadOnlyList<string>> FoundAsync(LetterQuestion question, string who = "urban-1")
    {
        var (page, refusal) = await SearchAsync(question, who);
        Assert.Null(refusal);
        return [.. page!.Letters.Select(letter => letter.Number)];
    }

    private Task<IReadOnlyList<string>> FoundAsync(string words, string who = "urban-1") => FoundAsync(new LetterQuestion(words), who);

    private async Task<(FoundPage? Page, Refusal? Refusal)> SearchAsync(LetterQuestion question, string who = "urban-1") =>
        await Town.Get<LetterSearch>().HandleAsync(await Town.StaffAsync(who), question, None);
}
