using Opinion.Desk.Audit;
using Opinion.Desk.Doors;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Doors;

public abstract class SetAsideRowsTests(TestEngine engine) : DeskSuite(engine)
{
    private const string Words = "id: 7\nname: 欧阳慕容\nphone: 13900001111";

    private static readonly NotTaken Row = new(Channel.Hotline, SetAsideReasons.UnknownDate, "week.csv", 7, "time", Words);

    private SetAsideRows Rows => Town.Get<SetAsideRows>();

    [Fact]
    public async Task A_row_is_told_by_its_place_and_opened_with_a_reason_that_is_audited()
    {
        Assert.Equal(1, await Rows.PutAsync(Row, None));
        var told = Assert.Single(await Rows.NewestAsync(Channel.Hotline, 10, None));
        Assert.Equal((Channel.Hotline, "unknown-date", "week.csv", 7, "time"), (told.Channel, told.Reason, told.Source, told.Line, told.Field));
        foreach (var (staff, department) in new[] { ("intake-1", "intake"), ("editor-1", (string?)null) })
        {
            var (row, content, refusal) = await Rows.OpenAsync(await Town.StaffAsync(staff), told.Id, "日期写错，改表", None);
            Assert.Equal((told, Words, null), (row, content, refusal));
            var line = (await Town.Get<AuditLog>().NewestAsync(1, None))[0];
            Assert.Equal((staff, AuditLog.SetAsideOpened, told.Id, department, "日期写错，改表"), (line.Actor, line.Action, line.Target, line.Department, line.Reason));
        }
    }

    [Theory]
    [InlineData("urban-1", Refusal.OtherDepartment)]
    [InlineData("supervision-1", Refusal.OtherDepartment)]
    [InlineData("analyst-1", Refusal.NotYourRole)]
    [InlineData("admin-1", Refusal.NotYourRole)]
    public async Task Nobody_else_opens_or_erases_it(string staff, Refusal expected)
    {
        await Rows.PutAsync(Row, None);
        var id = (await Rows.NewestAsync(null, 1, None))[0].Id;
        var member = await Town.StaffAsync(staff);
        Assert.Equal((null, null, expected), await Rows.OpenAsync(member, id, "想看", None));
        Assert.Equal(expected, await Rows.EraseAsync(member, id, None));
        Assert.Equal(1, await Rows.CountAsync(Channel.Hotline, None));
        Assert.DoesNotContain(await Town.Get<AuditLog>().NewestAsync(50, None), line => line.Target == id);
    }

    [Fact]
    public async Task Without_a_reason_or_its_audit_line_nothing_is_read()
    {
        await Rows.PutAsync(Row, None);
        var id = (await Rows.NewestAsync(null, 1, None))[0].Id;
        var intake = await Town.StaffAsync("intake-1");
        foreach (var reason in new[] { null, " ", "\0" }) Assert.NotNull((await Rows.OpenAsync(intake, id, reason, None)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Rows.OpenAsync(intake, "no-such-row", "想看", None)).Refusal);
        await Town.RefuseAuditAsync();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Rows.OpenAsync(intake, id, "想看", None));
    }

    [Fact]
    public async Task The_same_row_twice_and_in_parallel_is_there_once()
    {
        var other = Row with { Line = 8 };
        Assert.Equal(2, await Rows.PutAsync([Row, other, Row], None));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Rows.PutAsync(i % 2 == 0 ? [Row, other] : [other, Row], None)));
        Assert.Equal(2, await Rows.CountAsync(Channel.Hotline, None));
        Assert.Equal(2, await Town.CountAsync("SELECT COUNT(*) FROM sealed_rows"));
    }

    [Fact]
    public async Task What_it_says_stands_nowhere_in_the_clear_and_goes_when_it_was_dealt_with()
    {
        await Rows.PutAsync(Row, None);
        var id = (await Rows.NewestAsync(null, 1, None))[0].Id;
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM set_aside_rows WHERE source LIKE '%1390000%' OR field LIKE '%1390000%' OR reason LIKE '%1390000%'"));
        var box = (await Town.QueryAsync("SELECT sealed FROM sealed_rows", row => row.GetFieldValue<byte[]>(0)))[0];
        Assert.Equal(-1, box.AsSpan().IndexOf("13900001111"u8));
        Assert.Null(await Rows.EraseAsync(await Town.StaffAsync("editor-1"), id, None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM sealed_rows"));
        Assert.Equal(AuditLog.SetAsideErased, (await Town.Get<AuditLog>().NewestAsync(1, None))[0].Action);
        Assert.Equal(Refusal.NotFound, await Rows.EraseAsync(await Town.StaffAsync("editor-1"), id, None));
    }

    [Fact]
    public async Task It_is_kept_no_longer_than_a_letters_text()
    {
        await Rows.PutAsync(Row, None);
        Assert.Equal(0, await Rows.EndAsync(None));
        Town.Clock.Now = Town.Clock.Now.AddYears(10);
        Assert.Equal(1, await Rows.EndAsync(None));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM sealed_rows"));
    }

    [Theory]
    [InlineData("路灯不亮")]
    [InlineData("")]
    [InlineData("Some Words")]
    public async Task A_reason_is_a_word_of_the_program(string reason)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Rows.PutAsync(Row with { Reason = reason }, None));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Town.ExecuteAsync("INSERT INTO set_aside_rows (id, channel, reason, source, set_aside_at) VALUES ('x', 'hotline', @reason, 's', 1)", ("reason", reason)));
    }

    [Fact]
    public async Task After_rotation_rows_and_questions_open_without_the_old_key_and_the_doctor_is_content()
    {
        await Rows.PutAsync(Row, None);
        var pending = Town.Get<PendingQuestions>();
        var question = new PendingQuestion("id|1", "问题", Town.Clock.Now);
        await pending.PutAsync(Channel.OfficialAccount, "writer", question, None);
        Assert.Equal("k2", OfficeKeys.Rotate(Town.Desk.DataFolder));
        Assert.Equal(2, await Town.Get<RewrapSeals>().HandleAsync(new Progress<StepProgress>(), None));
        Assert.Equal(["k2", "k2"], await Town.QueryAsync("SELECT key_id FROM sealed_rows UNION ALL SELECT key_id FROM sealed_questions", row => row.GetString(0)));
        Assert.Equal(Words, (await Rows.OpenAsync(await Town.StaffAsync("intake-1"), (await Rows.NewestAsync(null, 1, None))[0].Id, "看看", None)).Content);
        Assert.Equal(question, await pending.FindAsync(Channel.OfficialAccount, "writer", None));
        Assert.Empty((await Town.Get<Doctor>().ExamineAsync(all: true, None)).Findings);
        await Town.ExecuteAsync("UPDATE sealed_rows SET sealed = wrapped_key");
        Assert.Equal(Refusal.SealBroken, (await Rows.OpenAsync(await Town.StaffAsync("intake-1"), (await Rows.NewestAsync(null, 1, None))[0].Id, "看看", None)).Refusal);
        Assert.Contains((await Town.Get<Doctor>().ExamineAsync(all: true, None)).Findings, finding => finding.StartsWith("1 sealed texts or contacts do not open", StringComparison.Ordinal));
    }
}
