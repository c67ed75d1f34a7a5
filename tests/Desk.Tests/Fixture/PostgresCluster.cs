using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Opinion.Desk.Tests.Fixture;

/// <summary>
/// A private PostgreSQL of this test run, on a free loopback port, stopped and removed when the process ends. There is no
/// way to leave it out: where it cannot start, every test on it fails.
/// </summary>
public sealed class PostgresCluster
{
    private static readonly Lazy<Task<PostgresCluster>> One = new(() => Task.Run(() => StartAsync(durable: false)));
    private static readonly Lazy<Task<PostgresCluster>> OneDurable = new(() => Task.Run(() => StartAsync(durable: true)));
    private static int _databases;

    private readonly string _folder;
    private readonly int _port;

    private PostgresCluster(string folder, int port) => (_folder, _port) = (folder, port);

    public static Task<PostgresCluster> Running => One.Value;

    /// <summary>Another one, which makes every commit durable on the disk as an office's own does: for measuring.</summary>
    public static Task<PostgresCluster> Durable => OneDurable.Value;

    /// <summary>Where the server's programs lie, pgbench among them.</summary>
    public static string Programs => Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).Last();

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

    private static async Task<PostgresCluster> StartAsync(bool durable)
    {
        string programs = Programs;
        string folder = Directory.CreateTempSubdirectory("opinion-postgres-").FullName;
        // PostgreSQL refuses to run as root.
        bool root = Environment.UserName == "root";
        if (root) await RunAsync("chown", "postgres", folder);
        int port = FreePort();
        string data = Path.Combine(folder, "data");
        await RunAsAsync(root, Path.Combine(programs, "initdb"), "-D", data, "-U", "opinion", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        var cluster = new PostgresCluster(data, port);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            RunAsAsync(root, Path.Combine(programs, "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop").Wait();
            Directory.Delete(folder, recursive: true);
        };
        // No test cuts the power, which is all that fsync guards against; a killed server keeps what it committed without it.
        await RunAsAsync(root, Path.Combine(programs, "pg_ctl"), "-D", data, "-w", "-l", Path.Combine(folder, "log"), "-o",
            $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c max_connections=200 -c shared_buffers=64MB -c fsync={(durable ? "on" : "off")}", "start");
        return cluster;
    }

    private static Task RunAsAsync(bool root, string program, params string[] arguments) =>
        root ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]) : RunAsync(program, arguments);

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

    private string ConnectionTo(string database) => $"Host=127.0.0.1;Port={_port};Database={database};Username=opinion;Maximum Pool Size=20;Timeout=60";
}
