using System.Data.Common;
using Opinion.Desk.Audit;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Sealing;

public abstract class OpenOriginalTests(TestEngine engine) : DeskSuite(engine)
{
    [Fact]
    public async Task The_original_and_the_contact_open_with_a_reason_and_leave_a_line_in_audit_and_history()
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Streetlight + "电话13900001111") with { Title = "标题", Place = "中山路", Contact = Someone });
        Assert.Null(await Town.Get<AddToLetter>().HandleAsync(filed.Id, "再补充：电话13900002222", None));
        var (original, refusal) = await OpenAsync(filed);
        Assert.Null(refusal);
        Assert.Equal(Someone, original!.Contact);
        Assert.Equal([new OriginalText("标题", "中山路", Town.Streetlight + "电话13900001111"), new OriginalText("", "", "再补充：电话13900002222")], original.Texts);
        var line = (await Town.Get<AuditLog>().NewestAsync(1, None))[0];
        Assert.Equal(("urban-1", AuditLog.OriginalOpened, filed.Number, "urban", "需要回电"), (line.Actor, line.Action, line.Target, line.Department, line.Reason));
        var seen = (await Town.FollowAsync(filed)).History[^1].Entry;
        Assert.Equal((HistoryKind.OriginalOpened, "urban", "需要回电"), (seen.Kind, seen.Department, seen.Text));
    }

    [Fact]
    public async Task Every_single_read_is_audited()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        for (var i = 0; i < 3; i++) Assert.Null((await OpenAsync(filed)).Refusal);
        Assert.Equal(3, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'original-opened'"));
    }

    [Fact]
    public async Task Where_the_audit_cannot_be_written_nothing_is_opened()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        await Town.RefuseAuditAsync();
        await Assert.ThrowsAnyAsync<DbException>(() => OpenAsync(filed));
        Assert.DoesNotContain(HistoryKind.OriginalOpened, await Town.HistoryAsync(filed));
    }

    [Fact]
    public async Task Where_the_history_cannot_be_written_nothing_is_opened_and_nothing_audited()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        await Town.RefuseHistoryAsync();
        await Assert.ThrowsAnyAsync<DbException>(() => OpenAsync(filed));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'original-opened'"));
    }

    [Fact]
    public async Task The_audit_line_stands_even_where_the_seal_turns_out_broken()
    {
        var filed = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var sealedBytes = (await Town.QueryAsync("SELECT sealed FROM sealed_contacts", row => row.GetFieldValue<byte[]>(0)))[0];
        sealedBytes[^1] ^= 1;
        await Town.ExecuteAsync("UPDATE sealed_contacts SET sealed = @sealed", ("sealed", sealedBytes));
        Assert.Equal((null, Refusal.SealBroken), await OpenAsync(filed));
        Assert.Equal(1, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'original-opened'"));
    }

    [Fact]
    public async Task A_contact_moved_to_another_letter_does_not_open_there()
    {
        var mine = await Town.AssignAsync(Town.Letter() with { Contact = Someone });
        var other = await Town.AssignAsync();
        await Town.ExecuteAsync("UPDATE sealed_contacts SET letter_id = @other WHERE letter_id = @mine", ("mine", mine.Id), ("other", other.Id));
        Assert.Equal((null, Refusal.SealBroken), await OpenAsync(other));
        Assert.Null((await OpenAsync(mine)).Original!.Contact);
    }

    [Fact]
    public async Task Texts_whose_order_was_changed_do_not_open()
    {
        var filed = await Town.AssignAsync();
        Assert.Null(await Town.Get<AddToLetter>().HandleAsync(filed.Id, "补充", None));
        await Town.ExecuteAsync("UPDATE sealed_texts SET part = 1 - part + 10");
        await Town.ExecuteAsync("UPDATE sealed_texts SET part = part - 10");
        Assert.Equal((null, Refusal.SealBroken), await OpenAsync(filed));
    }

    [Fact]
    public async Task Neither_audit_nor_history_holds_a_word_of_letter_or_contact()
    {
        var filed = await Town.AssignAsync(Town.Letter("暗号甲乙丙，" + Town.Streetlight) with { Contact = Someone });
        await OpenAsync(filed);
        var lines = await Town.QueryAsync("SELECT COALESCE(target, '') || COALESCE(department, '') || COALESCE(reason, '') FROM audit_log UNION ALL SELECT COALESCE(detail, '') || COALESCE(text, '') FROM matter_events", row => row.GetString(0));
        Assert.NotEmpty(lines);
        foreach (var canary in new[] { "暗号甲乙丙", Someone.Name!, Someone.Phone!, Someone.Email! }) Assert.DoesNotContain(lines, line => line.Contains(canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_audit_only_grows()
    {
        await OpenAsync(await Town.AssignAsync());
        await Assert.ThrowsAnyAsync<DbException>(() => Town.ExecuteAsync("UPDATE audit_log SET reason = 'x'"));
        await Assert.ThrowsAnyAsync<DbException>(() => Town.ExecuteAsync("DELETE FROM audit_log"));
    }

    private async Task<(Original? Original, Refusal? Refusal)> OpenAsync(Filed filed) =>
        await Town.Get<OpenOriginal>().HandleAsync(await Town.StaffAsync("urban-1"), filed.Number, "需要回电", None);
}
