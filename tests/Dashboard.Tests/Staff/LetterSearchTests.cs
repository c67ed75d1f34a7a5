using Opinion.Dashboard.Tests.Fixture;

namespace Opinion.Dashboard.Tests.Staff;

/// <summary>The page on which an officer searches the own department's letters.</summary>
[Collection(OfficeCollection.Name)]
public sealed class LetterSearchTests(SharedOffice office)
{
    private const string Words = "白鹭巷路口";

    private RunningDesk Desk => office.Desk;

    [Fact]
    public async Task A_letter_is_found_with_its_words_marked_and_its_signs_encoded()
    {
        var letter = await Desk.SendAsync(Words + "的<script>alert(1)</script>护栏歪了。" + RunningDesk.Streetlight);
        var officer = await office.AsAsync("urban-1");
        var form = await officer.GetAsync("/staff/search");
        var before = await SearchesAsync();
        var page = await officer.SubmitOnlyAsync(form, "form[role=search]", ("q", "白鹭 护栏"));
        Assert.Equal(200, page.Status);
        var found = Assert.Single(page.Document.QuerySelectorAll("ul.cards li"));
        Assert.Equal("/staff/matter/" + letter.Number, found.QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains("护栏", found.QuerySelectorAll("mark").Select(mark => mark.TextContent));
        Assert.Contains("<script>alert(1)</script>", found.QuerySelector("p")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(found.QuerySelectorAll("script"));
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Equal("白鹭 护栏", page.Document.QuerySelector("input[name=q]")!.GetAttribute("value"));
        Assert.Equal(before + 1, await SearchesAsync());
        Assert.Equal(200, (await officer.OpenAsync("/staff/matter/" + letter.Number)).Status);
        // Another department's officer finds nothing.
        var other = await office.AsAsync("housing-duty");
        var none = await other.SubmitOnlyAsync(await other.GetAsync("/staff/search"), "form[role=search]", ("q", "白鹭 护栏"));
        Assert.Equal((200, 0, 1), (none.Status, none.Document.QuerySelectorAll("ul.cards li").Length, none.Document.QuerySelectorAll("p.empty").Length));
    }

    [Fact]
    public async Task Words_in_an_address_are_not_searched_for_and_filters_are_kept()
    {
        await Desk.SendAsync(Words + "，灯也不亮。" + RunningDesk.Streetlight);
        var officer = await office.AsAsync("urban-1");
        var before = await SearchesAsync();
        var page = await officer.GetAsync("/staff/search?q=路灯&subject=urban&state=open&from=2026-11-01&order=Best");
        Assert.Equal((200, 0, ""), (page.Status, page.Document.QuerySelectorAll("ul.cards li").Length, page.Document.QuerySelector("input[name=q]")!.GetAttribute("value") ?? ""));
        Assert.Equal(before, await SearchesAsync());
        var found = await officer.SubmitOnlyAsync(page, "form[role=search]", ("q", "路灯"));
        Assert.NotEmpty(found.Document.QuerySelectorAll("ul.cards li"));
        var (_, fields) = Browser.Fill(found, "form[role=search]");
        Assert.Contains(("subject", "urban"), fields);
        Assert.Contains(("state", "open"), fields);
        Assert.Contains(("from", "2026-11-01"), fields);
        Assert.Contains(("order", "Best"), fields);
        var later = await officer.SubmitOnlyAsync(page, "form[role=search]", ("q", "路灯"), ("from", "2026-12-01"));
        Assert.Empty(later.Document.QuerySelectorAll("ul.cards li"));
    }

    [Fact]
    public async Task Personal_data_is_left_out_of_a_search_and_said_to_be()
    {
        var officer = await office.AsAsync("urban-1");
        var page = await officer.SubmitOnlyAsync(await officer.GetAsync("/staff/search"), "form[role=search]", ("q", "13812345678"));
        Assert.Equal((200, 0), (page.Status, page.Document.QuerySelectorAll("ul.cards li").Length));
        Assert.Contains("姓名、号码和地址不作为查找的词，已去掉。", page.Texts("p.notice"));
        using var english = (await Desk.SignInAsync("urban-1")).InEnglish();
        page = await english.SubmitOnlyAsync(await english.GetAsync("/staff/search"), "form[role=search]", ("q", "13812345678"));
        Assert.Contains("Names, numbers and addresses are not searched for; they were left out.", page.Texts("p.notice"));
    }

    [Theory]
    [InlineData("   ", "", 400)]
    [InlineData("路灯", "not-a-day", 200)]
    [InlineData("路灯", "0001-01-01", 200)]
    [InlineData("路灯", "9999-12-31", 200)]
    public async Task Bad_input_is_no_error_of_the_program(string words, string from, int status)
    {
        var officer = await office.AsAsync("urban-1");
        var page = await officer.SubmitOnlyAsync(await officer.GetAsync("/staff/search"), "form[role=search]", ("q", words), ("from", from), ("to", from));
        Assert.Equal(status, page.Status);
    }

    private Task<long> SearchesAsync() => Desk.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'searched'");
}
