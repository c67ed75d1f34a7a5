using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Opinion.Desk.Tests.Fixture;

namespace Opinion.Load.Ratio;

/// <summary>What PostgreSQL itself does with one row a transaction, measured by its own pgbench.</summary>
internal sealed class RawInserts(string connection, int bytes)
{
    /// <summary>Makes the table.</summary>
    public async Task MakeAsync()
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("CREATE TABLE raw_letters (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, letter BYTEA NOT NULL)");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Durable single-row inserts a second.</summary>
    /// <param name="clients">Connections.</param>
    /// <param name="seconds">For how long.</param>
    public async Task<double> MeasureAsync(int clients, int seconds)
    {
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, $"INSERT INTO raw_letters (letter) VALUES ('\\x{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes))}');\n");
            var settings = new NpgsqlConnectionStringBuilder(connection);
            var start = new ProcessStartInfo(Path.Combine(PostgresCluster.Programs, "pgbench")) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in new[]
            {
                "-n", "-f", script, "-c", Text(clients), "-j", "2", "-T", Text(seconds), "-h", settings.Host!, "-p", Text(settings.Port), "-U", settings.Username!, settings.Database!,
            }) start.ArgumentList.Add(argument);
            using var pgbench = Process.Start(start)!;
            var errors = pgbench.StandardError.ReadToEndAsync();
            var answer = await pgbench.StandardOutput.ReadToEndAsync();
            await pgbench.WaitForExitAsync();
            var tps = answer.Split('\n').FirstOrDefault(line => line.StartsWith("tps = ", StringComparison.Ordinal))?.Split(' ')[2]
                ?? throw new InvalidOperationException($"pgbench ended with {pgbench.ExitCode}: {await errors}");
            return double.Parse(tps, CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
