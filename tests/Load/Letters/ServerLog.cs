using System.Globalization;
using System.Text.RegularExpressions;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Load.Letters;

/// <summary>A statement, or a part of its work, as the server saw it.</summary>
/// <param name="Milliseconds">How long it took there.</param>
/// <param name="CpuMilliseconds">How long a core worked on it, which a busy machine leaves alone; 0 where only the plan was asked for.</param>
/// <param name="Part">PARSE, BIND (which plans), EXECUTE or PLAN.</param>
/// <param name="Text">Its text, with its plan where that was asked for.</param>
public sealed record ServerStatement(double Milliseconds, double CpuMilliseconds, string Part, string Text);

/// <summary>
/// What a PostgreSQL writes of the statements it runs: the program's own, not copies of them. New connections of the town's
/// database log; the town is opened again for that.
/// </summary>
public static partial class ServerLog
{
    /// <summary>Logs the plan of every statement.</summary>
    public static Task ExplainAsync(Town town) => town.ExecuteAsync(
        """
        DO $$ BEGIN
            EXECUTE format('ALTER DATABASE %I SET session_preload_libraries = auto_explain', current_database());
            EXECUTE format('ALTER DATABASE %I SET auto_explain.log_min_duration = 0', current_database());
            EXECUTE format('ALTER DATABASE %I SET log_min_duration_statement = -1', current_database());
        END $$
        """);

    /// <summary>Logs the time and the work of every statement, in its parts: parse, bind (which plans), execute.</summary>
    public static Task TimeAsync(Town town) => town.ExecuteAsync(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET log_statement_stats = on', current_database()); END $$");

    /// <summary>Lets plans read a whole table only where no index could be used, as a large table would: for small samples.</summary>
    public static Task PretendToBeLargeAsync(Town town) => town.ExecuteAsync(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$");

    /// <summary>Where the log ends now.</summary>
    public static Task<long> EndAsync(Town town) => town.CountAsync("SELECT size FROM pg_stat_file(current_setting('data_directory') || '/../log')");

    /// <summary>The plans logged since.</summary>
    public static async Task<IReadOnlyList<ServerStatement>> PlansSinceAsync(Town town, long since) =>
        [.. Plan().Matches(await ReadAsync(town, since)).Select(match => new ServerStatement(Number(match, 1), 0, "PLAN", match.Groups[2].Value))];

    /// <summary>The parts of statements logged since.</summary>
    public static async Task<IReadOnlyList<ServerStatement>> PartsSinceAsync(Town town, long since) =>
        [.. Statistics().Matches(await ReadAsync(town, since)).Select(match => new ServerStatement(Number(match, 4) * 1000, (Number(match, 2) + Number(match, 3)) * 1000, match.Groups[1].Value, match.Groups[5].Value))];

    private static async Task<string> ReadAsync(Town town, long since) =>
        await town.TextAsync("SELECT pg_read_file(current_setting('data_directory') || '/../log', @since, 1000000000)", ("since", since)) ?? "";

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"LOG:  duration: ([0-9.]+) ms  plan:\n((?:\t[^\n]*\n|\n)*)")]
    private static partial Regex Plan();

    [GeneratedRegex(@"LOG:  (PARSE|BIND|EXECUTE) MESSAGE STATISTICS\n[^\n]*DETAIL:[^\n]*\n\t!\t([0-9.]+) s user, ([0-9.]+) s system, ([0-9.]+) s elapsed\n(?:\t[^\n]*\n)*[^\n]*STATEMENT:  ([^\n]*\n(?:\t[^\n]*\n|\n)*)")]
    private static partial Regex Statistics();
}
