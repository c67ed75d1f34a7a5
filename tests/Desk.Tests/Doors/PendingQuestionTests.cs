using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Doors;

public abstract class PendingQuestionTests(TestEngine engine) : DeskSuite(engine)
{
    private const string Writer = "oW7Q9X-canary-writer";

    private PendingQuestions Pending => Town.Get<PendingQuestions>();

    private PendingQuestion Question(string key, string text = "公积金怎么提取？") => new(key, text, Town.Clock.Now.ToUniversalTime());

    [Fact]
    public async Task A_writer_has_one_question_the_last_and_nobody_elses()
    {
        await PutAsync(Question("1"));
        await PutAsync(Question("2", "社保卡丢了怎么办？"));
        Assert.Equal(Question("2", "社保卡丢了怎么办？"), await FindAsync());
        Assert.Null(await Pending.FindAsync(Channel.OfficialAccount, "another", None));
        Assert.Null(await Pending.FindAsync(Channel.Mailbox, Writer, None));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM sealed_questions"));
    }

    [Fact]
    public async Task It_is_gone_after_two_days_to_the_minute_and_then_from_the_store()
    {
        await PutAsync(Question("1"));
        Town.Clock.Now += PendingQuestions.Kept - TimeSpan.FromMinutes(1);
        Assert.NotNull(await FindAsync());
        Assert.Equal(0, await Pending.EndAsync(None));
        Town.Clock.Now += TimeSpan.FromMinutes(1);
        Assert.Null(await FindAsync());
        Assert.Equal(1, await Pending.EndAsync(None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM sealed_questions"));
    }

    [Fact]
    public async Task Once_it_became_a_letter_its_words_are_gone_and_its_key_an_hour_later()
    {
        var question = Question("1");
        await PutAsync(question);
        await Pending.BecameLetterAsync(Channel.OfficialAccount, Writer, question, None);
        Assert.Equal(question with { Text = null }, await FindAsync());
        Town.Clock.Now += PendingQuestions.KeptAfter;
        Assert.Null(await FindAsync());
    }

    [Fact]
    public async Task A_question_asked_meanwhile_stays()
    {
        var first = Question("1");
        await PutAsync(first);
        await PutAsync(Question("2"));
        await Pending.BecameLetterAsync(Channel.OfficialAccount, Writer, first, None);
        Assert.Equal(Question("2"), await FindAsync());
    }

    [Fact]
    public async Task Neither_writer_nor_words_stand_in_the_store()
    {
        await PutAsync(Question("1"));
        var row = (await Town.QueryAsync("SELECT asked_by, sealed FROM sealed_questions", row => (By: row.GetFieldValue<byte[]>(0), Sealed: row.GetFieldValue<byte[]>(1))))[0];
        Assert.Equal(32, row.By.Length);
        Assert.Equal(-1, row.Sealed.AsSpan().IndexOf("公积金"u8));
        Assert.NotEqual(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Writer)), row.By);
    }

    private Task PutAsync(PendingQuestion question) => Pending.PutAsync(Channel.OfficialAccount, Writer, question, None);

    private Task<PendingQuestion?> FindAsync() => Pending.FindAsync(Channel.OfficialAccount, Writer, None);
}
