using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Opinion.Architecture.Tests.Sources;
using Opinion.Desk;
using Opinion.Desk.Letters;
using Opinion.Desk.Offices;
using Opinion.Desk.Retention;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Architecture.Tests.Boundary;

/// <summary>Line 8: data ends. What may end can, what must stay does.</summary>
public class Line8DataEnds
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 16, 10, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void Sealed_data_and_words_can_be_erased()
    {
        using var schema = new Schema().WithLetter();
        Assert.Empty(CannotEnd(schema));
    }

    [Theory]
    [InlineData("CREATE TRIGGER keep_contacts BEFORE DELETE ON sealed_contacts BEGIN SELECT RAISE(ABORT, 'kept'); END")]
    [InlineData("CREATE TRIGGER keep_texts BEFORE DELETE ON sealed_texts BEGIN SELECT RAISE(ABORT, 'kept'); END")]
    [InlineData("CREATE TRIGGER keep_words BEFORE UPDATE OF text ON matter_events BEGIN SELECT RAISE(ABORT, 'kept'); END")]
    [InlineData("CREATE TABLE contact_copies (letter_id TEXT NOT NULL REFERENCES sealed_contacts (letter_id)); CREATE TRIGGER copy_contacts AFTER INSERT ON sealed_contacts BEGIN INSERT INTO contact_copies VALUES (NEW.letter_id); END")]
    public void A_schema_that_keeps_them_is_noticed(string broken)
    {
        using var schema = new Schema(broken).WithLetter();
        Assert.NotEmpty(CannotEnd(schema));
    }

    [Fact]
    public void History_and_audit_only_grow()
    {
        using var schema = new Schema().WithLetter();
        Assert.Empty(Shrinks(schema));
        using var broken = new Schema("DROP TRIGGER audit_log_stay; DROP TRIGGER matter_events_keep").WithLetter();
        Assert.Equal(2, Shrinks(broken).Count());
    }

    [Fact]
    public void What_is_erased_is_overwritten()
    {
        Assert.Empty(Forgets(Repository.Sources));
        Assert.NotEmpty(Forgets([new SourceFile("src/Desk/Storage/SqliteEngine.cs", "pragma.CommandText = \"PRAGMA journal_mode=WAL\";")]));
        using var schema = new Schema();
        Assert.True(schema.Takes("INSERT INTO published_search (rowid, tokens) VALUES (1, 'a'); DELETE FROM published_search"));
    }

    [Fact]
    public async Task Contact_data_ends_when_the_writer_says_so_and_when_the_objection_period_is_over()
    {
        var folder = Directory.CreateTempSubdirectory("opinion-boundary-").FullName;
        var clock = new MovedClock { Now = Monday };
        var desk = await OpenedDesk.OpenAsync(folder, null, OfficeFoundation.Plain, clock, default);
        await using (var services = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddDesk(desk, clock).BuildServiceProvider())
        {
            var receive = services.GetRequiredService<ReceiveLetter>();
            var codes = new List<ReceiptCode>();
            foreach (var key in new[] { "1", "2" }) codes.Add((await receive.HandleAsync(new IncomingLetter(Channel.Form, key, Monday, "", "路灯不亮，请维修路灯。") { Contact = new Contact("张三", null, null) }, default)).Code);
            Assert.Equal(2, await services.GetRequiredService<LetterWay>().CarryOnAsync(default));
            Assert.Equal(2, await CountAsync(desk.Store));

            var first = await services.GetRequiredService<FollowLetter>().FindAsync(codes[0].Text, default);
            Assert.Null(await services.GetRequiredService<WithdrawLetter>().HandleAsync(first!, default));
            Assert.Equal(1, await CountAsync(desk.Store));

            await using (var session = await desk.Store.WriteAsync(default))
            {
                await session.ExecuteAsync("UPDATE matters SET state = 'closed', disposition = 'solved', closed_at = @at WHERE state = 'open'", default, ("at", Monday.ToUnixTimeMilliseconds()));
                await session.CommitAsync(default);
            }

            Assert.Equal(0, await services.GetRequiredService<EndContacts>().HandleAsync(default));
            clock.Now = Monday.AddDays(60);
            Assert.Equal(1, await services.GetRequiredService<EndContacts>().HandleAsync(default));
            Assert.Equal(0, await CountAsync(desk.Store));
        }

        desk.Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<long> CountAsync(DeskStore store)
    {
        await using var session = await store.ReadAsync(default);
        return await session.CountAsync("SELECT COUNT(*) FROM sealed_contacts", default);
    }

    private static IEnumerable<string> CannotEnd(Schema schema)
    {
        schema.Run("INSERT INTO sealed_contacts VALUES ('a', 'k', x'', x''); INSERT INTO sealed_texts VALUES ('a', 0, 'k', x'', x''); INSERT INTO training_examples VALUES ('a', 'urban', 1)");
        foreach (var end in new[] { "DELETE FROM sealed_contacts", "DELETE FROM sealed_texts", "DELETE FROM training_examples", "UPDATE letters SET title = '', place = '', body = ''", "UPDATE matter_events SET text = NULL" })
        {
            if (!schema.Takes(end)) yield return end;
        }
    }

    private static IEnumerable<string> Shrinks(Schema schema)
    {
        foreach (var change in new[] { "UPDATE matter_events SET kind = 'note'", "DELETE FROM matter_events", "UPDATE audit_log SET actor = 'y'", "DELETE FROM audit_log" })
        {
            if (schema.Takes(change)) yield return change;
        }
    }

    private static IEnumerable<string> Forgets(IEnumerable<SourceFile> files) => files.Where(file => file.Path == "src/Desk/Storage/SqliteEngine.cs")
        .Where(file => !CSharpTokens.Texts(file.Text).Any(text => text.Value.Contains("secure_delete=ON", StringComparison.Ordinal))).Select(file => file.Path);

    private sealed class MovedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now.ToUniversalTime();
    }
}
