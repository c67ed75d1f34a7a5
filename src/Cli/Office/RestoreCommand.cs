using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Opinion.Desk.Backups;
using Opinion.Desk.Retention;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Cli.Office;

/// <summary>
/// <c>opinion restore IN --data NEW [--store CONNECTION] [--erasures FILE]… [--without-erasures] [--expired]</c>: puts a backup into an empty
/// folder or database, checked, with everything erased since erased again. Exit code 0 when it is whole, 2 for a bad
/// argument, 1 when it could not be restored; then nothing is left.
/// </summary>
internal static class RestoreCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var from = new Argument<string>("IN") { Description = "The backup's folder." };
        var erasures = new Option<string[]>("--erasures") { Description = "The journal of erasures kept outside the lost store, of each node one; else that in NEW/erasures.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var without = new Option<bool>("--without-erasures") { Description = "Restores although no journal is left: what was erased since the backup comes back." };
        var expired = new Option<bool>("--expired") { Description = "Restores a backup past its end." };
        var command = new Command("restore", "Puts a backup into an empty folder or database.") { from, erasures, without, expired };
        var place = new OfficePlace().AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(from), place.Of(parsed), parsed.GetValue(erasures) ?? [], parsed.GetValue(without), parsed.GetValue(expired), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string from, (string Folder, string? Connection) place, string[] journals, bool without, bool expired, CancellationToken cancel)
    {
        if (!Directory.Exists(from)) throw new UsageException($"{from}: there is no such folder");
        try
        {
            var beside = ErasureJournal.PathIn(place.Folder);
            if (journals.Length == 0 && File.Exists(beside)) journals = [beside];
            var manifest = BackupManifest.Read(from);
            if (journals.Length == 0 && !without)
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"No journal of erasures was given: whatever was erased since {manifest.Taken:yyyy-MM-dd HH:mm} UTC would come back. Give it with --erasures FILE, or say --without-erasures."));
            if (journals.FirstOrDefault(journal => !File.Exists(journal)) is { } lost) throw new UsageException($"{lost}: there is no such file");
            var restored = await CommandProgress.ShowAsync(progress => new RestoreOffice(CommandServices.Clock).HandleAsync(from, place.Folder, place.Connection, journals, expired, progress, cancel));
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"restored {manifest.Store.Tables.Count} tables, {manifest.Store.Tables.Sum(table => table.Rows)} rows as of {manifest.Taken:yyyy-MM-dd HH:mm:ss} UTC; counts and hashes are equal; {restored.Erased} later erasures made again"));
            if (journals.Length == 0) await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"warning: no journal of erasures was given; what was erased since {manifest.Taken:yyyy-MM-dd HH:mm} UTC is there again."));
            if (!File.Exists(OfficeKeys.PathIn(place.Folder))) await Console.Error.WriteLineAsync($"Put the office's key file to {OfficeKeys.PathIn(place.Folder)} before you open it.");
            return 0;
        }
        catch (Exception error) when (error is StoreException or DbException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("The restoring was stopped; nothing of it is left.");
            return 1;
        }
    }
}
