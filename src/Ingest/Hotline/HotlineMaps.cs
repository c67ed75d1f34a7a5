using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Opinion.Desk;

namespace Opinion.Ingest.Hotline;

/// <summary>A watched folder: the inbox itself, or a folder in it for sheets of another shape.</summary>
/// <param name="Name">The folder's name; empty for the inbox itself.</param>
/// <param name="Folder">Its full path.</param>
public sealed record WatchedFolder(string Name, string Folder)
{
    /// <summary>The map of the sheets that are laid there.</summary>
    public string MapFile => Path.Combine(Folder, HotlineMaps.MapFile);
}

/// <summary>
/// The column maps of the watched folders: <c>DIR/inbox/hotline/map.json</c> and <c>DIR/inbox/hotline/NAME/map.json</c>. Sheets
/// of one shape are laid beside their map. What a map holds are names of columns, never a row.
/// </summary>
public sealed class HotlineMaps(OpenedDesk desk)
{
    /// <summary>The map's name in its folder.</summary>
    public const string MapFile = "map.json";

    /// <summary>The folder below for sheets that were taken in.</summary>
    internal const string Done = "done";

    /// <summary>The folder below for sheets that could not be.</summary>
    internal const string Aside = "set-aside";

    private const int NameLimit = 40;

    // As a person would write it: one member a line, Chinese as Chinese, nothing that is not said.
    private static readonly JsonTypeInfo<ColumnMap> Written = (JsonTypeInfo<ColumnMap>)new JsonSerializerOptions(ColumnMapJson.Default.Options)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    }.GetTypeInfo(typeof(ColumnMap));

    /// <summary>The inbox.</summary>
    public string Inbox { get; } = InboxIn(desk.DataFolder);

    /// <summary>Where the inbox stands in a data folder.</summary>
    public static string InboxIn(string dataFolder) => Path.Combine(dataFolder, "inbox", "hotline");

    /// <summary>The folders that have a map, the inbox itself first.</summary>
    public IReadOnlyList<WatchedFolder> Folders()
    {
        if (!Directory.Exists(Inbox)) return [];
        // A link could lead out of the inbox.
        var below = new DirectoryInfo(Inbox).EnumerateDirectories().Where(folder => folder.LinkTarget is null && IsName(folder.Name)).OrderBy(folder => folder.Name, StringComparer.Ordinal);
        return [.. below.Select(folder => new WatchedFolder(folder.Name, folder.FullName)).Prepend(new WatchedFolder("", Inbox)).Where(folder => File.Exists(folder.MapFile))];
    }

    /// <summary>Whether a folder may be called so: letters and digits of any script, hyphen and underscore. It becomes a path.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= NameLimit && name is not (Done or Aside) && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Saves a map, in place of the one that is there; whoever reads it meanwhile sees one of the two whole.</summary>
    /// <param name="name">The folder's name; empty for the inbox itself.</param>
    /// <param name="map">A map without a problem.</param>
    /// <param name="cancel">Cancels it; the old map stays then.</param>
    /// <returns>The folder in which sheets of this shape are to be laid.</returns>
    /// <exception cref="ArgumentException">The name or the map cannot be used.</exception>
    public async Task<WatchedFolder> SaveAsync(string name, ColumnMap map, CancellationToken cancel)
    {
        if (name.Length > 0 && !IsName(name)) throw new ArgumentException("This is no name of a folder.", nameof(name));
        if (map.Problem() is { } problem) throw new ArgumentException(problem, nameof(map));
        var folder = new WatchedFolder(name, name.Length == 0 ? Inbox : Path.Combine(Inbox, name));
        Directory.CreateDirectory(folder.Folder);
        var temporary = folder.MapFile + "." + Guid.NewGuid().ToString("N");
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                await JsonSerializer.SerializeAsync(file, map, Written, cancel);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, folder.MapFile, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return folder;
    }
}
