using Opinion.Desk.Letters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Faults;

/// <summary>The fault "a poison letter": it holds up no other, is tried a few times, and is set aside with its reason for a person.</summary>
public abstract class PoisonTests(TestEngine engine) : DeskSuite(engine)
{
    [Theory]
    [InlineData("redaction-failed")]
    [InlineData("sorting-failed")]
    public async Task A_letter_that_no_step_can_take_is_set_aside_after_three_tries_and_the_others_go_on(string reason)
    {
        var held = await Invariants.RememberAsync(Town.Store);
        var poison = await PoisonAsync(reason);
        var others = new List<Filed>();
        for (var i = 0; i < 5; i++) others.Add(await Town.FileAsync());

        Assert.Equal(5, await Town.CarryOnAsync());
        Assert.Equal(reason == "sorting-failed" ? "redacted" : "received", await StateAsync(poison));
        // It is not tried again before its time, and keeps nothing from going on.
        Assert.Equal(0, await Town.CarryOnAsync());
        Assert.Equal(1, await Town.CountAsync("SELECT tries FROM stuck_letters"));
        for (var tries = 2; tries <= StuckLetters.Tries; tries++)
        {
            Town.Clock.Advance(StuckLetters.Pause);
            others.Add(await Town.FileAsync());
            Assert.Equal(1, await Town.CarryOnAsync());
            Assert.Equal(tries, await Town.CountAsync("SELECT tries FROM stuck_letters"));
        }

        Assert.Equal("set-aside", await StateAsync(poison));
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM letters WHERE state = 'set-aside' AND body IS NOT NULL"));
        var line = Assert.Single(await Town.Get<SetAsideLetters>().ListAsync(await Town.StaffAsync("intake-1"), None));
        Assert.Equal((poison.Number, reason), (line.Number, line.Reason));
        // What was noted is the kind of the error, and nothing a letter says.
        Assert.Matches("^[A-Za-z]+Exception$", await Town.TextAsync("SELECT error FROM stuck_letters"));
        Town.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await Town.CarryOnAsync());
        await held.HoldAsync(Town.Store, [poison.Receipt.Code.Text, .. others.Select(other => other.Receipt.Code.Text)], 1 + others.Count);
    }

    [Fact]
    public async Task A_letter_whose_trouble_passes_goes_on_and_its_tries_are_forgotten()
    {
        var poison = await PoisonAsync("redaction-failed");
        Assert.Equal(0, await Town.CarryOnAsync());
        await SealAsync(poison, System.Text.Json.JsonSerializer.Serialize(new { Title = "", Place = "", Body = Town.Streetlight }));
        // The clock was set back meanwhile: the letter does not wait until it comes back to where it was.
        Town.Clock.Advance(TimeSpan.FromHours(-1));
        Assert.Equal(1, await Town.CarryOnAsync());
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM stuck_letters"));
    }

    [Fact]
    public async Task A_person_who_writes_the_twin_by_hand_gets_a_poison_letter_going()
    {
        var poison = await PoisonAsync("redaction-failed");
        for (var tries = 0; tries < StuckLetters.Tries; tries++)
        {
            Assert.Equal(0, await Town.CarryOnAsync());
            Town.Clock.Advance(StuckLetters.Pause);
        }

        Assert.Null(await Town.Get<SetAsideLetters>().RedactAsync(await Town.StaffAsync("intake-1"), poison.Number, "", Town.Streetlight, None));
        Assert.Equal(1, await Town.CarryOnAsync());
        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM stuck_letters"));
    }

    [Fact]
    public async Task A_whole_batch_of_poison_lets_the_letters_behind_it_go_on()
    {
        for (var i = 0; i < LetterWay.BatchSize + 5; i++) await PoisonAsync("sorting-failed");
        // Later than all poison by its id, for that one arrived at the end of time.
        await Town.FileAsync();
        await Town.ExecuteAsync("DELETE FROM stuck_letters");
        Assert.Equal(1, await Town.CarryOnAsync());
        Assert.Equal(LetterWay.BatchSize + 5, await Town.CountAsync("SELECT COUNT(*) FROM stuck_letters WHERE tries = 1"));
    }

    private Task<string?> StateAsync(Filed filed) => Town.TextAsync("SELECT state FROM letters WHERE id = @id", ("id", filed.Id));

    // Nothing is mocked: the seal of the one is whole and what it holds is no letter; for the other the calendar has no day left.
    private async Task<Filed> PoisonAsync(string reason)
    {
        if (reason == "sorting-failed") return await Town.FileAsync(Town.Letter() with { Arrived = new DateTimeOffset(9999, 12, 31, 12, 0, 0, TimeSpan.Zero) });
        var filed = await Town.FileAsync();
        await SealAsync(filed, "[5]");
        return filed;
    }

    private async Task SealAsync(Filed filed, string words)
    {
        var box = Town.Get<Sealer>().Seal(words, $"text|{filed.Id}|0");
        await Town.ExecuteAsync("UPDATE sealed_texts SET key_id = @key, wrapped_key = @wrapped, sealed = @sealed WHERE letter_id = @id",
            ("key", box.KeyId), ("wrapped", box.WrappedKey), ("sealed", box.Sealed), ("id", filed.Id));
    }
}
