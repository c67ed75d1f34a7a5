using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Opinion.Running;

/// <summary><c>opinion serve</c> as its users start it: a process of its own on a free port. It ends with the test, whatever happens.</summary>
public sealed partial class ServedDesk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly Process _process;
    private readonly bool _ownFolder;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _pumps = [];

    private ServedDesk(Process process, string dataFolder, bool ownFolder) => (_process, DataFolder, _ownFolder) = (process, dataFolder, ownFolder);

    /// <summary>The data folder: the store where it is on SQLite, and the keys.</summary>
    public string DataFolder { get; }

    /// <summary>The printed address, such as <c>http://127.0.0.1:41234</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The port of the printed address.</summary>
    public int Port => new Uri(Address).Port;

    /// <summary>The process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it runs no more.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The printed accounts: login and password. A new office has two administrators, a sample town its staff.</summary>
    public ConcurrentDictionary<string, string> Accounts { get; } = new(StringComparer.Ordinal);

    /// <summary>All lines it has written until now, to both streams.</summary>
    public string Said => string.Join('\n', _said);

    /// <summary>Starts the desk and waits until it says that it is open.</summary>
    /// <param name="dataFolder">Its folder; null makes one that goes with it.</param>
    /// <param name="arguments">Further arguments, such as <c>--store</c> and <c>--samples</c>; the port is free unless one is named.</param>
    public static async Task<ServedDesk> StartAsync(string? dataFolder = null, params string[] arguments)
    {
        var desk = Begin(dataFolder, arguments);
        try
        {
            await desk.OpenAsync();
            return desk;
        }
        catch
        {
            await desk.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the desk and does not wait: for a start that is to be killed, or raced. See <see cref="OpenAsync"/>.</summary>
    public static ServedDesk Begin(string? dataFolder = null, params string[] arguments)
    {
        var folder = dataFolder ?? Directory.CreateTempSubdirectory("opinion-served-").FullName;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "opinion.dll"), "serve", "--data", folder }) start.ArgumentList.Add(argument);
        if (!arguments.Contains("--port")) arguments = ["--port", "0", .. arguments];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("opinion serve did not start.");
        var desk = new ServedDesk(process, folder, dataFolder is null);
        desk._pumps.Add(desk.PumpAsync(process.StandardOutput));
        desk._pumps.Add(desk.PumpAsync(process.StandardError));
        return desk;
    }

    /// <summary>Waits until the desk says that it is open.</summary>
    /// <exception cref="InvalidOperationException">It ended before; the message holds what it said.</exception>
    public async Task OpenAsync()
    {
        var ended = Task.WhenAll(_pumps);
        if (await Task.WhenAny(_open.Task, ended).WaitAsync(Patience) == ended && !_open.Task.IsCompleted)
            throw new InvalidOperationException($"opinion serve ended before it was open:\n{Said}");
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it as an operator does (SIGTERM) and waits.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Stops it where it stands (SIGSTOP), as a machine does that hangs.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on (SIGCONT).</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await Task.WhenAll(_pumps);
        _process.Dispose();
        if (_ownFolder) Directory.Delete(DataFolder, recursive: true);
    }

    private async Task SignalAsync(string name)
    {
        // The shell's own kill: a bare Debian has no other.
        using var shell = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {_process.Id}")]);
        await shell.WaitForExitAsync();
        if (shell.ExitCode != 0) throw new InvalidOperationException($"SIG{name} did not reach opinion serve:\n{Said}");
    }

    private async Task PumpAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            _said.Enqueue(line);
            if (AddressLine().Match(line) is { Success: true } address) Address = address.Groups[1].Value;
            if (AccountLine().Match(line) is { Success: true } account) Accounts[account.Groups[1].Value] = account.Groups[2].Value;
            if (line.StartsWith("Stop with", StringComparison.Ordinal)) _open.TrySetResult();
        }
    }

    [GeneratedRegex(@"open at (http://127\.0\.0\.1:\d+) ")]
    private static partial Regex AddressLine();

    [GeneratedRegex(@"^  (\S+)\s+(\S+)(?:  \(.*)?$")]
    private static partial Regex AccountLine();
}
