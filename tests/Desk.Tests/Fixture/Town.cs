using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Matters;
using Opinion.Desk.Offices;
using Opinion.Desk.Storage;

namespace Opinion.Desk.Tests.Fixture;

/// <summary>A letter a test filed.</summary>
public sealed record Filed(Receipt Receipt, string Id, string Number);

/// <summary>An office in a folder of its own with its staff, opened as the program opens it.</summary>
public sealed class Town : IAsyncDisposable
{
    /// <summary>A Monday morning in the office, with no holiday near.</summary>
    public static readonly DateTimeOffset MondayMorning = new(2026, 11, 16, 10, 0, 0, TimeSpan.FromHours(8));

    /// <summary>Words that the lexicon surely gives to urban management, to be answered in five working days.</summary>
    public const string Streetlight = "小区门口的路灯坏了，路灯不亮已经三天，请尽快维修路灯。";

    /// <summary>Words that speak of danger now.</summary>
    public const string Fire = "着火了！现在楼道里冒浓烟，有人被困，快来救人！";

    private static readonly (string Id, Role Role, string? Department, bool OnDuty)[] Staff =
    [
        ("intake-1", Role.Officer, "intake", false), ("supervision-1", Role.Officer, "supervision", false),
        ("urban-1", Role.Officer, "urban", false), ("urban-duty", Role.Officer, "urban", true),
        ("housing-1", Role.Officer, "housing", false), ("water-1", Role.Officer, "water", false), ("water-duty", Role.Officer, "water", true),
        ("editor-1", Role.Editor, null, false), ("analyst-1", Role.Analyst, null, false),
        ("admin-1", Role.Administrator, null, false), ("admin-2", Role.Administrator, null, false),
    ];

    private readonly ServiceProvider _services;
    private int _keys;

    private Town(OpenedDesk desk, SettableClock clock, ServiceProvider services)
    {
        (Desk, Clock, _services) = (desk, clock, services);
    }

    public OpenedDesk Desk { get; }

    public SettableClock Clock { get; }

    public DeskStore Store => Desk.Store;

    /// <summary>Opens an office.</summary>
    /// <param name="engine">The engine of its store.</param>
    /// <param name="reader">What reads letters; the program's own where none is named.</param>
    /// <param name="foundation">What it begins with.</param>
    /// <param name="folder">A folder that holds an office already; a new one where none is named.</param>
    public static async Task<Town> OpenAsync(TestEngine engine, LetterReader? reader = null, OfficeFoundation? foundation = null, string? folder = null)
    {
        var clock = new SettableClock(MondayMorning);
        var desk = await engine.OpenAsync(folder ?? Directory.CreateTempSubdirectory("opinion-desk-").FullName, foundation ?? Foundation, clock);
        var services = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddDesk(desk, clock);
        // The dictionaries are the program's own, loaded once for all tests.
        services.AddSingleton(Readers.Segmenter).AddSingleton(reader ?? Readers.Whole);
        var town = new Town(desk, clock, services.BuildServiceProvider());
        if (desk.New) await town.EmployAsync();
        return town;
    }

    public static OfficeFoundation Foundation { get; } = OfficeFoundation.Plain with
    {
        Districts = [new District("river", new Name("江北区", "Riverside")), new District("hill", new Name("山南区", "Hillside"))],
    };

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A member of staff as the store has it now.</summary>
    public async Task<StaffMember> StaffAsync(string id) =>
        await Get<StaffDirectory>().FindAsync(id, CancellationToken.None) ?? throw new InvalidOperationException($"{id} has no role that counts.");

    public IncomingLetter Letter(string body = Streetlight) => new(Channel.Form, "key-" + Interlocked.Increment(ref _keys), Clock.Now, "", body);

    /// <summary>Receives a letter and looks up what the store calls it.</summary>
    public async Task<Filed> FileAsync(IncomingLetter? letter = null)
    {
        var receipt = await Get<ReceiveLetter>().HandleAsync(letter ?? Letter(), CancellationToken.None);
        var id = await Get<FollowLetter>().FindAsync(receipt.Code.Text, CancellationToken.None) ?? throw new InvalidOperationException("A receipt without a letter.");
        return new Filed(receipt, id, (await TextAsync("SELECT number FROM letters WHERE id = @id", ("id", id)))!);
    }

    /// <summary>Receives a letter and carries it on until it is a matter.</summary>
    public async Task<Filed> AssignAsync(IncomingLetter? letter = null)
    {
        var filed = await FileAsync(letter);
        await CarryOnAsync();
        return filed;
    }

    /// <summary>Receives a letter, carries it on and answers it.</summary>
    public async Task<Filed> AnswerAsync(IncomingLetter? letter = null, string answer = "路灯今日已修复。")
    {
        var filed = await AssignAsync(letter);
        Assert.Null(await Get<AnswerMatter>().HandleAsync(await StaffAsync("urban-1"), filed.Number, Disposition.Solved, answer, CancellationToken.None));
        return filed;
    }

    public Task<int> CarryOnAsync() => Get<LetterWay>().CarryOnAsync(CancellationToken.None);

    public async Task<FollowedLetter> FollowAsync(Filed filed) => (await Get<FollowLetter>().ReadAsync(filed.Id, CancellationToken.None))!;

    public async Task<IReadOnlyList<HistoryKind>> HistoryAsync(Filed filed) => [.. (await FollowAsync(filed)).History.Select(line => line.Entry.Kind)];

    public async Task<long> CountAsync([ConstantExpected] string sql, params SqlValue[] values)
    {
        await using var session = await Store.ReadAsync(CancellationToken.None);
        return await session.CountAsync(sql, CancellationToken.None, values);
    }

    public async Task<string?> TextAsync([ConstantExpected] string sql, params SqlValue[] values)
    {
        await using var session = await Store.ReadAsync(CancellationToken.None);
        return await session.TextAsync(sql, CancellationToken.None, values);
    }

    public async Task<List<T>> QueryAsync<T>([ConstantExpected] string sql, Func<DbDataReader, T> read, params SqlValue[] values)
    {
        await using var session = await Store.ReadAsync(CancellationToken.None);
        return await session.QueryAsync(sql, read, CancellationToken.None, values);
    }

    public async Task<int> ExecuteAsync([ConstantExpected] string sql, params SqlValue[] values)
    {
        await using var session = await Store.WriteAsync(CancellationToken.None);
        var changed = await session.ExecuteAsync(sql, CancellationToken.None, values);
        await session.CommitAsync(CancellationToken.None);
        return changed;
    }

    /// <summary>From now on no row can be added to the audit log.</summary>
    public Task RefuseAuditAsync() => Store.Engine == "postgres"
        ? ExecuteAsync("CREATE TRIGGER no_audit BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse('no audit')")
        : ExecuteAsync("CREATE TRIGGER no_audit BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no audit'); END");

    /// <summary>From now on no row can be added to the history of matters.</summary>
    public Task RefuseHistoryAsync() => Store.Engine == "postgres"
        ? ExecuteAsync("CREATE TRIGGER no_history BEFORE INSERT ON matter_events FOR EACH ROW EXECUTE FUNCTION refuse('no history')")
        : ExecuteAsync("CREATE TRIGGER no_history BEFORE INSERT ON matter_events BEGIN SELECT RAISE(ABORT, 'no history'); END");

    /// <summary>Adds an account without a role.</summary>
    public Task AddAccountAsync(string id) => ExecuteAsync(
        "INSERT INTO accounts (id, user_name, normalized_user_name, name_zh, name_en) VALUES (@id, @id, upper(@id), @id, @id)", ("id", id));

    /// <summary>Closes the store and leaves the folder as a stopped program would.</summary>
    public async Task<string> StopAsync()
    {
        await _services.DisposeAsync();
        Desk.Store.Dispose();
        return Desk.DataFolder;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Desk.DataFolder, recursive: true);
    }

    private async Task EmployAsync()
    {
        foreach (var (id, _, _, _) in Staff) await AddAccountAsync(id);
        await Get<StaffDirectory>().GrantAtSetUpAsync([.. Staff.Select(staff => (staff.Id, staff.Role, staff.Department, staff.OnDuty))], CancellationToken.None);
    }
}
