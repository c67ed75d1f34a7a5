using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Analysis.Dictionaries;
using Opinion.Desk.Storage;
using Opinion.Ingest.Open311;

namespace Opinion.Cli.Office;

/// <summary>
/// <c>opinion open311 fetch|send --server URL --data DIR|--store CONNECTION</c>: the exchange with another Open311 server of the
/// same office, which must have opted in. Exit code 0 when all was fetched or sent; 1 when it failed or stopped before the
/// end, and then running it again goes on; 2 when an argument is wrong.
/// </summary>
internal static class Open311Command
{
    private const string KeyVariable = "OPINION_OPEN311_KEY_FILE";

    /// <summary>Makes the command.</summary>
    public static Command Create() => new("open311", "Exchanges letters with another Open311 server of the same office.") { Fetch(), Send() };

    private static Command Fetch()
    {
        var (server, jurisdiction) = (Server(), Jurisdiction());
        var since = new Option<string?>("--since") { Description = "Where the first run begins, such as 2026-09-01T00:00:00Z; 90 days ago unless given.", HelpName = "TIME" };
        var status = new Option<string?>("--status") { Description = "Only open or only closed requests." };
        status.AcceptOnlyFromAmong("open", "closed");
        var command = new Command("fetch", "Takes in the requests that server lists, from where the last run came to; a repeat adds none.") { server, jurisdiction, since, status };
        var place = new OfficePlace().AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            DateTimeOffset? from = null;
            if (parsed.GetValue(since) is { } text) from = GeoReport.Moment(text) ?? throw new UsageException("--since: not a time such as 2026-09-01T00:00:00Z");
            var order = new FetchOrder(EndpointOf(parsed.GetRequiredValue(server)), parsed.GetValue(jurisdiction), from, parsed.GetValue(status));
            return RunAsync(place.Of(parsed), async services =>
            {
                var counts = await services.GetRequiredService<FetchRequests>().HandleAsync(order, cancel);
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"read {counts.Came}, added {counts.New}, repeated {counts.Repeated}, set aside {counts.SetAside}"));
                return 0;
            }, cancel);
        });
        return command;
    }

    private static Command Send()
    {
        var (server, jurisdiction) = (Server(), Jurisdiction());
        var services = new Option<string[]>("--service") { Description = "A subject of this office, and after = the service there that takes it; may be given several times.", Required = true, HelpName = "SUBJECT[=SERVICE]" };
        var keyFile = new Option<string?>("--key-file") { Description = $"A file with the key that server gave this office; else {KeyVariable} names it.", HelpName = "FILE" };
        var address = new Option<string>("--address-id") { Description = "That server's address_id for a letter about no place.", DefaultValueFactory = _ => RequestForm.OfficeAddress };
        var command = new Command("send", "Sends the redacted text of open matters of a subject, each once; no contact data.") { server, jurisdiction, services, keyFile, address };
        var place = new OfficePlace().AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var order = new SendOrder(EndpointOf(parsed.GetRequiredValue(server)), KeyOf(parsed.GetValue(keyFile)), [.. parsed.GetRequiredValue(services).Select(ServiceOf)], parsed.GetValue(jurisdiction), parsed.GetRequiredValue(address));
            return RunAsync(place.Of(parsed), async provider =>
            {
                var result = await provider.GetRequiredService<SendRequests>().HandleAsync(order, cancel);
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sent {result.Sent}, refused {result.Refused}"));
                if (result.Stopped is null) return 0;
                await Console.Error.WriteLineAsync("opinion: " + result.Stopped);
                return 1;
            }, cancel);
        });
        return command;
    }

    private static Option<string> Server() => new("--server") { Description = "The endpoint, such as https://311.example.gov.cn/open311/v2.", Required = true, HelpName = "URL" };

    private static Option<string?> Jurisdiction() => new("--jurisdiction") { Description = "The jurisdiction_id, where that server has several.", HelpName = "ID" };

    private static Uri EndpointOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && (endpoint.Scheme == Uri.UriSchemeHttps || endpoint.Scheme == Uri.UriSchemeHttp)
        ? endpoint : throw new UsageException("--server: not an address such as https://311.example.gov.cn/open311/v2");

    private static (string Subject, string Service) ServiceOf(string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        if (parts.Any(part => part.Length == 0)) throw new UsageException("--service: not SUBJECT or SUBJECT=SERVICE");
        return (parts[0], parts[^1]);
    }

    // Not an argument: those stand in the list of processes.
    private static string KeyOf(string? file)
    {
        file ??= Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrEmpty(file)) throw new UsageException($"--key-file or {KeyVariable} is needed: a file with the key that server gave this office");
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } key ? key : throw new UsageException($"{file}: is empty");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: cannot be read: {error.Message}");
        }
    }

    private static async Task<int> RunAsync((string Folder, string? Connection) place, Func<IServiceProvider, Task<int>> work, CancellationToken cancel)
    {
        if (OfficePlace.Missing(place) is { } missing)
        {
            await Console.Error.WriteLineAsync("opinion: " + missing);
            return 2;
        }

        try
        {
            await using var services = await OfficePlace.OpenAsync(place, cancel);
            return await work(services);
        }
        catch (Exception error) when (error is PeerException or StoreException or DictionaryException or DbException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("opinion: " + error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("It was stopped. What was done stays; run it again to go on.");
            return 1;
        }
    }
}
