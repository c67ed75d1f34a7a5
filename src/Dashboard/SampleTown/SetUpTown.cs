using Opinion.Dashboard.Hosting;
using Opinion.Desk;
using Opinion.Desk.Storage;

namespace Opinion.Dashboard.SampleTown;

/// <summary>
/// Puts the sample town into a data folder that holds no office yet. The town is set up in a folder of its own inside the
/// data folder and moved into place when it is whole, the database last: an interruption leaves no half of a town.
/// </summary>
public static class SetUpTown
{
    private const string Database = "desk.db";

    /// <summary>Sets the town up; a folder that holds an office already is left as it is.</summary>
    /// <exception cref="StoreException">A file of the town cannot be used; nothing was put into the data folder.</exception>
    public static async Task HandleAsync(DashboardOptions options, TownFiles town, TimeProvider clock, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(options.DataFolder);
        if (File.Exists(Path.Combine(folder, Database))) return;
        var site = Path.Combine(folder, ".setting-up");
        if (Directory.Exists(site)) Directory.Delete(site, recursive: true);
        Directory.CreateDirectory(site);
        var keys = Path.Combine(folder, "keys");
        // Keys that lie there already are the office's; they are used and never replaced.
        if (Directory.Exists(keys)) Copy(keys, Path.Combine(site, "keys"));
        var desk = await OpenedDesk.OpenAsync(site, null, town.Foundation, clock, cancel);
        try
        {
            await using var app = DashboardHost.Build(options with { DataFolder = site, Port = 0 }, desk, clock);
            await app.Services.GetRequiredService<LoadTown>().HandleAsync(town, cancel);
            await desk.Store.ForgetErasedAsync(cancel);
        }
        finally
        {
            desk.Store.Dispose();
        }

        foreach (var part in Directory.EnumerateDirectories(site))
        {
            var place = Path.Combine(folder, Path.GetFileName(part));
            if (!Directory.Exists(place)) Directory.Move(part, place);
        }

        File.Move(Path.Combine(site, Database), Path.Combine(folder, Database));
        Directory.Delete(site, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
