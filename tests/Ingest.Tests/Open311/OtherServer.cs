using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Opinion.Desk.Offices;
using Opinion.Ingest.Outgoing;

namespace Opinion.Ingest.Tests.Open311;

/// <summary>Another Open311 server on this machine, which answers with recorded traffic; what no test arranged is counted as a call that must not be.</summary>
internal sealed class OtherServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtherServer(WebApplication app) => _app = app;

    /// <summary>What is answered to a method and path, query left out.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Every call with its query or body.</summary>
    public ConcurrentQueue<(string Call, string Said, string? RepeatKey)> Calls { get; } = new();

    /// <summary>Calls that no test arranged.</summary>
    public ConcurrentQueue<string> Unknown { get; } = new();

    public int Port => new Uri(_app.Urls.First()).Port;

    public Uri Endpoint => new($"http://127.0.0.1:{Port}/v2");

    public OutgoingRule Rule => new([new IPEndPoint(IPAddress.Loopback, Port)], (host, _) => throw new InvalidOperationException("A call to " + host + " that no test has arranged."));

    public static async Task<OtherServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new OtherServer(app);
        app.Run(async http =>
        {
            var call = http.Request.Method + " " + http.Request.Path;
            using var body = new StreamReader(http.Request.Body, Encoding.UTF8);
            server.Calls.Enqueue((call, HttpMethods.IsGet(http.Request.Method) ? Uri.UnescapeDataString(http.Request.QueryString.ToString()) : Uri.UnescapeDataString(await body.ReadToEndAsync()), http.Request.Headers["Idempotency-Key"]));
            if (server.Answers.TryGetValue(call, out var answer))
            {
                await answer(http);
                return;
            }

            server.Unknown.Enqueue(call);
            http.Response.StatusCode = 404;
        });
        await app.StartAsync();
        return server;
    }

    public void Put(string call, byte[] content, string type = "text/xml; charset=utf-8", int status = 200) => Answers[call] = async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        await http.Response.Body.WriteAsync(content);
    };

    /// <summary>Names an office in the opt-in file.</summary>
    public async Task OptInAsync(Open311Office office, string until = "2026-12-31", string? installation = null) => Put("GET " + OptIn.Path,
        Encoding.UTF8.GetBytes($"{{\"installation\": \"{installation ?? (await office.Get<OfficeDirectory>().GetAsync(default)).Settings.InstallationId}\", \"until\": \"{until}\"}}"), "application/json");

    public IReadOnlyList<(string Call, string Said, string? RepeatKey)> Of(string call) => [.. Calls.Where(one => one.Call == call)];

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
