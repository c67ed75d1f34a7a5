using Opinion.Desk.Tests.Fixture;

namespace Opinion.Ingest.Tests.OfficialAccount;

/// <summary>The fault "the same callback 20 times at once", on SQLite and on a real PostgreSQL.</summary>
public class AtOnceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_call_20_times_at_once_is_one_letter_and_one_answer(bool postgres)
    {
        await using var office = await Recorded.OfficeAsync(connection: postgres ? await (await PostgresCluster.Running).CreateDatabaseAsync() : null);
        var letters = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Recorded.SendAsync(office, Recorded.Text(Recorded.Letter, "1")))));
        Recorded.CodeIn(Assert.Single(letters.Distinct())!);
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Recorded.SendAsync(office, Recorded.Text(Recorded.Question, "2")))));
        Assert.StartsWith("屋面严重渗漏", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
        Assert.Equal(1, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        // Asked for a person by several messages at once, each delivered several times.
        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Recorded.SendAsync(office, Recorded.Text("1", $"{3 + (i % 2)}")))));
        Recorded.CodeIn(Assert.Single(receipts.Distinct())!);
        Assert.Equal(2, await office.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal(2, await office.CountAsync("SELECT COUNT(*) FROM sealed_contacts"));
    }
}
