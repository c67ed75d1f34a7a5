using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Opinion.Browser.Running;

/// <summary><c>opinion serve</c> as its users start it: a process of its own on a free port. It ends with the test, whatever happens.</summary>
public sealed partial class ServedTown : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("opinion-served-").FullName;
    private readonly Process _process;

    private ServedTown(Process process) => _process = process;

    /// <summary>The printed address.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The printed accounts: login and password.</summary>
    public Dictionary<string, string> Accounts { get; } = new(StringComparer.Ordinal);

    public static async Task<ServedTown> StartAsync()
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Repository.Root },
        };
        var town = new ServedTown(process);
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "opinion.dll"), "serve", "--data", town._data, "--port", "0", "--samples", Repository.SampleTown }) process.StartInfo.ArgumentList.Add(argument);
        process.Start();
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
            await town.ReadGreetingAsync(patience.Token);
            return town;
        }
        catch
        {
            await town.DisposeAsync();
            throw;
        }
    }

    private async Task ReadGreetingAsync(CancellationToken cancel)
    {
        var said = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            said.Add(line);
            if (AddressLine().Match(line) is { Success: true } address) Address = address.Groups[1].Value;
            if (AccountLine().Match(line) is { Success: true } account) Accounts[account.Groups[1].Value] = account.Groups[2].Value;
            if (line.StartsWith("Stop with", StringComparison.Ordinal)) return;
        }

        throw new InvalidOperationException($"opinion serve ended before it was open:\n{string.Join('\n', said)}\n{await _process.StandardError.ReadToEndAsync(cancel)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [GeneratedRegex(@"open at (http://127\.0\.0\.1:\d+) ")]
    private static partial Regex AddressLine();

    [GeneratedRegex(@"^  (\S+)\s+(\S+)  \(")]
    private static partial Regex AccountLine();
}
