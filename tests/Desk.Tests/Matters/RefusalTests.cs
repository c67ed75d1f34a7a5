using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Matters;

public abstract class RefusalTests(TestEngine engine) : DeskSuite(engine)
{
    public static TheoryData<string> AnyCasework => Casework.Names;

    public static TheoryData<string> CaseworkWithWords => Casework.NamesWithWords;

    [Theory]
    [MemberData(nameof(AnyCasework))]
    public async Task An_officer_of_the_department_does_it(string casework)
    {
        var filed = await Town.AssignAsync();
        Assert.Null(await Casework.All[casework](Town, await Town.StaffAsync("urban-1"), filed.Number));
    }

    [Theory]
    [MemberData(nameof(AnyCasework))]
    public async Task Nobody_else_does_it(string casework)
    {
        var filed = await Town.AssignAsync();
        foreach (var (staff, expected) in new[]
        {
            ("housing-1", Refusal.OtherDepartment), ("intake-1", Refusal.OtherDepartment), ("supervision-1", Refusal.OtherDepartment), ("water-duty", Refusal.OtherDepartment),
            ("editor-1", Refusal.NotYourRole), ("analyst-1", Refusal.NotYourRole), ("admin-1", Refusal.NotYourRole),
        })
            await RefusedAsync(expected, casework, await Town.StaffAsync(staff), filed.Number);
    }

    [Theory]
    [MemberData(nameof(AnyCasework))]
    public async Task A_department_complained_about_does_not_do_it_even_on_duty_for_danger(string casework)
    {
        var filed = await Town.AssignAsync(Town.Letter(Town.Fire) with { AboutDepartment = "urban" });
        Assert.Equal(1, await Town.CountAsync("SELECT urgent FROM matters"));
        await RefusedAsync(Refusal.ComplainedAbout, casework, await Town.StaffAsync("urban-1"), filed.Number);
        await RefusedAsync(Refusal.ComplainedAbout, casework, await Town.StaffAsync("urban-duty"), filed.Number);
        Assert.NotEqual(Refusal.ComplainedAbout, await Casework.All[casework](Town, await Town.StaffAsync("supervision-1"), filed.Number));
    }

    [Theory]
    [MemberData(nameof(AnyCasework))]
    public async Task Nothing_is_done_on_a_closed_or_withdrawn_matter(string casework)
    {
        var officer = await Town.StaffAsync("urban-1");
        var answered = await Town.AnswerAsync();
        await RefusedAsync(Refusal.NotOpen, casework, officer, answered.Number);
        var withdrawn = await Town.AssignAsync();
        Assert.Null(await Town.Get<WithdrawLetter>().HandleAsync(withdrawn.Id, None));
        await RefusedAsync(Refusal.NotOpen, casework, officer, withdrawn.Number);
    }

    [Theory]
    [MemberData(nameof(AnyCasework))]
    public async Task A_number_the_office_does_not_have_is_not_found(string casework)
    {
        var received = await Town.FileAsync();
        var officer = await Town.StaffAsync("urban-1");
        foreach (var number in new[] { "", "NOSUCHNUMBER", "' OR '1'='1", received.Number, received.Id, received.Receipt.Code.Text })
            await RefusedAsync(Refusal.NotFound, casework, officer, number);
    }

    [Theory]
    [MemberData(nameof(CaseworkWithWords))]
    public async Task Words_that_cannot_be_taken_are_refused(string casework)
    {
        var filed = await Town.AssignAsync();
        var officer = await Town.StaffAsync("urban-1");
        var (work, limit) = Casework.WithWords[casework];
        foreach (var (words, expected) in new (string?, Refusal)[]
        {
            (null, Refusal.Empty), ("", Refusal.Empty), (" \u3000\n", Refusal.Empty), (new string('长', limit + 1), Refusal.TooLong), ("前\0", Refusal.NullCharacter), ("\ud83d", Refusal.LoneSurrogate),
        })
        {
            var before = await TracesAsync();
            Assert.Equal(expected, await work(Town, officer, filed.Number, words));
            Assert.Equal(before, await TracesAsync());
        }

        Assert.Null(await work(Town, officer, filed.Number, new string('长', limit)));
    }

    [Fact]
    public async Task A_moved_officer_works_for_the_new_department_at_once()
    {
        var filed = await Town.AssignAsync();
        await MoveAsync("urban-1", "water");
        var moved = await Town.StaffAsync("urban-1");
        Assert.Equal("water", moved.Department);
        Assert.Equal(Refusal.OtherDepartment, (await Town.Get<ViewMatter>().HandleAsync(moved, filed.Number, None)).Refusal);
        Assert.Equal(0, (await Town.Get<ListQueue>().HandleAsync(moved, QueueView.Open, null, 0, None)).Open);
        Assert.Null(await Town.Get<TransferMatter>().HandleAsync(await Town.StaffAsync("urban-duty"), filed.Number, "water", "属水务管辖", None));
        Assert.Equal(filed.Number, Assert.Single((await Town.Get<ListQueue>().HandleAsync(moved, QueueView.Open, null, 0, None)).Lines).Number);
    }

    private async Task MoveAsync(string account, string department)
    {
        var directory = Town.Get<StaffDirectory>();
        Assert.True(await directory.AskForRoleAsync(await Town.StaffAsync("admin-1"), account, Role.Officer, department, None));
        var asked = await Town.CountAsync("SELECT MAX(id) FROM role_grants");
        Assert.True(await directory.ConfirmRoleAsync(await Town.StaffAsync("admin-2"), asked, None));
    }

    private async Task RefusedAsync(Refusal expected, string casework, StaffMember staff, string number)
    {
        var before = await TracesAsync();
        Assert.Equal(expected, await Casework.All[casework](Town, staff, number));
        Assert.Equal(before, await TracesAsync());
    }

    // A refusal changes nothing: neither history nor audit, answers, deadlines or the matters themselves.
    private async Task<string> TracesAsync() => string.Join('|', await Town.QueryAsync(
        """
        SELECT 'events ' || COUNT(*) FROM matter_events UNION ALL SELECT 'audit ' || COUNT(*) FROM audit_log UNION ALL SELECT 'answers ' || COUNT(*) FROM answers
        UNION ALL SELECT 'changes ' || COUNT(*) FROM deadline_changes UNION ALL SELECT 'examples ' || COUNT(*) FROM training_examples
        UNION ALL SELECT letter_id || department || state || deadline || transfers || urgent FROM matters UNION ALL SELECT 'taken ' || COUNT(acknowledged_at) FROM duty_alerts
        """, row => row.GetString(0)));
}
