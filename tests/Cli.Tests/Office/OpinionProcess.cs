using System.Diagnostics;
using System.Text;

namespace Opinion.Cli.Tests.Office;

/// <summary>What a run of the built command gave.</summary>
internal sealed record Ran(int ExitCode, string Out, string Error);

/// <summary>Runs the built <c>opinion</c> as a child process.</summary>
internal static class OpinionProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<Ran> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new Ran(process.ExitCode, await output, await error);
    }

    /// <summary>Runs it and kills it (SIGKILL) when its moment has come, unless it ends before.</summary>
    /// <returns>Whether it was killed.</returns>
    public static async Task<bool> RunAndKillAsync(Func<bool> now, params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        while (!process.HasExited && !now()) await Task.Delay(1, limit.Token);
        var killed = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(limit.Token);
        await Task.WhenAll(output, error);
        return killed;
    }

    private static Process Start(string[] arguments) => Process.Start(StartInfo(arguments)) ?? throw new InvalidOperationException("The command did not start.");

    public static ProcessStartInfo StartInfo(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "opinion.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}
