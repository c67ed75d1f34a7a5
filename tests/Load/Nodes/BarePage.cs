using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Opinion.Load.Nodes;

/// <summary>The peer of a load measurement: a server in the generator's own process whose one page does nothing. What it takes, machine and generator take.</summary>
internal sealed class BarePage : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BarePage(WebApplication app) => _app = app;

    /// <summary>Where it answers.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Opens it on a free port of the loopback address.</summary>
    public static async Task<BarePage> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/", () => Results.Text("ok"));
        await app.StartAsync();
        return new BarePage(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
