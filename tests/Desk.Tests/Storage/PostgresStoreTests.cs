using Npgsql;
using Opinion.Desk.Letters;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Desk.Tests.Storage;

/// <summary>What only PostgreSQL has: partitions, several nodes, and a schema that must be the one of SQLite.</summary>
public sealed class PostgresStoreTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Letters_lie_in_the_partition_of_their_month_which_is_made_when_it_is_needed()
    {
        await using var town = await Town.OpenAsync(TestEngine.Postgres);
        DateTimeOffset[] arrivals =
        [
            new(2019, 12, 31, 23, 59, 59, 999, TimeSpan.Zero), new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero),
            new(2027, 1, 1, 7, 0, 0, TimeSpan.FromHours(8)), new(2026, 12, 31, 23, 59, 59, 999, TimeSpan.Zero),
        ];
        await town.Get<ReceiveLetter>().HandleAsync([.. arrivals.Select((at, i) => Letter($"k{i}") with { Arrived = at })], None);
        var placed = await town.QueryAsync("SELECT tableoid::regclass::text || ' ' || arrived_at FROM letters ORDER BY id", row => row.GetString(0));
        string[] months = ["letters_201912", "letters_202001", "letters_202402", "letters_202612", "letters_202612"];
        Assert.Equal(months.Zip(arrivals, (month, at) => $"{month} {at.ToUnixTimeMilliseconds()}"), placed);
        Assert.DoesNotContain((await town.Get<Doctor>().ExamineAsync(None)).Findings, finding => finding.Contains("partition", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_month_is_read_alone_and_a_receipt_is_found_by_its_index()
    {
        await using var town = await Town.OpenAsync(TestEngine.Postgres);
        await town.Get<ReceiveLetter>().HandleAsync([.. Enumerable.Range(1, 12).Select(month => Letter($"k{month}") with { Arrived = new(2025, month, 3, 0, 0, 0, TimeSpan.Zero) })], None);
        var month = await town.QueryAsync("EXPLAIN SELECT number FROM letters WHERE id = '0195560000007000800000000000abcd'", row => row.GetString(0));
        Assert.Single(month, line => line.Contains(" on letters_", StringComparison.Ordinal));
        var receipt = await town.QueryAsync("EXPLAIN SELECT letter_id FROM letter_keys WHERE receipt_hash = '\\x00'", row => row.GetString(0));
        Assert.Contains("letter_keys_receipt_hash_key", string.Join('\n', receipt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_delivery_many_times_at_once_on_two_nodes_is_one_letter_with_one_receipt()
    {
        string connection = await (await PostgresCluster.Running).CreateDatabaseAsync();
        string folder = Directory.CreateTempSubdirectory("opinion-desk-").FullName;
        var clock = new SettableClock(Town.MondayMorning);
        // Both nodes start on the empty database at the same time.
        var opened = await Task.WhenAll(Enumerable.Range(0, 2).Select(node => Task.Run(() => OpenedDesk.OpenAsync($"{folder}-{node}", connection, Town.Foundation, clock, None))));
        Assert.Single(opened, desk => desk.New);
        var nodes = opened.Select(desk => new ReceiveLetter(desk.Store, opened[0].Keys, new SealedLetters(new Sealer(opened[0].Keys)), new SealedAttachments(new Sealer(opened[0].Keys), new Opinion.Desk.Attachments.AttachmentFiles(desk.DataFolder, clock)), clock)).ToArray();
        var receipts = (await Task.WhenAll(Enumerable.Range(0, 40).Select(i => nodes[i % 2].HandleAsync([Letter("same")], None)))).Select(list => list[0]).ToList();
        Assert.Equal(40, receipts.Count);
        Assert.Single(receipts.Select(receipt => receipt.Code).Distinct());
        Assert.Single(receipts, receipt => !receipt.Repeated);
        await using var session = await opened[0].Store.ReadAsync(None);
        Assert.Equal(1, await session.CountAsync("SELECT COUNT(*) FROM letters", None));
        Assert.Equal(1, await session.CountAsync("SELECT COUNT(*) FROM letter_keys", None));
        foreach (var desk in opened) desk.Store.Dispose();
    }

    [Fact]
    public async Task Letters_of_many_months_arrive_at_once_without_a_deadlock()
    {
        await using var town = await Town.OpenAsync(TestEngine.Postgres);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => town.Get<ReceiveLetter>().HandleAsync(
            [Letter($"a{i}") with { Arrived = new(2010 + (i % 10), 1 + (i % 12), 1, 0, 0, 0, TimeSpan.Zero) }, Letter($"b{i}") with { Arrived = new(2019 - (i % 10), 12 - (i % 12), 1, 0, 0, 0, TimeSpan.Zero) }], None)));
        Assert.Equal(120, await town.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.Equal(0, await town.CountAsync("SELECT COUNT(*) FROM letters_other"));
    }

    [Fact]
    public async Task Letters_that_arrive_at_the_same_time_share_a_transaction()
    {
        await using var town = await Town.OpenAsync(TestEngine.Postgres);
        await town.Get<ReceiveLetter>().HandleAsync(Letter("first"), None);
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => town.Get<ReceiveLetter>().HandleAsync(Letter($"k{i}"), None))));
        Assert.Equal(401, await town.CountAsync("SELECT COUNT(*) FROM letters"));
        Assert.InRange(await town.CountAsync("SELECT COUNT(DISTINCT xmin::text) FROM letters"), 2, 300);
    }

    [Fact]
    public async Task A_receipt_given_while_backends_are_killed_has_its_letter()
    {
        await using var town = await Town.OpenAsync(TestEngine.Postgres);
        await town.Get<ReceiveLetter>().HandleAsync(Letter("first"), None);
        using var done = new CancellationTokenSource();
        var killer = Task.Run(async () =>
        {
            await using var source = NpgsqlDataSource.Create(town.Store.ConnectionString);
            for (var kills = 0; !done.IsCancellationRequested; await Task.Delay(20, CancellationToken.None))
            {
                await using var kill = source.CreateCommand("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
                kills += (int)(long)(await kill.ExecuteScalarAsync(CancellationToken.None))!;
                if (kills > 100) return;
            }
        });
        var receipts = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(async () =>
        {
            await Task.Delay(i, None);
            try
            {
                return await town.Get<ReceiveLetter>().HandleAsync(Letter($"k{i}"), None);
            }
            catch (NpgsqlException)
            {
                return null;
            }
        })));
        await done.CancelAsync();
        await killer;
        var given = receipts.OfType<Receipt>().ToList();
        Assert.NotEmpty(given);
        NpgsqlConnection.ClearAllPools();
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var receipt in given) Assert.True(await town.Get<FollowLetter>().FindAsync(receipt.Code.Text, None) is { } letter && found.Add(letter));
    }

    [Fact]
    public async Task What_was_erased_leaves_the_files_in_one_pass_for_all()
    {
        await using var town = await Town.OpenAsync(TestEngine.Postgres);
        var letters = new[] { await town.AssignAsync(), await town.AssignAsync(), await town.AssignAsync() };
        foreach (var letter in letters) Assert.Null(await town.Get<WithdrawLetter>().HandleAsync(letter.Id, None));
        // A small store's tables are written anew, into files of other numbers.
        Task<long> FileAsync() => town.CountAsync("SELECT pg_relation_filenode('sealed_texts')");
        var before = await FileAsync();
        await town.Store.ForgetDueAsync(None);
        var once = await FileAsync();
        Assert.NotEqual(before, once);
        // Nothing was erased since.
        await town.Store.ForgetDueAsync(None);
        Assert.Equal(once, await FileAsync());
        await town.Store.ForgetErasedAsync(None);
        Assert.NotEqual(once, await FileAsync());
    }

    [Fact]
    public async Task Both_engines_have_the_same_tables_and_columns()
    {
        await using var sqlite = await Town.OpenAsync(TestEngine.Sqlite);
        await using var postgres = await Town.OpenAsync(TestEngine.Postgres);
        var embedded = await sqlite.QueryAsync(
            """
            SELECT t.name || '.' || c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
            WHERE t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'published_search%' AND t.name NOT LIKE 'letter_search%'
            """, row => row.GetString(0));
        var server = await postgres.QueryAsync(
            """
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name NOT LIKE 'published_search%' AND table_name NOT LIKE 'letter_search%' AND table_name !~ '^letters_' AND table_name <> 'letter_keys'
            """, row => row.GetString(0));
        Assert.InRange(embedded.Count, 150, 1000);
        Assert.Equal(embedded.Order(StringComparer.Ordinal), server.Order(StringComparer.Ordinal));
        var refusals = await postgres.QueryAsync("SELECT t.tgname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relname !~ '^letters_' ORDER BY 1", row => row.GetString(0));
        Assert.Equal(
            ["audit_log_keep", "deadline_changes_keep", "erasures_keep", "letters_impartial", "letters_keys", "letters_keys_go", "letters_keys_stay", "letters_leave_search", "letters_move_in_search", "matter_events_keep", "matter_events_stay", "matters_deadline", "matters_impartial", "matters_impartial_new", "matters_move_in_search", "outbox_contact_erased", "outbox_receipt_gone", "outbox_receipt_sent", "outbox_withdrawn", "released_cells_keep", "released_lines_keep", "released_weeks_keep", "report_errata_keep", "subject_changes_keep"],
            refusals.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_or_is_newer_is_refused_in_words()
    {
        string connection = await (await PostgresCluster.Running).CreateDatabaseAsync();
        string folder = Directory.CreateTempSubdirectory("opinion-desk-").FullName;
        var clock = new SettableClock(Town.MondayMorning);
        using (var desk = (await OpenedDesk.OpenAsync(folder, connection, Town.Foundation, clock, None)).Store)
        {
            await using var session = await desk.WriteAsync(None);
            await session.ExecuteAsync("INSERT INTO schema_versions (version, name, sha256, applied_at) VALUES (9999, '9999_future', 'x', 0)", None);
            await session.CommitAsync(None);
        }

        var newer = await Assert.ThrowsAsync<StoreException>(() => OpenedDesk.OpenAsync(folder, connection, Town.Foundation, clock, None));
        Assert.Contains("9999", newer.Message, StringComparison.Ordinal);
        string wrong = new NpgsqlConnectionStringBuilder(connection) { Database = "nowhere", Password = "canary-password" }.ToString();
        var lost = await Assert.ThrowsAsync<StoreException>(() => OpenedDesk.OpenAsync(folder, wrong, Town.Foundation, clock, None));
        Assert.Contains("nowhere", lost.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-password", lost.ToString(), StringComparison.Ordinal);
        var unreadable = await Assert.ThrowsAsync<StoreException>(() => OpenedDesk.OpenAsync(folder, "no=connection;string", Town.Foundation, clock, None));
        Assert.Contains("Host=", unreadable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_server_refuses_a_line_of_the_audit_nothing_is_opened()
    {
        await using var town = await Town.OpenAsync(TestEngine.Postgres);
        var filed = await town.AssignAsync(town.Letter() with { Contact = new Contact("欧阳慕容", null, null) });
        string role = "clerk_" + Guid.NewGuid().ToString("N");
        await using (var connection = new NpgsqlConnection(town.Store.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"CREATE ROLE {role} LOGIN; GRANT ALL ON SCHEMA public TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}; REVOKE INSERT ON audit_log FROM {role}";
            await command.ExecuteNonQueryAsync();
        }

        TestEngine.Postgres.Connect(town.Desk.DataFolder, new NpgsqlConnectionStringBuilder(town.Store.ConnectionString) { Username = role }.ToString());
        var clerk = await Town.OpenAsync(TestEngine.Postgres, folder: town.Desk.DataFolder);
        var officer = await clerk.StaffAsync("urban-1");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => clerk.Get<OpenOriginal>().HandleAsync(officer, filed.Number, "需要回电", None));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.Contains("audit_log", refused.MessageText, StringComparison.Ordinal);
        Assert.DoesNotContain("original-opened", await town.QueryAsync("SELECT kind FROM matter_events", row => row.GetString(0)));
        await clerk.StopAsync();
    }

    private static IncomingLetter Letter(string key) => new(Channel.Form, key, Town.MondayMorning, "路灯", Town.Streetlight);
}
