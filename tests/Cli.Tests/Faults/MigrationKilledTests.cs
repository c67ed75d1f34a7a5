using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using Opinion.Cli.Tests.Office;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;
using Opinion.Running;
using Xunit;
using Xunit.Abstractions;

namespace Opinion.Cli.Tests.Faults;

/// <summary>
/// The fault "migration killed at any statement", with kill -9 of a real process: the schema is the old one or the new one,
/// and the next start finishes. That every statement of SQLite's leaves the old file is shown in Desk.Tests, on copies of it.
/// </summary>
public sealed class MigrationKilledTests(ITestOutputHelper output)
{
    private const int Seed = 20261124;

    // Everything of the schema that a migration makes: columns, indexes, triggers, functions.
    private const string Schema =
        """
        SELECT COALESCE(string_agg(line, E'\n' ORDER BY line), '') FROM (
            SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
            UNION ALL SELECT p.proname || ' ' || md5(p.prosrc) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public') lines
        """;

    private static readonly bool Long = Environment.GetEnvironmentVariable("OPINION_TEST_LONG") == "1";

    [Fact]
    public async Task On_postgres_a_node_killed_at_a_statement_of_the_migration_leaves_the_old_schema_and_the_next_finishes()
    {
        var random = new Random(Seed);
        await using var cluster = await PostgresCluster.StartOwnAsync("-c fsync=off -c client_connection_check_interval=100ms");
        using var files = new HotlineFiles();
        var sheet = files.Calls(3);
        var (whole, statements) = await WholeAsync(cluster, files, sheet, from: 0);
        Assert.InRange(statements, 60, 1000);
        var moments = Long ? [.. Enumerable.Range(1, statements)] : new[] { 1, random.Next(2, statements), random.Next(2, statements), statements };
        output.WriteLine($"seed {Seed}, {statements} statements, killed at {string.Join(", ", moments)}");
        foreach (var moment in moments)
        {
            // Every second one comes from an older schema.
            var from = moment % 2 == 0 ? 3 : 0;
            var database = await AtVersionAsync(cluster, from);
            var before = (string)(await cluster.ExecuteAsync(Schema, database))!;
            var pause = Math.Max(1, from == 0 ? moment : moment * (await WholeAsync(cluster, files, sheet, from)).Statements / statements);
            await CountStatementsAsync(cluster, database, pause);
            await using (var node = ServedDesk.Begin(files.Data, "--store", cluster.ConnectionTo(database)))
            {
                for (var tries = 0; await cluster.ExecuteAsync("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") is 0L; tries++)
                {
                    Assert.True(tries < 1200 && !node.HasExited, node.Said);
                    await Task.Delay(100);
                }

                await node.KillAsync();
            }

            for (var tries = 0; await cluster.ExecuteAsync("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'opinion'") is not 0L; tries++)
            {
                Assert.InRange(tries, 0, 300);
                await Task.Delay(100);
            }

            Assert.Equal(before, await cluster.ExecuteAsync(Schema, database));
            await cluster.ExecuteAsync("DROP EVENT TRIGGER pause; DROP SCHEMA fault CASCADE", database);
            await ImportAsync(cluster, database, files, sheet);
            Assert.Equal(whole, await cluster.ExecuteAsync(Schema, database));
        }
    }

    [Fact]
    public async Task On_sqlite_a_node_killed_while_it_starts_leaves_the_old_schema_or_the_new()
    {
        var random = new Random(Seed);
        var rounds = Long ? 40 : 3;
        output.WriteLine($"seed {Seed}, {rounds} rounds");
        using var files = new HotlineFiles();
        Assert.Equal(0, (await OpinionProcess.RunAsync(files.Import(files.Calls(3)))).ExitCode);
        var whole = await SchemaAsync(files.Data);
        for (var round = 0; round < rounds; round++)
        {
            using var killed = new HotlineFiles();
            await using (var node = ServedDesk.Begin(killed.Data))
            {
                while (!File.Exists(Path.Combine(killed.Data, "desk.db"))) await Task.Delay(1);
                // Early rather than late: the migrations are the first thing a start does.
                await Task.Delay((int)(400 * Math.Pow(random.NextDouble(), 2)));
                await node.KillAsync();
            }

            var left = await SchemaAsync(killed.Data);
            output.WriteLine($"round {round}: {(left.Length == 0 ? "old" : "new")} schema");
            Assert.Contains(left, new[] { "", whole });
            Assert.Equal(0, (await OpinionProcess.RunAsync(killed.Import(killed.Calls(3)))).ExitCode);
            Assert.Equal(whole, await SchemaAsync(killed.Data));
        }
    }

    [Fact]
    public async Task Two_nodes_that_start_at_once_on_an_empty_database_migrate_it_once_and_both_open()
    {
        await using var cluster = await PostgresCluster.StartOwnAsync();
        for (var round = 0; round < (Long ? 10 : 2); round++)
        {
            var connection = await cluster.CreateDatabaseAsync();
            var folder = Directory.CreateTempSubdirectory("opinion-two-").FullName;
            var nodes = await Task.WhenAll(ServedDesk.StartAsync(folder, "--store", connection), ServedDesk.StartAsync(folder, "--store", connection));
            // Two administrators, told by one of them.
            Assert.Equal(2, nodes.Sum(node => node.Accounts.Count));
            var writers = new Writers();
            foreach (var node in nodes) await writers.WriteAsync(node, $"给{node.Port}的信：路灯不亮，请维修。");
            foreach (var node in nodes) await node.DisposeAsync();
            Assert.Equal((long)Migrator.Newest, await cluster.ExecuteAsync("SELECT MAX(version)::bigint FROM schema_versions", new NpgsqlConnectionStringBuilder(connection).Database!));
            var doctor = await OpinionProcess.RunAsync("doctor", "--data", folder, "--store", connection);
            Assert.True(doctor.ExitCode == 0, doctor.Out + doctor.Error);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(string Schema, int Statements)> WholeAsync(PostgresCluster cluster, HotlineFiles files, string sheet, int from)
    {
        var database = await AtVersionAsync(cluster, from);
        await CountStatementsAsync(cluster, database, pauseAt: -1);
        // Only the migrations: a node makes the schedule's tables too, an import partitions, and the doctor a schema to compare with.
        using (var store = DeskStore.OnPostgres(cluster.ConnectionTo(database))) await new Migrator(store, CommandServices.Clock).MigrateAsync(default);

        var statements = Convert.ToInt32(await cluster.ExecuteAsync("SELECT last_value FROM fault.statements", database), CultureInfo.InvariantCulture);
        await cluster.ExecuteAsync("DROP EVENT TRIGGER pause; DROP SCHEMA fault CASCADE", database);
        await ImportAsync(cluster, database, files, sheet);
        return ((string)(await cluster.ExecuteAsync(Schema, database))!, statements);
    }

    // The server itself counts the statements that make something, and sleeps in one of them until it is killed.
    private static Task<object?> CountStatementsAsync(PostgresCluster cluster, string database, int pauseAt) => cluster.ExecuteAsync(
        $"""
        CREATE SCHEMA fault;
        CREATE SEQUENCE fault.statements;
        CREATE FUNCTION fault.pause() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('fault.statements') = {pauseAt} THEN PERFORM pg_sleep(600); END IF; END $$;
        CREATE EVENT TRIGGER pause ON ddl_command_end EXECUTE FUNCTION fault.pause();
        """, database);

    private static async Task ImportAsync(PostgresCluster cluster, string database, HotlineFiles files, string sheet)
    {
        var ran = await OpinionProcess.RunAsync([.. files.Import(sheet), "--store", cluster.ConnectionTo(database)]);
        Assert.True(ran.ExitCode == 0, ran.Error);
        Assert.Contains("added 3", ran.Out, StringComparison.Ordinal);
    }

    // A database as an older program left it: its migrations and what it noted of them.
    private static async Task<string> AtVersionAsync(PostgresCluster cluster, int version)
    {
        var database = new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync()).Database!;
        if (version == 0) return database;
        const string Prefix = "Opinion.Desk.Storage.Migrations.Postgres.";
        var assembly = typeof(Migrator).Assembly;
        await cluster.ExecuteAsync("CREATE TABLE schema_versions (version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)", database);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(version))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var text = await reader.ReadToEndAsync();
            var name = resource[Prefix.Length..^".sql".Length];
            await cluster.ExecuteAsync(text, database);
            await cluster.ExecuteAsync($"INSERT INTO schema_versions VALUES ({int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture)}, '{name}', '{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}', 0)", database);
        }

        return database;
    }

    private static async Task<string> SchemaAsync(string folder)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "desk.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(group_concat(line, char(10)), '') FROM (SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_master ORDER BY type, name)";
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
