using Opinion.Desk.Answers;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Retention;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Retention;

/// <summary>What is erased is gone from the bytes of the store's files as well: SQLite's file and log, PostgreSQL's heaps and indexes.</summary>
public abstract class ErasedBytesTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task Texts_past_their_time_are_in_no_file_of_the_store()
    {
        var letter = await Town.AssignAsync(Town.Letter("金丝雀丁写的：" + Town.Streetlight) with { Contact = Someone });
        Assert.Null(await Town.Get<AddToLetter>().HandleAsync(letter.Id, "补充：金丝雀丁还在。", None));
        // Neighbours on the same pages stay and must not keep it.
        for (var i = 0; i < 5; i++) await Town.AssignAsync();
        var officer = await Town.StaffAsync("urban-1");
        Assert.Null(await Town.Get<AnswerMatter>().HandleAsync(officer, letter.Number, Disposition.Solved, "金丝雀丁：路灯已修复。", None));
        Assert.True(await HoldsAsync("金丝雀丁"));
        Town.Clock.Now = Town.Clock.Now.AddMonths(37);
        Assert.Equal(1, await Town.Get<EndContacts>().HandleAsync(None));
        Assert.Equal(1, await Town.Get<EndTexts>().HandleAsync(None));
        Assert.Equal(6, await Town.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.False(await HoldsAsync("金丝雀丁"));
    }

    [Fact]
    public async Task The_sealed_boxes_of_a_withdrawn_letter_are_in_no_file_of_the_store()
    {
        var letter = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        for (var i = 0; i < 5; i++) await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var boxes = await Town.QueryAsync("SELECT sealed FROM sealed_texts WHERE letter_id = @id UNION ALL SELECT sealed FROM sealed_contacts WHERE letter_id = @id", row => row.GetFieldValue<byte[]>(0), ("id", letter.Id));
        Assert.Equal(2, boxes.Count);
        foreach (var box in boxes) Assert.Contains(await Engine.FilesAsync(Town), file => StoreBytes.Hold(file, box));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(letter.Id, None));
        // What the host does every minute.
        await Town.Store.ForgetDueAsync(None);
        foreach (var box in boxes) Assert.DoesNotContain(await Engine.FilesAsync(Town), file => StoreBytes.Hold(file, box));
    }

    [Fact]
    public async Task A_publication_taken_back_is_in_no_file_of_the_store()
    {
        var filed = await Town.AnswerAsync(Town.Letter() with { Publish = true });
        var (editor, review) = (await Town.StaffAsync("editor-1"), Town.Get<ReviewAnswers>());
        var waiting = Assert.Single(await review.ListAsync(editor, None));
        Assert.Null(await review.PublishAsync(editor, waiting.AnswerId, "路灯", "路灯坏了", "canarylamp 已换好。", None));
        Assert.True(await HoldsAsync("canarylamp"));
        Assert.Single((await Town.Get<PublishedAnswers>().SearchAsync("canarylamp", null, 0, None)).Answers);
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.Empty((await Town.Get<PublishedAnswers>().SearchAsync("canarylamp", null, 0, None)).Answers);
        await Town.Store.ForgetDueAsync(None);
        Assert.False(await HoldsAsync("canarylamp"));
    }

    private Task<bool> HoldsAsync(string text) => StoreBytes.HoldAsync(Town, Engine, text);
}
