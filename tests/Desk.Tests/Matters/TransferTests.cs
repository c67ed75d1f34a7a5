using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Matters;

public abstract class TransferTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task A_transfer_is_counted_and_the_writer_reads_where_and_why()
    {
        var filed = await TransferredAsync();
        var letter = await Town.FollowAsync(filed);
        Assert.Equal("water", letter.Department);
        var entry = letter.History[^1].Entry;
        Assert.Equal((HistoryKind.Transferred, "urban", "water", "属水务管辖"), (entry.Kind, entry.Department, entry.Detail, entry.Text));
        Assert.Equal(new DateOnly(2026, 11, 23), letter.Deadline);
        Assert.Equal(Town.Clock.Now.AddHours(24), letter.HoldUntil);
        Assert.Null(await Town.Get<TransferMatter>().HandleAsync(await Town.StaffAsync("water-1"), filed.Number, "urban", "不属水务", None));
        var (view, _) = await Town.Get<ViewMatter>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, None);
        Assert.Equal(2, view!.Transfers);
    }

    [Fact]
    public async Task A_transfer_goes_to_another_department_of_the_office()
    {
        var filed = await Town.AssignAsync();
        var officer = await Town.StaffAsync("urban-1");
        var transfer = Town.Get<TransferMatter>();
        Assert.Equal(Refusal.SameDepartment, await transfer.HandleAsync(officer, filed.Number, "urban", "原因", None));
        foreach (var nowhere in new[] { null, "", "moon" }) Assert.Equal(Refusal.UnknownDepartment, await transfer.HandleAsync(officer, filed.Number, nowhere, "原因", None));
        Assert.Equal("urban", (await Town.FollowAsync(filed)).Department);
    }

    [Fact]
    public async Task A_transfer_never_goes_to_the_department_complained_about()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { AboutDepartment = "urban" });
        Assert.Equal(Refusal.ComplainedAbout, await Town.Get<TransferMatter>().HandleAsync(await Town.StaffAsync("supervision-1"), filed.Number, "urban", "原因", None));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Town.ExecuteAsync("UPDATE matters SET department = 'urban'"));
        Assert.Equal("supervision", (await Town.FollowAsync(filed)).Department);
    }

    [Fact]
    public async Task The_new_department_works_on_the_twin_but_opens_no_contact_before_the_waiting_time_is_over()
    {
        var filed = await TransferredAsync();
        var officer = await Town.StaffAsync("water-1");
        var (view, _) = await Town.Get<ViewMatter>().HandleAsync(officer, filed.Number, None);
        Assert.True(view!.OnHold);
        Assert.Equal(Refusal.ContactOnHold, await Casework.All["open"](Town, officer, filed.Number));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'original-opened'"));
        Town.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Refusal.ContactOnHold, await Casework.All["open"](Town, officer, filed.Number));
        Town.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await Casework.All["open"](Town, officer, filed.Number));
        Assert.Null((await Town.FollowAsync(filed)).HoldUntil);
    }

    [Fact]
    public async Task The_old_department_is_out_at_once()
    {
        var filed = await TransferredAsync();
        var officer = await Town.StaffAsync("urban-1");
        Assert.Equal(Refusal.OtherDepartment, await Casework.All["open"](Town, officer, filed.Number));
        Assert.Equal(Refusal.OtherDepartment, (await Town.Get<ViewMatter>().HandleAsync(officer, filed.Number, None)).Refusal);
    }

    [Fact]
    public async Task The_writer_releases_the_contact_sooner()
    {
        var filed = await TransferredAsync();
        Assert.Null(await Town.Get<ReleaseHold>().HandleAsync(filed.Id, None));
        Assert.Null(await Town.Get<ReleaseHold>().HandleAsync(filed.Id, None));
        Assert.Single(await Town.HistoryAsync(filed), kind => kind == HistoryKind.HoldReleased);
        Assert.Null(await Casework.All["open"](Town, await Town.StaffAsync("water-1"), filed.Number));
    }

    [Fact]
    public async Task The_writer_withdraws_first_and_the_new_department_finds_no_contact()
    {
        var filed = await TransferredAsync();
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(filed.Id, None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
        Town.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(Refusal.NotOpen, await Casework.All["open"](Town, await Town.StaffAsync("water-1"), filed.Number));
    }

    [Fact]
    public async Task The_writer_erases_only_the_contact_and_the_new_department_goes_on_without()
    {
        var filed = await TransferredAsync();
        Assert.Null(await Town.Get<WithdrawLetter>().EraseContactAsync(filed.Id, None));
        Town.Clock.Advance(TimeSpan.FromDays(2));
        var (original, refusal) = await Town.Get<OpenOriginal>().HandleAsync(await Town.StaffAsync("water-1"), filed.Number, "需要回电", None);
        Assert.Null(refusal);
        Assert.Null(original!.Contact);
        Assert.Empty(original.Texts);
        Assert.False((await Town.FollowAsync(filed)).HasContact);
    }

    [Fact]
    public async Task Danger_is_not_held_up_by_the_waiting_time()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Fire) with { Contact = Someone });
        Assert.Null(await Town.Get<TransferMatter>().HandleAsync(await Town.StaffAsync("intake-1"), filed.Number, "water", "速办", None));
        Assert.Null(await Casework.All["open"](Town, await Town.StaffAsync("water-1"), filed.Number));
    }

    private async Task<Filed> TransferredAsync()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        Assert.Null(await Casework.All["transfer"](Town, await Town.StaffAsync("urban-1"), filed.Number));
        return filed;
    }

    [Fact]
    public async Task The_new_department_cannot_talk_the_waiting_time_away_by_declaring_danger()
    {
        var filed = await TransferredAsync();
        var officer = await Town.StaffAsync("water-1");
        Assert.Null(await Town.Get<CorrectSubject>().HandleAsync(officer, filed.Number, "urban.streetlight.new", Analysis.Classification.Need.UrgentDanger, None));
        Assert.Equal(1, await Town.CountAsync("SELECT urgent FROM matters"));
        Assert.Equal(Refusal.ContactOnHold, await Casework.All["open"](Town, officer, filed.Number));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'original-opened'"));
    }

    [Fact]
    public async Task Danger_the_writer_speaks_of_after_the_transfer_lets_help_come_at_once()
    {
        var filed = await TransferredAsync();
        Assert.Null(await Town.Get<AddToLetter>().HandleAsync(filed.Id, Town.Fire, None));
        Assert.Null(await Casework.All["open"](Town, await Town.StaffAsync("water-1"), filed.Number));
    }
}
