using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Opinion.Desk.Tests.Fixture;

/// <summary>
/// A private PostgreSQL of this test run, on a free loopback port, stopped and removed when the process ends. There is no
/// way to leave it out: where it cannot start, every test on it fails.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresCluster>> One = new(() => Task.Run(() => StartOwnAsync()));
    private static readonly Lazy<Task<PostgresCluster>> OneDurable = new(() => Task.Run(() => StartOwnAsync("-c fsync=on")));
    private static readonly bool Root = Environment.UserName == "root";
    private static int _databases;

    private readonly string _folder;
    private readonly string _programs;
    private readonly string _options;

    private PostgresCluster(string folder, string programs, int port, string settings)
    {
        (_folder, _programs, Port) = (folder, programs, port);
        _options = $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c max_connections=200 -c shared_buffers=64MB {settings}";
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DisposeAsync().AsTask().Wait();
    }

    /// <summary>The one that all tests of a run share; nobody may stop it.</summary>
    public static Task<PostgresCluster> Running => One.Value;

    /// <summary>Another one, which makes every commit durable on the disk as an office's own does: for measuring.</summary>
    public static Task<PostgresCluster> Durable => OneDurable.Value;

    /// <summary>Where the server's programs lie, pgbench among them.</summary>
    public static string Programs => Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).Last();

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The server's own files, for tests of what is left in them.</summary>
    public string DataFolder => Data;

    /// <summary>Makes an empty database and gives its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"town_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        // Not template1: many tests make databases at once, and a template may be copied by many only if nobody is in it.
        command.CommandText = $"CREATE DATABASE {name} TEMPLATE template0";
        await command.ExecuteNonQueryAsync();
        return ConnectionTo(name);
    }

    /// <summary>Starts one that its test may stop, restart and break; dispose it.</summary>
    /// <param name="settings">Further settings as <c>-c name=value</c>. Without any, nothing is flushed to the disk: no test cuts
    /// the power, which is all that fsync guards against, and a killed server keeps what it committed without it.</param>
    public static async Task<PostgresCluster> StartOwnAsync(string settings = "-c fsync=off")
    {
        string programs = Programs;
        string folder = Directory.CreateTempSubdirectory("opinion-postgres-").FullName;
        // PostgreSQL refuses to run as root.
        if (Root) await RunAsync("chown", "postgres", folder);
        var cluster = new PostgresCluster(folder, programs, FreePort(), settings);
        await RunAsServerAsync(Path.Combine(programs, "initdb"), "-D", cluster.Data, "-U", "opinion", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, on the same port with the same data.</summary>
    public Task StartAsync() => ControlAsync("-w", "-l", Path.Combine(_folder, "log"), "-o", _options, "start");

    /// <summary>Stops it; <c>immediate</c> is as if the machine had lost its power, as far as its clients see.</summary>
    public Task StopAsync(string mode = "immediate") => ControlAsync("-m", mode, "-w", "stop");

    /// <summary>Restarts it with one command of <c>pg_ctl</c>.</summary>
    public Task RestartAsync(string mode = "immediate") => ControlAsync("-m", mode, "-w", "-l", Path.Combine(_folder, "log"), "-o", _options, "restart");

    /// <summary>Runs a statement as the superuser and gives its first value.</summary>
    public async Task<object?> ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionTo(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements of the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The connection string of a database of this server.</summary>
    public string ConnectionTo(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username=opinion;Maximum Pool Size=20;Timeout=60";

    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_folder)) return;
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private Task ControlAsync(params string[] arguments) => RunAsServerAsync(Path.Combine(_programs, "pg_ctl"), ["-D", Data, .. arguments]);

    private static Task RunAsServerAsync(string program, params string[] arguments) =>
        Root ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]) : RunAsync(program, arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardError = true, RedirectStandardOutput = program != "setpriv" };
        using var process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
