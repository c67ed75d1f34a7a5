using System.Globalization;
using Opinion.Desk.Storage;

namespace Opinion.Load.Nodes;

/// <summary>
/// CPU a PostgreSQL has used, its backends that have ended among it. On a shared machine it says what a letter costs where
/// letters a second say mostly how busy the others were.
/// </summary>
internal static class ServerTime
{
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds of the server behind a store since it started.</summary>
    public static async Task<double> SecondsAsync(DeskStore store)
    {
        await using var session = await store.ReadAsync(CancellationToken.None);
        var data = await session.TextAsync("SELECT setting FROM pg_settings WHERE name = 'data_directory'", CancellationToken.None);
        var postmaster = File.ReadLines(Path.Combine(data!, "postmaster.pid")).First().Trim();
        var ticks = Ticks(postmaster, ended: true);
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            var number = Path.GetFileName(process);
            if (char.IsAsciiDigit(number[0]) && Fields(number) is { } fields && fields[1] == postmaster) ticks += Ticks(number, ended: false);
        }

        return ticks / TicksPerSecond;
    }

    private static long Ticks(string process, bool ended)
    {
        // See proc(5): user and system time of the process and, with them, of its children that have ended.
        if (Fields(process) is not { } fields) return 0;
        return fields[11..(ended ? 15 : 13)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
    }

    // The fields after the name, which may hold spaces: state, parent and on. Null where the process has ended.
    private static string[]? Fields(string process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
