using System.CommandLine;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Analysis.Dictionaries;
using Opinion.Desk.Imports;
using Opinion.Desk.Storage;
using Opinion.Ingest.Hotline;
using Opinion.Ingest.Tables;

namespace Opinion.Cli.Office;

/// <summary>
/// <c>opinion import FILE --channel hotline --map MAP.json --data DIR|--store CONNECTION</c>. Exit code 0 when the sheet was taken in, rows set
/// aside included; 1 when the import failed or not one row could be taken; 2 when an argument or a file is wrong, and then
/// nothing was stored.
/// </summary>
internal static class ImportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A sheet, CSV or XLSX." };
        var channel = new Option<string>("--channel") { Description = "The channel the letters came through: hotline.", Required = true };
        channel.AcceptOnlyFromAmong("hotline");
        var map = new Option<string>("--map") { Description = "The JSON file that says which column is what.", Required = true, HelpName = "MAP.json" };
        var command = new Command("import", "Takes the letters of an office's own sheet in; a repeat adds none.") { file, channel, map };
        var place = new OfficePlace().AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(file), parsed.GetRequiredValue(map), place.Of(parsed), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string file, string mapFile, (string Folder, string? Connection) place, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            // Checked whole before the store is opened: a broken file leaves nothing behind, not even an office.
            var sheet = HotlineSheet.Check(file, await ColumnMap.LoadAsync(mapFile, cancel), cancel);
            foreach (var warning in sheet.Warnings) await Console.Error.WriteLineAsync("warning: " + warning);
            await using var services = await OfficePlace.OpenAsync(place, cancel);
            var result = await ImportAsync(services.GetRequiredService<ImportHotline>(), sheet, cancel);
            Console.Out.WriteLine(Summary(result.Counts, watch.Elapsed));
            if (result.RejectedFile is not null) await Console.Error.WriteLineAsync("rows set aside, with their reasons: " + result.RejectedFile);
            if (result.Paused)
            {
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Paused after {result.Counts.Done} of {sheet.Rows} rows by an administrator. Run the command again to go on there."));
                return 1;
            }

            return result.Counts.Done > 0 && result.Counts.Rejected == result.Counts.Done ? 1 : 0;
        }
        catch (InputFileException error)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 2;
        }
        catch (Exception error) when (error is StoreException or Desk.Doors.DoorClosedException or DictionaryException or DbException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("The import was stopped. What was taken in stays; run it again to go on there.");
            return 1;
        }
    }

    private static Task<ImportResult> ImportAsync(ImportHotline import, HotlineSheet sheet, CancellationToken cancel) => CommandProgress.ShowAsync(progress =>
        import.HandleAsync(sheet, counts =>
        {
            progress.Report(new StepProgress("rows of " + sheet.Source, counts.Done, sheet.Rows));
            if (counts.Done == sheet.Rows) progress.Report(new StepProgress("all rows are in; redacting and sorting", 0, 0));
        }, cancel));

    private static string Summary(ImportCounts counts, TimeSpan time) => string.Create(CultureInfo.InvariantCulture,
        $"read {counts.Done}, added {counts.Added}, repeated {counts.Repeated}, rejected {counts.Rejected}, seconds {time.TotalSeconds:F1}, letters per second {counts.Done / time.TotalSeconds:F0}");
}
