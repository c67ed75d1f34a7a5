using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Opinion.Ingest.Outgoing;
using Opinion.Ingest.Tests.Offices;

namespace Opinion.Ingest.Tests.OwnSite;

/// <summary>One request that came, with what matters of it.</summary>
internal sealed record Asked(string Path, string? IfNoneMatch, string? Agent, TimeSpan At);

/// <summary>A real HTTP server on this machine, under the names board.test and other.test, with pages a test wrote.</summary>
internal sealed class LocalSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly System.Diagnostics.Stopwatch _watch = System.Diagnostics.Stopwatch.StartNew();

    private LocalSite(WebApplication app) => _app = app;

    /// <summary>What is served under which path and query.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Pages { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<Asked> Log { get; } = new();

    public int Port => new Uri(_app.Urls.First()).Port;

    public Uri Address => new($"http://board.test:{Port}/");

    /// <summary>Lets exactly this server be called; every other host fails the test.</summary>
    public OutgoingRule Rule => new([new IPEndPoint(IPAddress.Loopback, Port)], (host, _) => host is "board.test" or "other.test"
        ? Task.FromResult(new[] { IPAddress.Loopback }) : throw new InvalidOperationException("A call to " + host + " that no test has arranged."));

    public static async Task<LocalSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var site = new LocalSite(app);
        app.Run(async http =>
        {
            var path = http.Request.Path + http.Request.QueryString.ToString();
            site.Log.Enqueue(new Asked(path, http.Request.Headers.IfNoneMatch, http.Request.Headers.UserAgent, site._watch.Elapsed));
            if (site.Pages.TryGetValue(path, out var serve)) await serve(http);
            else http.Response.StatusCode = 404;
        });
        await app.StartAsync();
        return site;
    }

    public IReadOnlyList<string> Paths => [.. Log.Select(asked => asked.Path)];

    /// <summary>Serves a text in UTF-8 with an entity tag made of it; asked with that tag, answers 304.</summary>
    public void Put(string path, string text, string type = "text/html; charset=utf-8") => Put(path, Encoding.UTF8.GetBytes(text), type);

    public void Put(string path, byte[] content, string? type) => Pages[path] = async http =>
    {
        var tag = "\"" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content))[..16] + "\"";
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = 304;
            return;
        }

        if (type is not null) http.Response.ContentType = type;
        await http.Response.Body.WriteAsync(content);
    };

    public void PutStatus(string path, int status) => Pages[path] = http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public void PutRedirect(string path, string to, int status = 302) => Pages[path] = http =>
    {
        http.Response.StatusCode = status;
        http.Response.Headers.Location = to;
        return Task.CompletedTask;
    };

    /// <summary>Begins an answer and never ends it: a few bytes at a time, or many.</summary>
    public void PutEndless(string path, int bytes, int pauseMs) => Pages[path] = async http =>
    {
        http.Response.ContentType = "text/html";
        var piece = Encoding.ASCII.GetBytes(new string('x', bytes));
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.Body.WriteAsync(piece, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            if (pauseMs > 0) await Task.Delay(pauseMs, http.RequestAborted);
        }
    };

    public async Task OptInAsync(TempOffice office, string until = "2026-12-31") =>
        Put(OptIn.Path, $"{{\"installation\": \"{(await office.Get<Opinion.Desk.Offices.OfficeDirectory>().GetAsync(default)).Settings.InstallationId}\", \"until\": \"{until}\"}}", "application/json");

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
