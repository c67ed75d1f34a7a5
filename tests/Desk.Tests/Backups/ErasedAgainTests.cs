using Opinion.Desk.Answers;
using Opinion.Desk.Letters;
using Opinion.Desk.Retention;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Backups;

/// <summary>The fault "backup restored": what was erased since is erased again, also when the old store is lost.</summary>
public abstract class ErasedAgainTests(TestEngine engine) : BackupSuite(engine)
{
    private const string Withdrawn = "金丝雀甲写的：路灯坏了，路灯不亮。";
    private const string Ended = "金丝雀乙写的：路灯坏了，路灯不亮。";
    private const string Kept = "金丝雀丙写的：路灯坏了，路灯不亮。";

    [Fact]
    public async Task What_was_erased_after_a_backup_is_gone_from_the_restored_office_and_its_files()
    {
        // Withdrawn before its matter and after it, ended by retention, taken back from the public, and left alone.
        var kept = await Town.AssignAsync(Town.Letter(Kept) with { Contact = Someone });
        var ended = await PublishedAsync(Town.Letter(Ended) with { Contact = Someone });
        Assert.Single((await Town.Get<PublishedAnswers>().SearchAsync("路灯", null, 0, None)).Answers);
        var waiting = await Town.FileAsync(Town.Letter(Withdrawn) with { Contact = Someone });
        Assert.Equal(1, await Town.Get<RedactLetters>().HandleAsync(10, None));
        var backup = await BackUpAsync();

        var later = await Town.FileAsync(Town.Letter() with { Contact = Someone });
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(later.Id, None));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(waiting.Id, None));
        Assert.Null(await Town.Get<ChoosePublication>().HandleAsync(ended.Id, false, None));
        Town.Clock.Advance(TimeSpan.FromDays(60));
        Assert.Equal(1, await Town.Get<EndContacts>().HandleAsync(None));
        Town.Clock.Now = Town.Clock.Now.AddMonths(36);
        Assert.Equal(1, await Town.Get<EndTexts>().HandleAsync(None));
        var journal = Fresh("kept-journal.log");
        File.Copy(Journal, journal);

        var restored = await RestoreAsync(backup, Fresh("office"), journal);
        Assert.Equal(4, restored.Erased);
        await using var again = await OpenAgainAsync(Fresh("office"));
        Assert.Equal(1, await again.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
        Assert.Equal(1, await again.CountAsync("SELECT COUNT(*) FROM sealed_texts"));
        Assert.Equal(Kept, (await again.FollowAsync(kept)).Body);
        Assert.Equal("", (await again.FollowAsync(ended)).Body);
        Assert.Equal("withdrawn", await again.TextAsync("SELECT state FROM letters WHERE id = @id", ("id", waiting.Id)));
        Assert.Empty((await again.Get<PublishedAnswers>().SearchAsync("路灯", null, 0, None)).Answers);
        Assert.Equal(0, await again.CountAsync("SELECT COUNT(*) FROM published_search"));
        Assert.True(await StoreBytes.HoldAsync(again, Engine, "金丝雀丙"), "the search must be able to find what is there");
        Assert.False(await StoreBytes.HoldAsync(again, Engine, "金丝雀甲"));
        Assert.False(await StoreBytes.HoldAsync(again, Engine, "金丝雀乙"));
        Assert.DoesNotContain((await again.Get<Doctor>().ExamineAsync(all: true, None)).Findings, finding => !finding.StartsWith("The calendar", StringComparison.Ordinal));
        // The new office's journal goes on from the old one's.
        Assert.Equal(File.ReadAllLines(journal).Order(StringComparer.Ordinal), File.ReadAllLines(ErasureJournal.PathIn(Fresh("office"))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_journal_in_a_later_backup_serves_an_earlier_one()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var early = await BackUpAsync();
        Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(filed.Id, None));
        var late = await BackUpAsync("late");
        Assert.Equal(2, (await RestoreAsync(early, Fresh("office"), Path.Combine(late, "erasures.log"))).Erased);
        await using var again = await OpenAgainAsync(Fresh("office"));
        Assert.Equal(0, await again.CountAsync("SELECT (SELECT COUNT(*) FROM sealed_contacts) + (SELECT COUNT(*) FROM sealed_texts)"));
        // The late one knows them already.
        Assert.Equal(0, (await RestoreAsync(late, Fresh("other"), Journal)).Erased);
    }

    [Fact]
    public async Task A_publication_agreed_to_again_before_the_backup_stays()
    {
        var filed = await PublishedAsync(Town.Letter());
        Assert.Null(await Town.Get<ChoosePublication>().HandleAsync(filed.Id, false, None));
        Assert.Null(await Town.Get<ChoosePublication>().HandleAsync(filed.Id, true, None));
        Assert.Equal(0, (await RestoreAsync(await BackUpAsync(), Fresh("office"), Journal)).Erased);
        await using var again = await OpenAgainAsync(Fresh("office"));
        Assert.Equal(1, await again.CountAsync("SELECT publish FROM letters"));
    }

    private async Task<Filed> PublishedAsync(IncomingLetter letter)
    {
        var filed = await Town.AnswerAsync(letter with { Publish = true });
        var editor = await Town.StaffAsync("editor-1");
        var review = Town.Get<ReviewAnswers>();
        var waiting = await review.ListAsync(editor, None);
        Assert.Null(await review.PublishAsync(editor, waiting[0].AnswerId, "路灯", letter.Body, "路灯已修复。", None));
        return filed;
    }
}
