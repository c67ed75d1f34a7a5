using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Opinion.Desk.Storage.Moving;

namespace Opinion.Desk.Storage;

/// <summary>A store that cannot be used, with the reason in words for the operator.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Brings a store to the schema of this program. Migrations are numbered SQL files, forward only. All that are missing
/// are applied in one transaction together with their rows in <c>schema_versions</c>, so an interruption at any moment
/// leaves the old schema or the new one. A second node that starts meanwhile waits for the write lock and then finds
/// nothing left to do.
/// </summary>
public sealed class Migrator(DeskStore store, TimeProvider clock)
{
    private const string Folder = "Opinion.Desk.Storage.Migrations.";

    /// <summary>The number of the newest migration this program knows; it is the same on all engines.</summary>
    public static int Newest => Scripts("sqlite")[^1].Version;

    /// <summary>Applies what is missing.</summary>
    /// <returns>The number of migrations applied.</returns>
    /// <exception cref="StoreException">The store is newer than the program, an applied migration was edited since, or a move into it is not finished.</exception>
    public Task<int> MigrateAsync(CancellationToken cancel) => MigrateAsync(moving: false, cancel);

    /// <summary>Applies what is missing to a database that an office is being moved into.</summary>
    internal Task<int> MigrateMovedAsync(CancellationToken cancel) => MigrateAsync(moving: true, cancel);

    private async Task<int> MigrateAsync(bool moving, CancellationToken cancel)
    {
        await using var session = await store.WriteAsync(cancel);
        if (!moving) await MoveTarget.RefuseUnfinishedAsync(session, store.Location, cancel);
        var applied = await ApplyAsync(session, Newest, cancel);
        await session.CommitAsync(cancel);
        return applied;
    }

    /// <summary>Applies what is missing up to a schema, in the transaction of a session.</summary>
    /// <exception cref="StoreException">The store is newer than the program, or an applied migration was edited since.</exception>
    internal async Task<int> ApplyAsync(StoreSession session, int upTo, CancellationToken cancel)
    {
        session.Unhurried = true;
        await session.ExecuteAsync(
            "CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)", cancel);
        var applied = await session.QueryAsync("SELECT version, sha256 FROM schema_versions ORDER BY version",
            row => (Version: row.GetInt32(0), Sha256: row.GetString(1)), cancel);
        var scripts = Scripts(store.Engine);
        if (applied.Count > 0 && applied[^1].Version > Newest)
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"The store {store.Location} has schema {applied[^1].Version}, this program knows {Newest}. Use the newer program."));
        foreach (var (version, sha256) in applied)
        {
            if (scripts.Single(script => script.Version == version).Sha256 != sha256)
                throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"Migration {version} of {store.Location} was applied with another text than this program carries."));
        }

        var missing = scripts.Where(script => script.Version <= upTo && applied.All(done => done.Version != script.Version)).ToList();
        foreach (var script in missing)
        {
            await session.ExecuteScriptAsync(script.Text, cancel);
            await session.ExecuteAsync("INSERT INTO schema_versions (version, name, sha256, applied_at) VALUES (@version, @name, @sha256, @at)", cancel,
                ("version", script.Version), ("name", script.Name), ("sha256", script.Sha256), ("at", clock.GetUtcNow().ToUnixTimeMilliseconds()));
        }

        return missing.Count;
    }

    private static List<Script> Scripts(string engine)
    {
        var prefix = Folder + (engine == "postgres" ? "Postgres." : "Sqlite.");
        var assembly = typeof(Migrator).Assembly;
        var scripts = new List<Script>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var text = reader.ReadToEnd();
            var name = resource[prefix.Length..^".sql".Length];
            scripts.Add(new Script(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))));
        }

        return scripts;
    }

    private sealed record Script(int Version, string Name, string Text, string Sha256);
}
