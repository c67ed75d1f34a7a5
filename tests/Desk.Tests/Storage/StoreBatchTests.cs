using System.Data.Common;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Storage;

public abstract class StoreBatchTests(TestEngine engine) : DeskSuite(engine)
{
    private static readonly string?[] Reasons = ["一", null, "三"];

    [Fact]
    public async Task Statements_of_a_batch_run_in_their_order_and_say_what_each_changed()
    {
        await using (var session = await Town.Store.WriteAsync(None))
        {
            var changed = await session.Batch()
                .Add("INSERT INTO office_settings (name, value) VALUES (@name, @value)", ("name", "a"), ("value", "1"))
                .Add("INSERT INTO office_settings (name, value) VALUES (@name, @value)", ("name", "b"), ("value", "1"))
                .Add("UPDATE office_settings SET value = @value WHERE name IN ('a', 'b')", ("value", "2"))
                .Add("DELETE FROM office_settings WHERE name = 'c'")
                .ExecuteAsync(None);
            Assert.Equal([1, 1, 2, 0], changed);
            Assert.Empty(await session.Batch().ExecuteAsync(None));
            await session.CommitAsync(None);
        }

        Assert.Equal(2, await Town.CountAsync("SELECT COUNT(*) FROM office_settings WHERE name IN ('a', 'b') AND value = '2'"));
    }

    [Fact]
    public async Task A_statement_for_many_rows_stores_each_row_with_its_own_values()
    {
        await using (var session = await Town.Store.WriteAsync(None))
        {
            Assert.Equal([3], await AddLines(session.Batch(), [1L, 2L, 3L], Reasons).ExecuteAsync(None));
            Assert.Empty(await AddLines(session.Batch(), [], []).ExecuteAsync(None));
            Assert.Throws<ArgumentException>(() => AddLines(session.Batch(), [1L], Reasons));
            await session.CommitAsync(None);
        }

        Assert.Equal(["1 一", "2 -", "3 三"], await Town.QueryAsync("SELECT at, COALESCE(reason, '-') FROM audit_log WHERE action = 'tried' ORDER BY id", row => $"{row.GetInt64(0)} {row.GetString(1)}"));
    }

    [Fact]
    public async Task A_statement_that_fails_fails_the_batch_and_nothing_of_it_is_stored()
    {
        await using (var session = await Town.Store.WriteAsync(None))
        {
            var batch = AddLines(session.Batch(), [1L, 2L, 3L], Reasons).Add("INSERT INTO import_runs (channel, source, started_at) VALUES (NULL, NULL, NULL)");
            await Assert.ThrowsAnyAsync<DbException>(() => batch.ExecuteAsync(None));
        }

        Assert.Equal(0, await Town.CountAsync("SELECT COUNT(*) FROM audit_log WHERE action = 'tried'"));
    }

    private static Desk.Storage.StoreBatch AddLines(Desk.Storage.StoreBatch batch, long[] moments, string?[] reasons) => batch.AddRows(
        "INSERT INTO audit_log (at, actor, action, reason) VALUES (@at, 'me', 'tried', @reason)",
        "INSERT INTO audit_log (at, actor, action, reason) SELECT at, 'me', 'tried', reason FROM unnest(@at, @reason) AS rows (at, reason)",
        ("at", moments), ("reason", reasons));
}
