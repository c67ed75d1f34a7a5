using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Opinion.Nodes.Running;

/// <summary>One PostgreSQL server of a pair, primary or standby, set up by the scripts that docker-compose.yml mounts.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const string Password = "a-pass'word \"with\\ signs";
    private const string ReplicationPassword = "another'pass \\word";
    private readonly string _folder;
    private readonly string _shared;
    private Process? _process;

    private Database(string shared, string name) => (_shared, _folder) = (shared, Path.Combine(shared, name));

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; } = Deployment.FreePort();

    /// <summary>The file that holds the office's password, as a secret does.</summary>
    public static string PasswordFile(string shared) => Path.Combine(shared, "postgres-password");

    /// <summary>Makes the folder and the secrets of a pair.</summary>
    public static async Task<string> MakeSharedAsync()
    {
        var shared = Directory.CreateTempSubdirectory("opinion-nodes-").FullName;
        await System.IO.File.WriteAllTextAsync(PasswordFile(shared), Password + "\n");
        await System.IO.File.WriteAllTextAsync(Path.Combine(shared, "replication-password"), ReplicationPassword);
        if (Environment.UserName == "root")
        {
            using var own = Process.Start("chown", ["-R", "postgres", shared]);
            await own.WaitForExitAsync();
        }

        return shared;
    }

    /// <summary>Makes a primary and starts it with the settings of docker-compose.yml.</summary>
    /// <param name="shared">The folder of the pair.</param>
    /// <param name="settings">The arguments that docker-compose.yml gives it.</param>
    public static async Task<Database> StartPrimaryAsync(string shared, IReadOnlyList<string> settings)
    {
        var server = new Database(shared, "primary");
        await Deployment.RunAsync(NoEnvironment, "initdb", "-D", server._folder, "-U", "opinion", "-A", "scram-sha-256", "--pwfile", PasswordFile(shared), "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        // As the image does: the database and the scripts of a new primary come before it serves with its settings.
        server.Begin(NoEnvironment, "postgres", ["-D", server._folder, .. server.Listening]);
        await server.AnswersAsync("postgres");
        await server.ExecuteAsync("CREATE DATABASE opinion TEMPLATE template0", "postgres");
        await Deployment.RunAsync(new Dictionary<string, string>
        {
            ["PGDATA"] = server._folder,
            ["PGHOST"] = "127.0.0.1",
            ["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["PGPASSWORD"] = Password,
            ["POSTGRES_USER"] = "opinion",
            ["POSTGRES_DB"] = "opinion",
            ["REPLICATION_PASSWORD_FILE"] = Path.Combine(shared, "replication-password"),
        }, "bash", Deployment.File("postgres-primary.sh"));
        await server.StopAsync("fast");
        server.Begin(NoEnvironment, "postgres", ["-D", server._folder, .. server.Listening, .. settings]);
        await server.AnswersAsync();
        return server;
    }

    /// <summary>Makes a standby of a primary and starts it.</summary>
    public static async Task<Database> StartStandbyAsync(string shared, string name, Database primary)
    {
        var server = new Database(shared, name);
        Directory.CreateDirectory(server._folder);
        if (Environment.UserName == "root")
        {
            using var own = Process.Start("chown", ["postgres", server._folder]);
            await own.WaitForExitAsync();
        }

        server.Begin(new Dictionary<string, string>
        {
            ["PGDATA"] = server._folder,
            ["PRIMARY"] = "127.0.0.1",
            ["PRIMARY_PORT"] = primary.Port.ToString(CultureInfo.InvariantCulture),
            ["REPLICATION_PASSWORD_FILE"] = Path.Combine(shared, "replication-password"),
            ["REPLICATION_PASSFILE"] = Path.Combine(shared, name + "-passfile"),
        }, "bash", [Deployment.File("postgres-standby.sh"), .. server.Listening]);
        try
        {
            await server.AnswersAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it; <c>immediate</c> is as if its machine had gone.</summary>
    public async Task StopAsync(string mode)
    {
        await Deployment.RunAsync(NoEnvironment, "pg_ctl", "-D", _folder, "-m", mode, "-w", "stop");
        await _process!.WaitForExitAsync();
    }

    /// <summary>Makes a standby the primary.</summary>
    public Task PromoteAsync() => Deployment.RunAsync(NoEnvironment, "pg_ctl", "-D", _folder, "-w", "promote");

    /// <summary>Runs a statement and gives its first value.</summary>
    public async Task<object?> ExecuteAsync(string sql, string database = "opinion")
    {
        await using var connection = new NpgsqlConnection(To(database));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements of the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The hashes of all receipts that stand in it.</summary>
    public async Task<HashSet<string>> ReceiptsAsync()
    {
        await using var connection = new NpgsqlConnection(To("opinion"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT receipt_hash FROM letter_keys", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync()) hashes.Add(Convert.ToHexString(rows.GetFieldValue<byte[]>(0)));
        return hashes;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } && System.IO.File.Exists(Path.Combine(_folder, "postmaster.pid"))) await StopAsync("immediate");
        else if (_process is { HasExited: false }) _process.Kill(entireProcessTree: true);
        _process?.Dispose();
        _process = null;
    }

    private static IReadOnlyDictionary<string, string> NoEnvironment { get; } = new Dictionary<string, string>();

    private string[] Listening => ["-c", "listen_addresses=127.0.0.1", "-c", $"port={Port.ToString(CultureInfo.InvariantCulture)}", "-c", $"unix_socket_directories={_shared}", "-c", "shared_buffers=64MB"];

    private void Begin(IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        _process?.Dispose();
        _process = Deployment.Start(environment, program, arguments);
    }

    private string To(string database) => new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Database = database, Username = "opinion", Password = Password, Pooling = false, Timeout = 5 }.ToString();

    private async Task AnswersAsync(string database = "opinion")
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await ExecuteAsync("SELECT 1", database);
                return;
            }
            catch (NpgsqlException) when (tries < 600 && !_process!.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }
}
