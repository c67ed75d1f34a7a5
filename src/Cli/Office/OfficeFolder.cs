using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Opinion.Desk;
using Opinion.Desk.Offices;
using Opinion.Ingest.Hotline;

namespace Opinion.Cli.Office;

/// <summary>The composition of commands that work on an office's data folder.</summary>
internal static class OfficeFolder
{
    /// <summary>The option every such command has.</summary>
    public static Option<string> Option() => new("--data") { Description = "The office's data folder.", Required = true, HelpName = "DIR" };

    /// <summary>Opens a data folder and composes the desk on it. An empty folder becomes an office without samples.</summary>
    /// <exception cref="Desk.Storage.StoreException">The folder cannot be used; the message says why.</exception>
    public static async Task<ServiceProvider> OpenAsync(string folder, CancellationToken cancel)
    {
        var clock = CommandServices.Clock;
        var desk = await OpenedDesk.OpenAsync(folder, OfficeFoundation.Plain, clock, cancel);
        return new ServiceCollection().AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning))
            .AddDesk(desk, clock).AddHotline().BuildServiceProvider();
    }
}
