using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Dashboard.SampleTown;
using Opinion.Desk.Storage;
using IPNetwork = System.Net.IPNetwork;

namespace Opinion.Cli.Office;

/// <summary><c>opinion serve</c>: the web host, on loopback unless <c>--listen</c> names another address.</summary>
internal static class ServeCommand
{
    internal static Command Create(CommandStreams streams)
    {
        var port = new Option<int>("--port") { Description = "The port; 0 takes a free one.", DefaultValueFactory = _ => 5080 };
        var samples = new Option<string?>("--samples") { Description = "A folder with a sample town, put into an empty data folder; not with --store." };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number is < 0 or > 65535) result.AddError("--port takes a number from 0 to 65535");
        });
        var listen = new Option<string>("--listen") { Description = "The address to listen on, where a proxy on another machine must reach the desk.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
        var proxy = new Option<string[]>("--proxy") { Description = "A proxy whose X-Forwarded-For and X-Forwarded-Proto are believed: an address, or a network such as 10.0.0.0/24.", HelpName = "ADDRESS" };
        var maildir = new Option<string?>("--maildir") { Description = "The Maildir that the office's mail server delivers into; its mails become letters.", HelpName = "DIR" };
        var lmtp = new Option<int?>("--lmtp-port") { Description = "The port on this machine's loopback on which the office's mail server hands mail over by LMTP.", HelpName = "PORT" };
        lmtp.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number is < 0 or > 65535) result.AddError("--lmtp-port takes a number from 0 to 65535");
        });
        var command = new Command("serve", "Run the desk.") { port, samples, listen, proxy, maildir, lmtp };
        var place = new OfficePlace().AddTo(command);
        command.SetAction((result, cancel) =>
        {
            var (data, connection) = place.Of(result);
            if (!IPAddress.TryParse(result.GetValue(listen), out var address)) throw new UsageException("--listen takes an address, such as 127.0.0.1 or 0.0.0.0");
            return RunAsync(streams, new DashboardOptions
            {
                DataFolder = data,
                Connection = connection,
                Port = result.GetValue(port),
                SampleFolder = result.GetValue(samples),
                Listen = address,
                Maildir = MaildirOf(result.GetValue(maildir)),
                LmtpPort = result.GetValue(lmtp),
                Proxies = [.. (result.GetValue(proxy) ?? []).Select(ProxyOf)],
            }, cancel);
        });
        return command;
    }

    private static string? MaildirOf(string? folder) => folder is null ? null : Directory.Exists(Path.Combine(folder, "new")) ? Path.GetFullPath(folder)
        : throw new UsageException($"--maildir takes a Maildir; {folder} has no folder \"new\"");

    private static IPNetwork ProxyOf(string text) => IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)
        : IPNetwork.TryParse(text, out var network) ? network
        : throw new UsageException($"--proxy takes an address or a network such as 10.0.0.0/24, not {text}");

    private static async Task<int> RunAsync(CommandStreams streams, DashboardOptions options, CancellationToken cancel)
    {
        var (data, samples) = (options.DataFolder, options.SampleFolder);
        if (samples is not null && options.Connection is not null) throw new UsageException("--samples fills a data folder, not a database; leave out --store");
        var watch = Stopwatch.StartNew();
        await using var output = streams.Writer();
        if (samples is not null && !File.Exists(Path.Combine(data, "desk.db"))) output.WriteLine("Setting up the sample town, half a year of letters: a few seconds…");
        output.Flush();
        WebApplication app;
        try
        {
            app = await DashboardHost.BuildAsync(options, CommandServices.Clock, cancel);
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
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"Port {options.Port} of {options.Listen} is taken. Choose another with --port."));
            }

            catch (System.Net.Sockets.SocketException) when (options.LmtpPort is { } taken)
            {
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"Port {taken} of 127.0.0.1 is taken. Choose another with --lmtp-port."));
            }

            Print(output, app.Urls.First(), data, app.Services.GetRequiredService<DeskStore>().Location, samples, watch.Elapsed);
            if (app.Services.GetRequiredService<Ingest.Mailbox.Lmtp.LmtpListener>().Port is { } lmtp) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Mailbox: LMTP at 127.0.0.1:{lmtp}, once its door is open"));
            if (options.Maildir is { } maildir) output.WriteLine($"Mailbox: Maildir {maildir}, once its door is open");
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
