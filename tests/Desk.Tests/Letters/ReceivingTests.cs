using System.Data.Common;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Letters;

public abstract class ReceivingTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task A_receipt_finds_its_letter_and_nothing_else_does()
    {
        var mine = await Town.FileAsync();
        var other = await Town.FileAsync();
        var follow = Town.Get<FollowLetter>();
        Assert.Equal(mine.Id, await follow.FindAsync(mine.Receipt.Code.Shown, None));
        Assert.Equal(other.Id, await follow.FindAsync(other.Receipt.Code.Text.ToLowerInvariant(), None));
        Assert.Null(await follow.FindAsync(mine.Number, None));
        Assert.Null(await follow.FindAsync(mine.Id, None));
        foreach (var wrong in new[] { null, "", "0", new string('0', 26), mine.Receipt.Code.Text[..25], mine.Receipt.Code.Text + "0", "' OR 1=1 --", "\ud800" })
            Assert.Null(await follow.FindAsync(wrong, None));
    }

    [Fact]
    public async Task A_letter_that_has_a_receipt_is_received_and_unread()
    {
        var filed = await Town.FileAsync(Town.Letter() with { Title = "路灯", Contact = Someone, Publish = true, District = "river" });
        Assert.False(filed.Receipt.Repeated);
        var letter = await Town.FollowAsync(filed);
        Assert.Equal(LetterStage.Received, letter.Stage);
        Assert.Null(letter.Body);
        Assert.True(letter.HasContact);
        Assert.True(letter.Publish);
        Assert.Equal([HistoryKind.Received], await Town.HistoryAsync(filed));
        Assert.Equal("river", await Town.TextAsync("SELECT district FROM letters WHERE id = @id", ("id", filed.Id)));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM letters WHERE title IS NOT NULL OR body IS NOT NULL OR subject IS NOT NULL"));
    }

    [Fact]
    public async Task A_letter_is_not_published_unless_its_writer_chose_so()
    {
        var filed = await Town.FileAsync();
        Assert.False((await Town.FollowAsync(filed)).Publish);
    }

    [Fact]
    public async Task A_repeat_delivery_gets_the_same_receipt_and_stores_nothing()
    {
        var letter = Town.Letter() with { Contact = Someone };
        var first = await Town.Get<ReceiveLetter>().HandleAsync(letter, None);
        var again = await Town.Get<ReceiveLetter>().HandleAsync(letter with { Body = "另一段文字", Contact = null, Arrived = Town.Clock.Now.AddDays(3) }, None);
        Assert.Equal(first.Code, again.Code);
        Assert.True(again.Repeated);
        Assert.Equal((1, 1, 1, 1, 1), await StoredAsync());
    }

    [Fact]
    public async Task Twenty_deliveries_of_one_key_at_once_make_one_letter_with_one_receipt()
    {
        var letter = Town.Letter() with { Contact = Someone };
        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Town.Get<ReceiveLetter>().HandleAsync(letter, None))));
        Assert.Equal(20, receipts.Length);
        Assert.Single(receipts.Select(receipt => receipt.Code).Distinct());
        Assert.Single(receipts, receipt => !receipt.Repeated);
        Assert.Equal((1, 1, 1, 1, 1), await StoredAsync());
    }

    [Fact]
    public async Task Letters_that_arrive_one_by_one_at_the_same_time_get_each_its_own_receipt()
    {
        var letters = Enumerable.Range(0, 300).Select(i => Town.Letter() with { Title = $"第{i}封", Contact = i % 2 == 0 ? Someone : null }).ToList();
        var receipts = await Task.WhenAll(letters.Select(letter => Task.Run(() => Town.Get<ReceiveLetter>().HandleAsync(letter, None))));
        Assert.Equal(300, receipts.Select(receipt => receipt.Code).Distinct().Count());
        Assert.DoesNotContain(receipts, receipt => receipt.Repeated);
        Assert.Equal((300, 300, 300, 150, 300), await StoredAsync());
        await Town.CarryOnAsync();
        foreach (var i in new[] { 0, 1, 150, 299 })
        {
            var id = await Town.Get<FollowLetter>().FindAsync(receipts[i].Code.Text, None);
            Assert.Equal(letters[i].Title, (await Town.Get<FollowLetter>().ReadAsync(id!, None))!.Title);
        }
    }

    [Fact]
    public async Task One_bad_letter_among_those_that_arrive_at_the_same_time_fails_alone()
    {
        var letters = Enumerable.Range(0, 60).Select(i => Town.Letter() with { District = i % 20 == 7 ? "moon" : null }).ToList();
        var tried = await Task.WhenAll(letters.Select(letter => Task.Run(async () =>
        {
            try
            {
                return await Town.Get<ReceiveLetter>().HandleAsync(letter, None);
            }
            catch (DbException)
            {
                return null;
            }
        })));
        Assert.Equal([7, 27, 47], Enumerable.Range(0, 60).Where(i => tried[i] is null));
        Assert.Equal((57, 57, 57, 0, 57), await StoredAsync());
        Assert.False((await Town.FileAsync()).Receipt.Repeated);
    }

    [Fact]
    public async Task The_same_key_on_another_channel_is_another_letter()
    {
        var letter = Town.Letter();
        var receipts = new List<Receipt>();
        foreach (var channel in Enum.GetValues<Channel>()) receipts.Add(await Town.Get<ReceiveLetter>().HandleAsync(letter with { Channel = channel }, None));
        Assert.Equal(7, receipts.Select(receipt => receipt.Code).Distinct().Count());
        Assert.Equal(7, await Town.CountAsync("SELECT COUNT(DISTINCT channel) FROM letters"));
    }

    [Fact]
    public async Task A_key_repeated_within_one_batch_makes_one_letter()
    {
        var letter = Town.Letter();
        var receipts = await Town.Get<ReceiveLetter>().HandleAsync([letter, Town.Letter(), letter], None);
        Assert.Equal([false, false, true], receipts.Select(receipt => receipt.Repeated));
        Assert.Equal(receipts[0].Code, receipts[2].Code);
        Assert.Equal(2, await Town.CountAsync("SELECT COUNT(*) FROM letters"));
    }

    public static TheoryData<string, TextProblem> BadTexts => new()
    {
        { "", TextProblem.Empty }, { " \t\r\n\u3000", TextProblem.Empty }, { new string('长', LetterText.BodyLimit + 1), TextProblem.TooLong },
        { "前\0后", TextProblem.NullCharacter }, { "前\ud83d后", TextProblem.LoneSurrogate }, { "前\ude00后", TextProblem.LoneSurrogate }, { "尾\ud83d", TextProblem.LoneSurrogate },
    };

    [Theory]
    [MemberData(nameof(BadTexts), DisableDiscoveryEnumeration = true)]
    public async Task A_text_that_cannot_be_taken_is_refused_and_nothing_is_stored(string body, TextProblem problem)
    {
        var letter = Town.Letter() with { Body = body, Contact = Someone };
        var refused = await Assert.ThrowsAsync<LetterRefusedException>(() => Town.Get<ReceiveLetter>().HandleAsync(letter, None));
        Assert.Equal(problem, refused.Problem);
        Assert.Equal((0, 0, 0, 0, 0), await StoredAsync());
    }

    [Fact]
    public async Task Titles_places_keys_and_contacts_are_checked_like_the_text()
    {
        var letter = Town.Letter();
        var longTitle = new string('长', LetterText.TitleLimit + 1);
        IncomingLetter[] bad =
        [
            letter with { Title = "\0" }, letter with { Title = longTitle }, letter with { Place = "\ud800" }, letter with { Place = longTitle },
            letter with { ChannelKey = "" }, letter with { ChannelKey = "a\0" }, letter with { ChannelKey = "\ud800" },
            letter with { Contact = new Contact("a\0", null, null) }, letter with { Contact = new Contact(null, "\ud800", null) }, letter with { Contact = new Contact(null, null, longTitle) },
        ];
        foreach (var one in bad) await Assert.ThrowsAsync<LetterRefusedException>(() => Town.Get<ReceiveLetter>().HandleAsync(one, None));
        Assert.Equal((0, 0, 0, 0, 0), await StoredAsync());
    }

    [Fact]
    public async Task The_longest_text_a_surrogate_pair_and_an_empty_contact_are_taken()
    {
        var filed = await Town.AssignAsync(Town.Letter(new string('长', LetterText.BodyLimit - 2) + "😀") with { Contact = new Contact("", " ", null) });
        var letter = await Town.FollowAsync(filed);
        Assert.Equal(LetterStage.Open, letter.Stage);
        Assert.EndsWith("😀", letter.Body, StringComparison.Ordinal);
        Assert.False(letter.HasContact);
    }

    [Fact]
    public async Task One_bad_letter_leaves_its_whole_batch_unstored()
    {
        await Assert.ThrowsAsync<LetterRefusedException>(() => Town.Get<ReceiveLetter>().HandleAsync([Town.Letter(), Town.Letter(""), Town.Letter()], None));
        Assert.Equal((0, 0, 0, 0, 0), await StoredAsync());
    }

    [Theory]
    [InlineData("moon", null)]
    [InlineData(null, "moon")]
    public async Task A_district_or_department_the_office_does_not_have_stores_nothing(string? district, string? about)
    {
        var letter = Town.Letter() with { District = district, AboutDepartment = about };
        await Assert.ThrowsAnyAsync<DbException>(() => Town.Get<ReceiveLetter>().HandleAsync(letter, None));
        Assert.Equal((0, 0, 0, 0, 0), await StoredAsync());
    }

    [Fact]
    public async Task A_call_that_was_given_up_stores_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Town.Get<ReceiveLetter>().HandleAsync(Town.Letter(), new CancellationToken(canceled: true)));
        Assert.Equal((0, 0, 0, 0, 0), await StoredAsync());
        Assert.False((await Town.FileAsync()).Receipt.Repeated);
    }

    private async Task<(long Letters, long Keys, long Texts, long Contacts, long Events)> StoredAsync() => (
        await Town.CountAsync("SELECT COUNT(*) FROM letters"), await Town.CountAsync("SELECT COUNT(*) FROM channel_keys"), await Town.CountAsync("SELECT COUNT(*) FROM sealed_texts"),
        await Town.CountAsync("SELECT COUNT(*) FROM sealed_contacts"), await Town.CountAsync("SELECT COUNT(*) FROM matter_events"));
}
