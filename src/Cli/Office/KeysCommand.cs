using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Desk.Sealing;
using Opinion.Desk.Storage;

namespace Opinion.Cli.Office;

/// <summary>
/// <c>opinion keys rotate --data DIR|--store CONNECTION [--rewrap]</c>: adds a sealing key that seals from now on; with <c>--rewrap</c> seals every
/// letter's own key by it. <c>opinion keys rewrap</c> does, or goes on with, the second alone.
/// </summary>
internal static class KeysCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var rewrap = new Option<bool>("--rewrap") { Description = "Also seals the keys of letters that are there by the new one." };
        var rotate = new Command("rotate", "Adds a sealing key; old letters stay readable by the old ones.") { rewrap };
        var place = new OfficePlace().AddTo(rotate);
        rotate.SetAction((parsed, cancel) => RunAsync(place.Of(parsed), rotate: true, parsed.GetValue(rewrap), cancel));
        var again = new Command("rewrap", "Seals the keys of all letters by the newest key; goes on where it was stopped.");
        var placeAgain = new OfficePlace().AddTo(again);
        again.SetAction((parsed, cancel) => RunAsync(placeAgain.Of(parsed), rotate: false, rewrap: true, cancel));
        return new Command("keys", "The office's keys.") { rotate, again };
    }

    private static async Task<int> RunAsync((string Folder, string? Connection) place, bool rotate, bool rewrap, CancellationToken cancel)
    {
        if (OfficePlace.Missing(place) is { } missing) throw new UsageException(missing);
        try
        {
            await using var services = await OfficePlace.OpenAsync(place, cancel);
            if (rotate)
            {
                Console.Out.WriteLine($"sealing key {OfficeKeys.Rotate(place.Folder)} is in use from now on");
                await Console.Error.WriteLineAsync($"warning: copy {OfficeKeys.PathIn(place.Folder)} to your safe place and to every other node now: your older copy does not open letters that come from now on.");
            }

            if (!rewrap) return 0;
            var count = await CommandProgress.ShowAsync(progress => services.GetRequiredService<RewrapSeals>().HandleAsync(progress, cancel));
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} sealed texts and contacts have their keys sealed anew"));
            return 0;
        }
        catch (Exception error) when (error is StoreException or DbException or SealBrokenException)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. What was done stays; opinion keys rewrap goes on.");
            return 1;
        }
    }
}
