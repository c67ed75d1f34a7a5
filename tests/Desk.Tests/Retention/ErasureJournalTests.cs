using Opinion.Desk.Letters;
using Opinion.Desk.Retention;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Retention;

public abstract class ErasureJournalTests(TestEngine engine) : DeskSuite(engine)
{
    private string Journal => ErasureJournal.PathIn(Town.Desk.DataFolder);

    [Fact]
    public async Task Table_and_file_say_the_same_and_nothing_of_what_was_erased()
    {
        var first = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var second = await Town.AnswerAsync(Town.Letter() with { Contact = Someone, Publish = true });
        Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(first.Id, None));
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(first.Id, None));
        Assert.Null(await Town.Get<ChoosePublication>().HandleAsync(second.Id, false, None));
        Town.Clock.Advance(TimeSpan.FromDays(60));
        Assert.Equal(1, await Town.Get<EndContacts>().HandleAsync(None));
        var file = ErasureJournal.ReadFile(Journal, await OfficeAsync());
        Assert.Equal(
            [(first.Id, ErasedPart.Contact), (first.Id, ErasedPart.Original), (first.Id, ErasedPart.Withdrawn), (second.Id, ErasedPart.Publication), (second.Id, ErasedPart.Contact)],
            file.Select(erasure => (erasure.LetterId, erasure.What)));
        Assert.Equal(file, await Town.QueryAsync("SELECT letter_id, what, at FROM erasures ORDER BY id",
            row => new Erasure(row.GetString(0), Enum.Parse<ErasedPart>(row.GetString(1), ignoreCase: true), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))));
        var text = await File.ReadAllTextAsync(Journal);
        foreach (var canary in new[] { Someone.Name!, Someone.Phone!, Someone.Email!, first.Number, first.Receipt.Code.Text }) Assert.DoesNotContain(canary, text, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The desk's tests run on Linux.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Journal));
    }

    [Fact]
    public async Task Where_the_journal_cannot_be_written_nothing_is_erased()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        Directory.CreateDirectory(Journal);
        await Assert.ThrowsAsync<StoreException>(() => Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
        Assert.Equal("assigned", await Town.TextAsync("SELECT state FROM letters"));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM erasures"));
        Directory.Delete(Journal);
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
    }

    [Fact]
    public async Task A_line_cut_short_by_a_crash_is_passed_over_and_the_next_begins_anew()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(filed.Id, None));
        await File.AppendAllTextAsync(Journal, "2026-11-16T02:00:00.000Z withd");
        Assert.Equal(2, ErasureJournal.ReadFile(Journal, await OfficeAsync()).Count);
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.Equal(3, ErasureJournal.ReadFile(Journal, await OfficeAsync()).Count);
    }

    [Fact]
    public async Task A_broken_line_and_another_offices_journal_are_named()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(filed.Id, None));
        Assert.Contains("another office", Assert.Throws<StoreException>(() => ErasureJournal.ReadFile(Journal, "other")).Message, StringComparison.Ordinal);
        await File.AppendAllTextAsync(Journal, "2026-11-16T02:00:00.000Z everything a\n");
        var office = await OfficeAsync();
        Assert.Contains("line 4", Assert.Throws<StoreException>(() => ErasureJournal.ReadFile(Journal, office)).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Journal, "");
        Assert.Contains("line 1", Assert.Throws<StoreException>(() => ErasureJournal.ReadFile(Journal, office)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_erase_at_once_each_have_their_line()
    {
        var filed = new List<Filed>();
        for (var i = 0; i < 12; i++) filed.Add(await Town.FileAsync());
        await Town.CarryOnAsync();
        await Task.WhenAll(filed.Select(letter => Task.Run(() => Town.Get<WithdrawLetter>().HandleAsync(letter.Id, None))));
        Assert.Equal(12, ErasureJournal.ReadFile(Journal, await OfficeAsync()).Select(erasure => erasure.LetterId).Distinct().Count());
        Assert.Equal(12, await Town.CountAsync("SELECT COUNT(*) FROM erasures"));
    }

    private async Task<string> OfficeAsync() => (await Town.TextAsync("SELECT value FROM office_settings WHERE name = 'installation-id'"))!;
}
