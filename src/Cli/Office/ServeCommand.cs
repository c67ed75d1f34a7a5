using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.SampleTown;
using Opinion.Desk.Storage;

namespace Opinion.Cli.Office;

/// <summary><c>opinion serve</c>: the web host on a loopback port.</summary>
internal static class ServeCommand
{
    internal static Command Create(CommandStreams streams)
    {
        var port = new Option<int>("--port") { Description = "The port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 5080 };
        var samples = new Option<string?>("--samples") { Description = "A folder with a sample town, put into an empty data folder; not with --store." };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number is < 0 or > 65535) result.AddError("--port takes a number from 0 to 65535");
        });
        var command = new Command("serve", "Run the desk.") { port, samples };
        var place = new OfficePlace().AddTo(command);
        command.SetAction((result, cancel) => RunAsync(streams, place.Of(result), result.GetValue(port), result.GetValue(samples), cancel));
        return command;
    }

    private static async Task<int> RunAsync(CommandStreams streams, (string Folder, string? Connection) place, int port, string? samples, CancellationToken cancel)
    {
        var data = place.Folder;
        if (samples is not null && place.Connection is not null) throw new UsageException("--samples fills a data folder, not a database; leave out --store");
        var watch = Stopwatch.StartNew();
        await using var output = streams.Writer();
        if (samples is not null && !File.Exists(Path.Combine(data, "desk.db"))) output.WriteLine("Setting up the sample town, half a year of letters: a few seconds…");
        output.Flush();
        WebApplication app;
        try
        {
            app = await DashboardHost.BuildAsync(new DashboardOptions { DataFolder = data, Connection = place.Connection, Port = port, SampleFolder = samples }, CommandServices.Clock, cancel);
        }
        catch (StoreException error)
        {
            throw new UsageException(error.Message);
        }

        await using (app)
        {
            IReadOnlyList<(string Login, string Password)> first;
            try
            {
                await app.StartAsync(cancel);
                first = samples is null ? await app.Services.GetRequiredService<FirstAdministrators>().MakeAsync(cancel) : [];
            }
            catch (IOException error) when (error.InnerException is AddressInUseException)
            {
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"Port {port} of 127.0.0.1 is taken. Choose another with --port."));
            }

            Print(output, app.Urls.First(), data, app.Services.GetRequiredService<DeskStore>().Location, samples, watch.Elapsed);
            if (first.Count > 0)
            {
                output.WriteLine("This office has no accounts yet. Its two administrators, told this once; they add everybody else:");
                foreach (var (login, password) in first) output.WriteLine($"  {login}  {password}");
            }

            output.WriteLine("Stop with Ctrl+C.");
            output.Flush();

            await app.WaitForShutdownAsync(cancel);
        }

        return 0;
    }

    private static void Print(StreamWriter output, string address, string data, string store, string? samples, TimeSpan took)
    {
        output.WriteLine($"Opinion is open at {address} (ready after {took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s)");
        output.WriteLine($"Data: {Path.GetFullPath(data)}");
        output.WriteLine($"Store: {store}");
        output.WriteLine($"Keys: {Desk.Sealing.OfficeKeys.PathIn(data)} — copy this file to a safe place; without it no contact data can be opened.");
        if (samples is not null)
        {
            output.WriteLine($"Sample accounts, to sign in at {address}/staff:");
            foreach (var account in TownFiles.Open(samples).Accounts())
                output.WriteLine($"  {account.Login,-12} {account.Password}  ({account.Role}{(account.Department is null ? "" : ", " + account.Department)}{(account.OnDuty ? ", on duty" : "")})");
        }
    }
}
