using System.CommandLine;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Opinion.Analysis.Dictionaries;
using Opinion.Desk.Sealing;
using Opinion.Desk.Search;
using Opinion.Desk.Storage;
using Opinion.Desk.Storage.Moving;

namespace Opinion.Cli.Office;

/// <summary>
/// <c>opinion migrate --from sqlite:FILE --to postgres:CONNECTION [--data DIR]</c>: moves an office up. FILE is its <c>desk.db</c> or
/// the folder with it. The keys stay in their folder, which is FILE's or DIR; the office is opened with it from then on. Exit
/// code 2 for an argument that cannot be one, 1 where the move failed or was stopped: run again, it goes on.
/// </summary>
internal static class MigrateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "The SQLite store: sqlite:FILE, its desk.db or its data folder.", Required = true, HelpName = "sqlite:FILE" };
        var to = new Option<string>("--to") { Description = "An empty PostgreSQL database: postgres:CONNECTION.", Required = true, HelpName = "postgres:CONNECTION" };
        var data = new Option<string?>("--data") { Description = "The folder whose keys are the office's, where it is not the store's own.", HelpName = "DIR" };
        var command = new Command("migrate", "Moves an office from SQLite to PostgreSQL, resumable and verified.") { from, to, data };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), parsed.GetValue(data), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string from, string to, string? data, CancellationToken cancel)
    {
        if (!from.StartsWith("sqlite:", StringComparison.Ordinal) || from.Length == "sqlite:".Length) throw new UsageException("--from takes sqlite:FILE, a desk.db or its data folder");
        if (!to.StartsWith("postgres:", StringComparison.Ordinal) && !to.StartsWith("postgresql://", StringComparison.Ordinal)) throw new UsageException("--to takes postgres:CONNECTION, as postgres:Host=…;Database=…;Username=… or postgres://user@host/database");
        var file = Path.GetFullPath(from["sqlite:".Length..]);
        if (Directory.Exists(file)) file = Path.Combine(file, "desk.db");
        if (!File.Exists(file)) throw new UsageException($"--from: {file}: there is no such file");
        var folder = Path.GetFullPath(data ?? Path.GetDirectoryName(file)!);
        if (!File.Exists(OfficeKeys.PathIn(folder))) throw new UsageException($"{OfficeKeys.PathIn(folder)} is missing. The office's keys must lie there; name another folder with --data DIR.");
        var settings = OfficePlace.ConnectionOf(to, "--to");
        var watch = Stopwatch.StartNew();
        try
        {
            var move = new MoveUp(new SearchTokens(DictionaryFolder.Default.LoadSegmenter()), CommandServices.Clock);
            var result = await CommandProgress.ShowAsync(progress => move.HandleAsync(file, folder, settings.ToString(), progress, cancel));
            foreach (var table in result.Tables) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.Name}: {table.Rows} rows, sha256 {table.Sha256}, equal on both sides"));
            var rows = result.Tables.Sum(table => table.Rows);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(result.Resumed ? "resumed; " : "")}moved {rows} rows of {result.Tables.Count} tables in {watch.Elapsed.TotalSeconds:F1} s; rebuilt {string.Join(", ", result.Rebuilt)}"));
            Console.Out.WriteLine($"Keys: they stay in {OfficeKeys.PathIn(folder)}. Open the office from now on with --store CONNECTION --data {folder}; each further node needs a copy of this file in its own data folder.");
            Console.Out.WriteLine($"{file} is unchanged. Once you have seen the office on PostgreSQL, put it away, so that nobody goes on working on it.");
            return 0;
        }
        catch (Exception error) when (error is StoreException or DictionaryException or DbException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("The move was stopped. Run it again to go on; until it is done the database is no office.");
            return 1;
        }
    }
}
