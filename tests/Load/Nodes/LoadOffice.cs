using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Opinion.Dashboard.Accounts;
using Opinion.Dashboard.Hosting;
using Opinion.Desk.Accounts;
using Opinion.Desk.Letters;
using Opinion.Desk.Storage;
using Opinion.Desk.Tests.Fixture;
using Opinion.Ingest.Tests.Offices;

namespace Opinion.Load.Nodes;

/// <summary>
/// An office on a PostgreSQL that makes every commit durable, with its officers, and the nodes that serve it: processes of
/// the program as an operator starts them, sharing one folder of keys.
/// </summary>
internal sealed class LoadOffice : IAsyncDisposable
{
    /// <summary>The password of every officer.</summary>
    public const string Password = "长夜-路灯-correct-horse-17";

    /// <summary>Officers who work while letters come in, each of the department of the same name.</summary>
    public static readonly string[] Officers = ["urban", "housing", "water", "intake"];

    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly string _connection;
    private readonly List<Process> _nodes = [];

    private LoadOffice(WebApplication app, string folder, string connection) => (_app, _folder, _connection) = (app, folder, connection);

    /// <summary>The store, opened in this process too, to look at what the nodes stored.</summary>
    public DeskStore Store => _app.Services.GetRequiredService<DeskStore>();

    /// <summary>Receives letters in this process.</summary>
    public ReceiveLetter Receive => _app.Services.GetRequiredService<ReceiveLetter>();

    /// <summary>Finds letters by their receipts.</summary>
    public FollowLetter Follow => _app.Services.GetRequiredService<FollowLetter>();

    /// <summary>Makes the office.</summary>
    public static async Task<LoadOffice> OpenAsync()
    {
        var connection = await (await PostgresCluster.Durable).CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("opinion-load-").FullName;
        // The host in this process is composed and never started: it is there for its accounts and its store.
        var app = await DashboardHost.BuildAsync(new DashboardOptions { DataFolder = folder, Connection = connection, Port = 0 }, new StoppedClock(TempOffice.Now), CancellationToken.None);
        var office = new LoadOffice(app, folder, connection);
        await office.EmployAsync();
        return office;
    }

    /// <summary>Starts a node and waits until it is open.</summary>
    public async Task<Uri> StartNodeAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "opinion.dll"), "serve", "--data", _folder, "--store", _connection, "--port", "0" }) start.ArgumentList.Add(argument);
        var node = Process.Start(start)!;
        _nodes.Add(node);
        node.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null) Errors.Enqueue(line.Data);
        };
        node.BeginErrorReadLine();
        const string opening = "Opinion is open at ";
        while (await node.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(opening, StringComparison.Ordinal)) continue;
            _ = node.StandardOutput.ReadToEndAsync();
            return new Uri(line[opening.Length..].Split(' ')[0]);
        }

        throw new InvalidOperationException("A node did not start: " + string.Join('\n', Errors));
    }

    /// <summary>What the nodes wrote to standard error: nothing, as long as all goes well.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>CPU seconds the nodes have used.</summary>
    public double NodeSeconds => _nodes.Sum(node => node.TotalProcessorTime.TotalSeconds);

    /// <summary>Counts rows.</summary>
    public async Task<long> CountAsync([System.Diagnostics.CodeAnalysis.ConstantExpected] string sql)
    {
        await using var session = await Store.ReadAsync(CancellationToken.None);
#pragma warning disable CA1857 // The constant is the caller's.
        return await session.CountAsync(sql, CancellationToken.None);
#pragma warning restore CA1857
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            if (!node.HasExited) node.Kill();
            await node.WaitForExitAsync();
            node.Dispose();
        }

        Store.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task EmployAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<DeskAccount>>();
        var grants = new List<(string, Role, string?, bool)>();
        foreach (var login in (string[])["admin-1", "admin-2", .. Officers])
        {
            var account = new DeskAccount { UserName = login, NameZh = login, NameEn = login };
            var made = await users.CreateAsync(account, Password);
            if (!made.Succeeded) throw new InvalidOperationException(string.Join(' ', made.Errors.Select(error => error.Description)));
            grants.Add(login.StartsWith("admin", StringComparison.Ordinal) ? (account.Id, Role.Administrator, null, false) : (account.Id, Role.Officer, login, login == "urban"));
        }

        await scope.ServiceProvider.GetRequiredService<StaffDirectory>().GrantAtSetUpAsync(grants, CancellationToken.None);
    }
}

/// <summary>Writes figures the same everywhere.</summary>
internal static class Figures
{
    /// <summary>A line of text whose numbers are written with a point.</summary>
    public static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>How busy the machine is, from the system.</summary>
    public static string Machine => $"{Environment.ProcessorCount} cores, load {(File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown")}";
}
