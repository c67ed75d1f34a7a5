using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk.Backups;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Cli.Office;

/// <summary>
/// <c>opinion backup OUT --data DIR|--store CONNECTION [--prune]</c>: a backup of a live office in a new folder. Exit code 0 when it is
/// whole on disk, 2 for a bad argument, 1 when it could not be taken; then nothing is left.
/// </summary>
internal static class BackupCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var to = new Argument<string>("OUT") { Description = "The folder to make; it must not be there yet." };
        var prune = new Option<bool>("--prune") { Description = "Afterwards deletes this office's backups beside OUT that are past their end." };
        var command = new Command("backup", "Takes a backup of an office while it works. Keys are in no backup.") { to, prune };
        var place = new OfficePlace().AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(to), parsed.GetValue(prune), place.Of(parsed), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string to, bool prune, (string Folder, string? Connection) place, CancellationToken cancel)
    {
        if (OfficePlace.Missing(place) is { } missing) throw new UsageException(missing);
        if (Path.Exists(to)) throw new UsageException($"{to}: it is there already; a backup is never written over another");
        try
        {
            await using var services = await OfficePlace.OpenAsync(place, cancel);
            var backUp = services.GetRequiredService<BackUpOffice>();
            var manifest = await CommandProgress.ShowAsync(progress => backUp.HandleAsync(to, progress, cancel));
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"backup {Path.GetFullPath(to)}: engine {manifest.Engine}, schema {manifest.Store.Schema}, {manifest.Store.Tables.Count} tables, {manifest.Store.Tables.Sum(table => table.Rows)} rows, {manifest.Files.Count} files, {manifest.Files.Sum(file => file.Bytes)} bytes, keep until {manifest.Expires:yyyy-MM-dd}"));
            await Console.Error.WriteLineAsync($"warning: the keys are in no backup. Copy {OfficeKeys.PathIn(place.Folder)} to a safe place: without it no contact and no original text of this backup can be opened.");
            await Console.Error.WriteLineAsync($"warning: keep {Desk.Retention.ErasureJournal.PathIn(place.Folder)} up to date beside that copy: restoring needs it to erase again what is erased from now on.");
            if (manifest.LeftOut.Count > 0) await Console.Error.WriteLineAsync("left out of the backup: " + string.Join(", ", manifest.LeftOut));
            foreach (var path in backUp.Expired(to, manifest))
            {
                if (prune) Directory.Delete(path, recursive: true);
                await Console.Error.WriteLineAsync(prune ? $"deleted, past its end: {path}" : $"past its end and to be deleted (--prune does it): {path}");
            }

            return 0;
        }
        catch (Exception error) when (error is StoreException or DbException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("The backup was stopped; nothing of it is left.");
            return 1;
        }
    }
}
