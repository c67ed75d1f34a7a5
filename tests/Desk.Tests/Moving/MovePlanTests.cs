using Microsoft.Data.Sqlite;
using Npgsql;
using Opinion.Desk.Storage;
using Opinion.Desk.Storage.Moving;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Moving;

/// <summary>Every table of both schemas is moved, rebuilt or kept by the database itself; one that is none of these is found here, before an office loses it.</summary>
public sealed class MovePlanTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opinion-plan-").FullName;
    private SqliteConnection _source = null!;
    private NpgsqlConnection _target = null!;

    public async Task InitializeAsync()
    {
        var connection = await (await PostgresCluster.Running).CreateDatabaseAsync();
        using (var sqlite = DeskStore.OnSqlite(_folder)) await new Migrator(sqlite, new SettableClock(Town.MondayMorning)).MigrateAsync(default);
        using (var postgres = DeskStore.OnPostgres(connection)) await new Migrator(postgres, new SettableClock(Town.MondayMorning)).MigrateAsync(default);
        _source = new SqliteConnection($"Data Source={Path.Combine(_folder, "desk.db")};Pooling=False");
        _target = new NpgsqlConnection(connection);
        await _source.OpenAsync();
        await _target.OpenAsync();
    }

    public Task DisposeAsync()
    {
        Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _source.Dispose();
        _target.Dispose();
    }

    [Fact]
    public async Task Every_table_is_moved_or_rebuilt_and_comes_after_what_it_refers_to()
    {
        var plan = await ReadAsync();
        var names = plan.Tables.Select(table => table.Name).ToList();
        Assert.InRange(names.Count, 25, 500);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Contains("channel_keys", names);
        Assert.DoesNotContain("letter_keys", names);
        Assert.DoesNotContain(names, name => name.StartsWith("published_search", StringComparison.Ordinal));
        foreach (var (child, parent) in new[] { ("subjects", "departments"), ("letters", "subjects"), ("sealed_contacts", "letters"), ("matters", "letters"), ("matters", "claims"), ("answers", "letters"), ("published_answers", "answers"), ("role_grants", "accounts") })
            Assert.True(names.IndexOf(parent) < names.IndexOf(child), $"{child} is moved before {parent}");
        Assert.True(plan.Tables.Single(table => table.Name == "subjects").PointsToItself);
        Assert.Equal(["letter_id", "part"], plan.Tables.Single(table => table.Name == "sealed_texts").Key);
        Assert.Equal("id", plan.Tables.Single(table => table.Name == "audit_log").Identity);
    }

    [Fact]
    public async Task A_new_table_of_both_stores_is_moved_without_being_named_anywhere()
    {
        await RunAsync("CREATE TABLE brand_new (id TEXT PRIMARY KEY, letter_id TEXT) STRICT", "CREATE TABLE brand_new (id words PRIMARY KEY, letter_id words REFERENCES letters (id))");
        var names = (await ReadAsync()).Tables.Select(table => table.Name).ToList();
        Assert.True(names.IndexOf("letters") < names.IndexOf("brand_new"));
    }

    [Theory]
    [InlineData("CREATE TABLE lonely (id TEXT PRIMARY KEY)", "", "lonely")]
    [InlineData("", "CREATE TABLE lonely (id TEXT PRIMARY KEY)", "lonely")]
    [InlineData("CREATE VIRTUAL TABLE lonely USING fts5 (tokens)", "CREATE TABLE lonely (tokens TSVECTOR)", "lonely")]
    [InlineData("CREATE TABLE lonely (id TEXT)", "CREATE TABLE lonely (id TEXT)", "lonely")]
    [InlineData("ALTER TABLE claims ADD COLUMN more TEXT", "", "claims differ")]
    [InlineData("", "ALTER TABLE claims ADD COLUMN more TEXT", "claims differ")]
    [InlineData("ALTER TABLE claims ADD COLUMN more TEXT", "ALTER TABLE claims ADD COLUMN more JSONB", "claims.more is of type jsonb")]
    [InlineData("CREATE TABLE a (id TEXT PRIMARY KEY, b TEXT); CREATE TABLE b (id TEXT PRIMARY KEY, a TEXT)", "CREATE TABLE a (id TEXT PRIMARY KEY, b TEXT); CREATE TABLE b (id TEXT PRIMARY KEY, a TEXT REFERENCES a (id)); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id)", "circle")]
    public async Task What_has_no_plan_is_refused_by_name(string sqlite, string postgres, string said)
    {
        await RunAsync(sqlite, postgres);
        Assert.Contains(said, (await Assert.ThrowsAsync<StoreException>(ReadAsync)).Message, StringComparison.Ordinal);
    }

    private Task<MovePlan> ReadAsync() => MovePlan.ReadAsync(_source, _target, MoveUp.RebuiltTables, default);

    private async Task RunAsync(string sqlite, string postgres)
    {
#pragma warning disable CA2100 // Statements of this test itself.
        if (sqlite.Length > 0) await new SqliteCommand(sqlite, _source).ExecuteNonQueryAsync();
        if (postgres.Length > 0) await new NpgsqlCommand(postgres, _target).ExecuteNonQueryAsync();
#pragma warning restore CA2100
    }
}
